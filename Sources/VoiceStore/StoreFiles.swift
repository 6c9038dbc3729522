import Files
import Foundation

/// The names of a voice's files, and how large they may be.
enum StoreFiles {
    static let card = "voice.json"
    static let profile = "profile.safetensors"
    static let lexicon = "lexicon.txt"
    /// The largest voice.json, in bytes.
    static let cardLimit = 1 << 20
    /// The largest profile, in bytes: a mix of adapted voices has the changes of all of them.
    static let profileLimit = 8 << 20

    /// Whether a name is taken in a store: anything at all lies there.
    static func isTaken(_ path: String) -> Bool { FileStatus(path, followsLinks: false) != nil }

    /// Does something to the files of a store, and says of a failure what to do about it.
    static func change<Result: ~Copyable>(_ body: () throws(FileError) -> Result) throws(VoiceStoreError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }
}
