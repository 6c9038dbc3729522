import Foundation
public import VoiceProfile

extension VoiceStore {
    /// Adds a voice to the user's store.
    ///
    /// - Parameter replacing: whether a voice of the same name gives way; otherwise that is an error.
    public func save(_ card: VoiceCard, _ profile: SpeakerProfile, replacing: Bool = false) throws {
        let name = try VoiceName(card.name)
        try change { folder in
            // Words are the user's work; a new recording does not undo it.
            let lexicon = replacing ? try StoreFiles.lexicon(in: "\(folder)/\(name)", voice: name.text) : nil
            try install(name, replacing: replacing, in: folder) { temporary in
                try StoreFiles.create(temporary + "/" + StoreFiles.card, try card.json())
                try profile.write(to: URL(filePath: temporary + "/" + StoreFiles.profile))
                if let lexicon { try StoreFiles.create(temporary + "/" + StoreFiles.lexicon, lexicon) }
            }
        }
    }

    /// Gives one of the user's voices another name.
    public func rename(_ old: VoiceName, to new: VoiceName) throws {
        try requireOwn(old)
        try change { folder in
            try requireOwn(old)
            var card = try self.card(old)
            card.name = new.text
            let profile = try StoreFiles.read(
                "\(folder)/\(old)/\(StoreFiles.profile)", limit: StoreFiles.profileLimit, voice: old.text)
            let lexicon = try StoreFiles.lexicon(in: "\(folder)/\(old)", voice: old.text)
            try install(new, replacing: false, in: folder) { temporary in
                try StoreFiles.create(temporary + "/" + StoreFiles.card, try card.json())
                try StoreFiles.create(temporary + "/" + StoreFiles.profile, profile)
                if let lexicon { try StoreFiles.create(temporary + "/" + StoreFiles.lexicon, lexicon) }
            }
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
        try StoreFiles.makeFolder(folder)
        let lock = try StoreLock(folder: folder)
        let leftovers = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in leftovers where name.hasPrefix(".new-") || name.hasPrefix(".gone-") {
            StoreFiles.removeTree(folder + "/" + name)
        }
        for name in leftovers where name.hasPrefix(".old-") {
            let original = folder + "/" + name.dropFirst(5)
            if StoreFiles.isTaken(original) || Glibc.rename(folder + "/" + name, original) != 0 {
                StoreFiles.removeTree(folder + "/" + name)
            }
        }
        try body(folder)
        _ = consume lock
    }

    /// Fills a hidden folder and renames it into place.
    func install(
        _ name: VoiceName, replacing: Bool, in folder: String, fill: (_ temporary: String) throws -> Void
    ) throws {
        let target = "\(folder)/\(name)"
        let taken = StoreFiles.isTaken(target)
        if taken && !replacing { throw VoiceStoreError.exists(name.text) }
        let temporary = "\(folder)/.new-\(name)-\(getpid())"
        if mkdir(temporary, 0o700) != 0 { throw VoiceStoreError.system(temporary) }
        do {
            try fill(temporary)
            StoreFiles.syncFolder(temporary)
            try StoreFiles.putInPlace(
                temporary, target, replacing: taken, aside: "\(folder)/.old-\(name)")
        } catch {
            StoreFiles.removeTree(temporary)
            throw error
        }
        StoreFiles.removeTree(temporary)
        StoreFiles.syncFolder(folder)
    }

    /// Takes a voice out of sight with one rename, then deletes it.
    private func discard(_ name: VoiceName, in folder: String) throws(VoiceStoreError) {
        let hidden = "\(folder)/.gone-\(name)-\(getpid())"
        if Glibc.rename("\(folder)/\(name)", hidden) != 0 { throw .system("\(folder)/\(name)") }
        StoreFiles.syncFolder(folder)
        StoreFiles.removeTree(hidden)
    }
}
