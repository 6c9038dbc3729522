import Files
import Foundation

/// A voice's folder, opened to be read. Neither it nor anything in it may be a link, and small files stay small.
///
/// All files are read through the open folder, so card, profile and lexicon belong together whatever happens to the
/// name meanwhile.
struct VoiceFolder: ~Copyable {
    private let folder: OpenFile
    private let voice: String

    /// Opens a voice's folder and reads from it.
    ///
    /// - Parameter voice: the name for errors.
    static func read<Result>(
        _ path: String, voice: String, _ body: (borrowing VoiceFolder) throws(VoiceStoreError) -> Result
    ) throws(VoiceStoreError) -> Result {
        while true {
            let folder = try VoiceFolder(path, voice: voice)
            // A voice that was replaced meanwhile may have gone file by file; the new one is read instead.
            do throws(VoiceStoreError) {
                let result = try body(folder)
                if folder.isInPlace { return result }
            } catch {
                if folder.isInPlace { throw error }
            }
        }
    }

    private init(_ path: String, voice: String) throws(VoiceStoreError) {
        do throws(FileError) {
            folder = try OpenFile(folder: path, followsLinks: false)
        } catch {
            throw .damaged(voice, reason: "\(path): \(error.reason)")
        }
        self.voice = voice
    }

    /// Whether the folder still has its name.
    private var isInPlace: Bool {
        guard let opened = try? folder.status(), let found = FileStatus(folder.path, followsLinks: false) else {
            return false
        }
        return found.isSameFile(as: opened)
    }

    func card() throws(VoiceStoreError) -> Data { try contents(StoreFiles.card, limit: StoreFiles.cardLimit) }

    func profile() throws(VoiceStoreError) -> Data { try contents(StoreFiles.profile, limit: StoreFiles.profileLimit) }

    /// nil where there is none.
    func lexicon() throws(VoiceStoreError) -> Data? {
        guard folder.holds(StoreFiles.lexicon) else { return nil }
        return try contents(StoreFiles.lexicon, limit: VoiceStore.maximumLexicon)
    }

    func all() throws(VoiceStoreError) -> VoiceFiles {
        VoiceFiles(
            card: try card(), profile: try profile(), lexicon: try lexicon(),
            profilePath: folder.path + "/" + StoreFiles.profile)
    }

    private func contents(_ name: String, limit: Int) throws(VoiceStoreError) -> Data {
        do throws(FileError) {
            return Data(try OpenFile(reading: name, in: folder).plainContents(limit: limit).bytes)
        } catch {
            throw .damaged(voice, reason: "\(name): \(error.reason)")
        }
    }
}

/// The bytes of a voice's files.
struct VoiceFiles {
    var card: Data
    var profile: Data
    var lexicon: Data?
    /// Where the profile was read, for errors.
    var profilePath = StoreFiles.profile

    /// Writes them into an empty folder, each flushed to the disk.
    func write(into folder: String) throws(VoiceStoreError) {
        try write(card, to: "\(folder)/\(StoreFiles.card)")
        try write(profile, to: "\(folder)/\(StoreFiles.profile)")
        if let lexicon { try write(lexicon, to: "\(folder)/\(StoreFiles.lexicon)") }
    }

    private func write(_ data: Data, to path: String) throws(VoiceStoreError) {
        try StoreFiles.change { () throws(FileError) in
            let file = try OpenFile(creating: path, mode: 0o644)
            try file.write([UInt8](data))
            try file.sync()
        }
    }
}
