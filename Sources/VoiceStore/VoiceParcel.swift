public import Foundation
import VoiceProfile

/// A voice as one file to carry elsewhere: JSON with the card and the profile in Base64.
///
/// A parcel holds no paths, so importing one writes nothing but a voice of the name that is asked for.
private struct VoiceParcel: Codable {
    static let currentVersion = 1

    var starlingVoice: Int
    var card: Data
    var profile: Data
    var lexicon: Data?

    enum CodingKeys: String, CodingKey {
        case starlingVoice = "starling_voice"
        case card, profile, lexicon
    }
}

extension VoiceStore {
    /// The largest parcel that is imported, in bytes.
    public static let maximumParcel = 16 << 20

    /// A voice as the contents of one file.
    public func exportVoice(_ name: VoiceName) throws -> Data {
        // Reads it as a voice first: what is damaged is not passed on.
        let files = try files(of: name)
        _ = try parse(files, of: name)
        let card = try VoiceCard(json: files.card, expecting: name)
        let parcel = VoiceParcel(
            starlingVoice: VoiceParcel.currentVersion, card: try card.json(), profile: files.profile,
            lexicon: files.lexicon)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(parcel) + Data("\n".utf8)
    }

    /// Adds an exported voice to the user's store.
    ///
    /// - Parameters:
    ///   - path: the file's name for errors.
    ///   - name: its new name; nil keeps its own.
    /// - Returns: its name in the store.
    @discardableResult
    public func importVoice(_ data: Data, from path: String, as name: VoiceName? = nil, replacing: Bool = false) throws
        -> VoiceName
    {
        guard data.count <= Self.maximumParcel else {
            throw VoiceStoreError.badParcel(path, reason: "it has \(data.count) bytes")
        }
        let parcel: VoiceParcel
        do {
            parcel = try JSONDecoder().decode(VoiceParcel.self, from: data)
        } catch {
            throw VoiceStoreError.badParcel(path, reason: VoiceCard.reason(error))
        }
        guard parcel.starlingVoice <= VoiceParcel.currentVersion else {
            throw VoiceStoreError.newerSchema(path, found: parcel.starlingVoice, known: VoiceParcel.currentVersion)
        }
        struct Named: Decodable { var name: String }
        guard let own = try? JSONDecoder().decode(Named.self, from: parcel.card).name else {
            throw VoiceStoreError.badParcel(path, reason: "its card has no name")
        }
        let ownName = try VoiceName(own)
        var card = try VoiceCard(json: parcel.card, expecting: ownName)
        let final = name ?? ownName
        card.name = final.text
        do {
            _ = try SpeakerProfile(bytes: [UInt8](parcel.profile), readFrom: URL(filePath: path))
        } catch {
            throw VoiceStoreError.badParcel(path, reason: "its profile: \(error)")
        }
        if let lexicon = parcel.lexicon {
            guard lexicon.count <= Self.maximumLexicon, String(validating: lexicon, as: UTF8.self) != nil else {
                throw VoiceStoreError.badParcel(path, reason: "its lexicon is too long or not text")
            }
        }
        let files = VoiceFiles(card: try card.json(), profile: parcel.profile, lexicon: parcel.lexicon)
        try change { folder in try install(final, files, replacing: replacing, in: folder) }
        return final
    }
}
