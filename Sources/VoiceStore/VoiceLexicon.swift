import Foundation

/// A voice may bring words that it says its own way: lexicon.txt in its folder (docs/lexicons.md). The store keeps the text
/// and leaves its meaning to the text frontend.
extension VoiceStore {
    /// The largest lexicon of a voice, in bytes.
    public static let maximumLexicon = 1 << 20

    /// The text of a voice's lexicon; nil if it has none.
    public func lexicon(_ name: VoiceName) throws(VoiceStoreError) -> String? {
        let (folder, _) = try locate(name)
        guard let data = try StoreFiles.lexicon(in: folder, voice: name.text) else { return nil }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .damaged(name.text, reason: "\(StoreFiles.lexicon) is not UTF-8")
        }
        return text
    }

    /// Gives one of the user's voices a lexicon in place of the one it may have; nil takes it away.
    public func setLexicon(_ text: String?, of name: VoiceName) throws {
        if try locate(name).origin == .bundled { throw VoiceStoreError.bundled(name.text) }
        let data = text.map { Data($0.utf8) }
        if let data, data.count > Self.maximumLexicon {
            throw VoiceStoreError.lexiconTooLong(name.text, bytes: data.count)
        }
        try change { folder in
            let files = try [StoreFiles.card, StoreFiles.profile].map { file in
                let limit = max(StoreFiles.cardLimit, StoreFiles.profileLimit)
                return (file, try StoreFiles.read("\(folder)/\(name)/\(file)", limit: limit, voice: name.text))
            }
            try install(name, replacing: true, in: folder) { temporary in
                for (file, contents) in files { try StoreFiles.create(temporary + "/" + file, contents) }
                if let data { try StoreFiles.create(temporary + "/" + StoreFiles.lexicon, data) }
            }
        }
    }
}

extension StoreFiles {
    static let lexicon = "lexicon.txt"

    /// A voice's lexicon; nil where there is none.
    static func lexicon(in folder: String, voice: String) throws(VoiceStoreError) -> Data? {
        let path = folder + "/" + lexicon
        guard isTaken(path) else { return nil }
        return try read(path, limit: VoiceStore.maximumLexicon, voice: voice)
    }
}
