import Files
public import Foundation
public import SpeechSignal
public import VoiceProfile

/// A voice read from a store, or mixed from several.
public struct Voice: Sendable, Equatable {
    /// The name, or the mix it came from.
    public var name: String
    /// The accent that its texts are read in.
    public var accent: Accent
    /// The speaker profile.
    public var profile: SpeakerProfile
    /// The text of the lexicon in its folder, if it has one; a mix has that of its heaviest part.
    public var lexicon: String?

    /// A voice that is in no store.
    public init(name: String, accent: Accent, profile: SpeakerProfile, lexicon: String? = nil) {
        self.name = name
        self.accent = accent
        self.profile = profile
        self.lexicon = lexicon
    }
}

/// Voices on disk: one folder per voice with `voice.json` and `profile.safetensors`.
///
/// ```swift
/// let store = VoiceStore(user: VoiceStore.userFolder(), bundled: [URL(filePath: "voices")])
/// let voice = try store.voice("ann:0.7+bob:0.3")
/// ```
/// A name is looked up among the user's voices first, then among the bundled ones. A voice that is not there or cannot
/// be used is an error, never replaced by another. The store may be used from several processes and tasks at once:
/// readers see a voice whole or not at all, writers take turns.
public struct VoiceStore: Sendable {
    /// The folder of the user's voices; nil if there is none.
    public let user: URL?
    /// The folders of bundled voices, read-only.
    public let bundled: [URL]
    /// Fingerprint of the profiles that the networks in use understand (`ProfileSpace`); a voice made for others is
    /// refused, one whose card does not say is accepted. Nil accepts all.
    public var model: String?

    /// - Parameters:
    ///   - user: the folder of the user's voices; it is created when the first is saved
    ///   - bundled: folders that are searched after it, in this order
    ///   - model: the only profiles that are accepted; nil accepts all
    public init(user: URL?, bundled: [URL], model: String? = nil) {
        self.user = user
        self.bundled = bundled
        self.model = model
    }

    /// `$XDG_DATA_HOME/starling/voices`, by default `~/.local/share/starling/voices`; nil without a home.
    public static func userFolder(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL? {
        BaseFolder.data.url(environment: environment)?.appending(path: "starling/voices")
    }

    // MARK: Reading

    /// The voice or mix with this name.
    public func voice(_ expression: String) throws -> Voice {
        let parsed = try VoiceExpression(expression)
        let parts = try parsed.parts.map { part in
            (try load(part.name), part.weight)
        }
        guard parts.count > 1 else { return parts[0].0 }
        try checkModels(parsed.parts.map(\.name))
        // A mix speaks with the accent of its heaviest part, the first of several equals.
        let heaviest = parts.dropFirst().reduce(parts[0]) { $1.1 > $0.1 ? $1 : $0 }
        return Voice(
            name: parsed.description, accent: heaviest.0.accent,
            profile: try SpeakerProfile.blend(parts.map { ($0.0.profile, $0.1) }), lexicon: heaviest.0.lexicon)
    }

    /// The metadata of a voice.
    public func card(_ name: VoiceName) throws(VoiceStoreError) -> VoiceCard {
        let data = try VoiceFolder.read(locate(name).folder, voice: name.text) { folder throws(VoiceStoreError) in
            try folder.card()
        }
        return try VoiceCard(json: data, expecting: name)
    }

    /// Where a voice comes from.
    public func origin(_ name: VoiceName) throws(VoiceStoreError) -> VoiceSummary.Origin { try locate(name).origin }

    /// Every voice, the user's first, each group by name; a bundled voice with the name of a user's is omitted.
    public func list() -> [VoiceSummary] {
        var seen: Set<VoiceName> = []
        var result: [VoiceSummary] = []
        for (folder, origin) in places {
            let found = VoiceListing(folder: folder, origin: origin).summaries().filter {
                seen.insert($0.name).inserted
            }
            result += found
        }
        return result
    }

    private var places: [(folder: String, origin: VoiceSummary.Origin)] {
        (user.map { [(path($0), .user)] } ?? []) + bundled.map { (path($0), .bundled) }
    }

    func path(_ url: URL) -> String {
        let text = url.path(percentEncoded: false)
        return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// The voice's folder.
    func locate(_ name: VoiceName) throws(VoiceStoreError) -> (folder: String, origin: VoiceSummary.Origin) {
        for (place, origin) in places {
            let folder = place + "/" + name.text
            guard let status = FileStatus(folder, followsLinks: false) else { continue }
            guard status.kind == .folder else { throw .damaged(name.text, reason: "\(folder) is not a folder") }
            return (folder, origin)
        }
        throw .unknownVoice(
            name.text, close: VoiceName.closest(to: name.text, among: places.flatMap { Self.names($0.folder) }))
    }

    /// Voices of different spaces cannot be mixed, whatever the networks in use are.
    private func checkModels(_ names: [VoiceName]) throws(VoiceStoreError) {
        var first: String?
        for name in names {
            guard let found = try card(name).model else { continue }
            if let expected = first, found != expected {
                throw .otherModel(name.text, found: found, expected: expected)
            }
            first = found
        }
    }

    private func load(_ name: VoiceName) throws -> Voice { try parse(files(of: name), of: name) }

    /// The bytes of a voice's files, all of one state of the voice.
    func files(of name: VoiceName) throws(VoiceStoreError) -> VoiceFiles {
        try VoiceFolder.read(locate(name).folder, voice: name.text) { folder throws(VoiceStoreError) in
            try folder.all()
        }
    }

    /// The voice that the bytes of its files are.
    func parse(_ files: VoiceFiles, of name: VoiceName) throws -> Voice {
        let card = try VoiceCard(json: files.card, expecting: name)
        if let expected = model, let found = card.model, found != expected {
            throw VoiceStoreError.otherModel(name.text, found: found, expected: expected)
        }
        let lexicon = try files.lexicon.map { data throws(VoiceStoreError) in try Self.text(ofLexicon: data, name) }
        let profile: SpeakerProfile
        do {
            profile = try SpeakerProfile(bytes: [UInt8](files.profile), readFrom: URL(filePath: files.profilePath))
        } catch {
            throw VoiceStoreError.damaged(name.text, reason: "\(StoreFiles.profile): \(error)")
        }
        return Voice(name: name.text, accent: card.accent, profile: profile, lexicon: lexicon)
    }

    /// Names of the folders in a store that can be voices.
    static func names(_ folder: String) -> [VoiceName] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [VoiceName] = []
        while let entry = readdir(stream) {
            // DT_UNKNOWN comes from file systems that do not report it; it is looked at later.
            guard entry.pointee.d_type == UInt8(DT_DIR) || entry.pointee.d_type == UInt8(DT_UNKNOWN) else { continue }
            let text = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if VoiceName.isValid(text.utf8) { names.append(VoiceName(checked: text)) }
        }
        return names
    }
}
