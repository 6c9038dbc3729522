import Foundation

/// A voice may bring words that it says its own way: lexicon.txt in its folder (docs/lexicons.md). The store keeps the
/// text and leaves its meaning to the text frontend.
extension VoiceStore {
    /// The largest lexicon of a voice, in bytes.
    public static let maximumLexicon = 1 << 20

    /// The text of a voice's lexicon; nil if it has none.
    public func lexicon(_ name: VoiceName) throws(VoiceStoreError) -> String? {
        let data = try VoiceFolder.read(locate(name).folder, voice: name.text) { folder throws(VoiceStoreError) in
            try folder.lexicon()
        }
        return try data.map { data throws(VoiceStoreError) in try Self.text(ofLexicon: data, name) }
    }

    static func text(ofLexicon data: Data, _ name: VoiceName) throws(VoiceStoreError) -> String {
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .damaged(name.text, reason: "\(StoreFiles.lexicon) is not UTF-8")
        }
        return text
    }

    /// Sets or replaces the lexicon of one of the user's voices; nil removes it.
    public func setLexicon(_ text: String?, of name: VoiceName) throws {
        if try locate(name).origin == .bundled { throw VoiceStoreError.bundled(name.text) }
        let data = text.map { Data($0.utf8) }
        if let data, data.count > Self.maximumLexicon {
            throw VoiceStoreError.lexiconTooLong(name.text, bytes: data.count)
        }
        try change { folder in
            var files = try files(of: name)
            files.lexicon = data
            try install(name, files, replacing: true, in: folder)
        }
    }
}
