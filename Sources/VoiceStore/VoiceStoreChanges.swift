import Files
import Foundation
public import VoiceProfile

extension VoiceStore {
    /// Adds a voice to the user's store.
    ///
    /// - Parameter replacing: whether to replace a voice of the same name; otherwise that is an error.
    public func save(_ card: VoiceCard, _ profile: SpeakerProfile, replacing: Bool = false) throws {
        let name = try VoiceName(card.name)
        try change { folder in
            var files = VoiceFiles(card: try card.json(), profile: try profile.bytes())
            let own = "\(folder)/\(name)"
            if replacing, StoreFiles.isTaken(own) {
                // Words are the user's work; a new recording does not undo it.
                files.lexicon = try VoiceFolder.read(own, voice: name.text) { folder throws(VoiceStoreError) in
                    try folder.lexicon()
                }
            }
            try install(name, files, replacing: replacing, in: folder)
        }
    }

    /// Gives one of the user's voices another name.
    public func rename(_ old: VoiceName, to new: VoiceName) throws {
        try requireOwn(old)
        try change { folder in
            try requireOwn(old)
            var files = try files(of: old)
            var card = try VoiceCard(json: files.card, expecting: old)
            card.name = new.text
            files.card = try card.json()
            try install(new, files, replacing: false, in: folder)
            // A crash here leaves the voice under both names, never under none.
            try discard(old, in: folder)
        }
    }

    /// Removes one of the user's voices.
    public func remove(_ name: VoiceName) throws {
        try requireOwn(name)
        try change { folder in
            try requireOwn(name)
            try discard(name, in: folder)
        }
    }

    /// Adds a voice mixed from others.
    public func mix(_ expression: String, into name: VoiceName, description: String? = nil, replacing: Bool = false)
        throws
    {
        let voice = try self.voice(expression)
        let cards = try VoiceExpression(expression).parts.map { try self.card($0.name) }
        let consents = cards.compactMap { card in card.consent.map { "\(card.name): \($0)" } }
        let licences = Set(cards.compactMap(\.licence))
        let card = VoiceCard(
            name: name, description: description ?? "a mix of \(voice.name)", accent: voice.accent,
            sources: cards.map { .init(name: "voice \($0.name)") }, model: cards.lazy.compactMap(\.model).first,
            consent: consents.isEmpty ? nil : consents.joined(separator: "; "),
            licence: licences.isEmpty ? nil : licences.sorted().joined(separator: "; "))
        try save(card, voice.profile, replacing: replacing)
    }

    // MARK: The parts of a change

    private func requireOwn(_ name: VoiceName) throws(VoiceStoreError) {
        if try locate(name).origin == .bundled { throw .bundled(name.text) }
    }

    /// Runs a change under the store's lock, after clearing away what a crashed one left.
    func change(_ body: (_ folder: String) throws -> Void) throws {
        guard let user else { throw VoiceStoreError.noUserStore }
        let folder = path(user)
        // Readable by its owner only.
        try StoreFiles.change { () throws(FileError) in try Folder.make(folder, mode: 0o700) }
        let lock = try StoreFiles.change { () throws(FileError) in try FileLock(folder + "/.lock", waits: true) }
        let leftovers = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in leftovers where name.hasPrefix(".new-") || name.hasPrefix(".gone-") {
            Folder.remove(folder + "/" + name)
        }
        for name in leftovers where name.hasPrefix(".old-") {
            let original = folder + "/" + name.dropFirst(5)
            if !StoreFiles.isTaken(original) { try? Folder.move(folder + "/" + name, to: original) }
            Folder.remove(folder + "/" + name)
        }
        try body(folder)
        _ = consume lock
    }

    /// Fills a hidden folder and renames it into place.
    func install(_ name: VoiceName, _ files: VoiceFiles, replacing: Bool, in folder: String) throws {
        let target = "\(folder)/\(name)"
        let taken = StoreFiles.isTaken(target)
        if taken && !replacing { throw VoiceStoreError.exists(name.text) }
        let temporary = "\(folder)/.new-\(name)-\(getpid())"
        defer { Folder.remove(temporary) }
        try StoreFiles.change { () throws(FileError) in try Folder.make(temporary, mode: 0o700) }
        try files.write(into: temporary)
        Folder.sync(temporary)
        try StoreFiles.change { () throws(FileError) in
            try Folder.putInPlace(temporary, at: target, replacing: taken, aside: "\(folder)/.old-\(name)")
        }
        Folder.sync(folder)
    }

    /// Takes a voice out of sight with one rename, then deletes it.
    private func discard(_ name: VoiceName, in folder: String) throws(VoiceStoreError) {
        let hidden = "\(folder)/.gone-\(name)-\(getpid())"
        try StoreFiles.change { () throws(FileError) in try Folder.move("\(folder)/\(name)", to: hidden) }
        Folder.sync(folder)
        Folder.remove(hidden)
    }
}
