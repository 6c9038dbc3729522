import SpeechSignal

/// What a listing shows of voice.json, read without the general decoder, which takes ten times as long.
///
/// Only the plain form is read in which the store writes nearly all cards: strings without escapes, no null, nothing of
/// another version. All else is nil here and left to `VoiceCard(json:expecting:)`; what is read here, that would read
/// alike.
struct PlainCard {
    private(set) var accent = Accent.american
    private(set) var gender: String?
    private(set) var description: String?

    private enum Field: String {
        case schema, name, accent, created, sources, gender, description, model, consent, licence
    }

    /// - Parameter name: the folder's name, which the card must carry too.
    init?(_ bytes: [UInt8], expecting name: VoiceName) {
        guard bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var json = PlainJSON(bytes)
        var seen: [Field] = []
        let isRead = json.object { key, json in
            guard let field = Field(rawValue: key), !seen.contains(field) else { return false }
            seen.append(field)
            return read(field, &json, expecting: name)
        }
        let required: [Field] = [.schema, .name, .accent, .created, .sources]
        guard isRead, json.isAtEnd(), required.allSatisfy(seen.contains) else { return nil }
    }

    /// Reads the value of a field; false if it is not plain.
    private mutating func read(_ field: Field, _ json: inout PlainJSON, expecting name: VoiceName) -> Bool {
        if field == .schema { return json.number() == VoiceCard.currentSchema }
        if field == .sources { return json.array(Self.isSource) }
        guard let value = json.string() else { return false }
        switch field {
        case .name: return value.elementsEqual(name.text.utf8)
        case .created: return Self.isDate(value)
        case .accent:
            guard let found = Accent(rawValue: String(decoding: value, as: UTF8.self)) else { return false }
            accent = found
        case .gender: gender = String(decoding: value, as: UTF8.self)
        case .description: description = String(decoding: value, as: UTF8.self)
        case .model, .consent, .licence, .schema, .sources: break
        }
        return true
    }

    private static func isSource(_ json: inout PlainJSON) -> Bool {
        var (hasName, hasDigest) = (false, false)
        let isRead = json.object { key, json in
            switch key {
            case "name" where !hasName: hasName = true
            case "sha256" where !hasDigest: hasDigest = true
            default: return false
            }
            return json.string() != nil
        }
        return isRead && hasName
    }

    /// Whether it is a time such as 2026-11-22T10:11:12Z, on a day that every year has.
    private static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
        let zero = UInt8(ascii: "0")
        let pattern = Array("0000-00-00T00:00:00Z".utf8)
        let isLike = text.elementsEqual(pattern) { byte, expected in
            expected == zero ? (0...9).contains(Int(byte) - Int(zero)) : byte == expected
        }
        guard isLike else { return false }
        func number(_ place: Int, _ count: Int) -> Int {
            text.dropFirst(place).prefix(count).reduce(0) { 10 * $0 + Int($1 - zero) }
        }
        let (month, days) = (number(5, 2), [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        return number(0, 4) >= 1970 && (1...12).contains(month) && (1...days[month - 1]).contains(number(8, 2))
            && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60
    }
}
