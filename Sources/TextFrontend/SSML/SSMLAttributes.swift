import SpeechSignal

/// The attributes of one element: what is asked for is given, what nobody asked for is an error.
final class SSMLAttributes {
    private let element: String
    private let place: Int
    private var attributes: [XMLReader.Attribute] = []
    private var known: Set<String> = ["xml:lang", "xml:id", "xml:base", "xml:space"]

    /// Attributes of other namespaces are left out.
    init(_ element: String, _ attributes: [XMLReader.Attribute], prefixes: [String: String], place: Int)
        throws(MarkupProblem)
    {
        self.element = element
        self.place = place
        for attribute in attributes where attribute.name != "xmlns" && !attribute.name.hasPrefix("xmlns:") {
            if let colon = attribute.name.firstIndex(of: ":"), !attribute.name.hasPrefix("xml:") {
                guard prefixes[String(attribute.name[..<colon])] != nil else {
                    throw MarkupProblem(
                        at: attribute.at, problem: "the prefix of \(attribute.name) is not declared",
                        remedy: "declare it with xmlns:\(attribute.name[..<colon])=\"…\" or omit it")
                }
                continue
            }
            self.attributes.append(attribute)
        }
    }

    private func fail(_ at: Int, _ problem: String, _ remedy: String) -> MarkupProblem {
        MarkupProblem(at: at, problem: problem, remedy: remedy)
    }

    subscript(name: String) -> XMLReader.Attribute? {
        known.insert(name)
        return attributes.first { $0.name == name }
    }

    func ignore(_ names: String...) { known.formUnion(names) }

    func required(_ name: String) throws(MarkupProblem) -> XMLReader.Attribute {
        guard let attribute = self[name], attribute.value.contains(where: { !$0.isWhitespace }) else {
            throw fail(place, "<\(element)> has no \(name)", "write <\(element) \(name)=\"…\">")
        }
        return attribute
    }

    /// Complains about attributes that nobody has asked for.
    func finish() throws(MarkupProblem) {
        guard let stray = attributes.first(where: { !known.contains($0.name) }) else { return }
        let own = known.filter { !$0.hasPrefix("xml:") }.sorted().joined(separator: ", ")
        throw fail(
            stray.at, "<\(element)> has no attribute \(stray.name)",
            own.isEmpty ? "remove it" : "remove it, or use one of \(own)")
    }

    private func wrong(_ attribute: XMLReader.Attribute, _ remedy: String) -> MarkupProblem {
        fail(attribute.at, "\(attribute.name)=\"\(attribute.value.prefix(40))\" is not understood", remedy)
    }

    private func outside(_ attribute: XMLReader.Attribute, _ remedy: String) -> MarkupProblem {
        fail(attribute.at, "\(attribute.name)=\"\(attribute.value.prefix(40))\" is out of range", remedy)
    }

    // MARK: Elements

    private static let strengths: [String: Int] = [
        "none": 0, "x-weak": 0, "weak": 0, "medium": 350, "strong": 750, "x-strong": 1250,
    ]

    /// Milliseconds of a break.
    func pause() throws(MarkupProblem) -> Int {
        let strength = self["strength"]
        if let strength, Self.strengths[strength.value] == nil {
            throw wrong(strength, "use none, x-weak, weak, medium, strong or x-strong")
        }
        if let time = self["time"] {
            guard let milliseconds = SSMLValue.milliseconds(time.value) else {
                throw wrong(time, "write 500ms or 1.5s")
            }
            guard milliseconds <= Double(Markup.longestPause) else {
                throw outside(time, "use at most \(Markup.longestPause / 1000)s")
            }
            return Int(milliseconds.rounded())
        }
        return strength.flatMap { Self.strengths[$0.value] } ?? 350
    }

    /// - Parameter language: what the transcription is in; nil: whatever the document is read in, taken for English
    func phonemes(language: Language?) throws(MarkupProblem) -> Phonemes {
        let alphabet = self["alphabet"]
        let transcription = try required("ph")
        let isNative = alphabet?.value == "x-starling"
        if let alphabet, !isNative, alphabet.value != "ipa" { throw wrong(alphabet, "use ipa or x-starling") }
        do {
            return isNative
                ? try Transcription.native(transcription.value)
                : try Transcription.ipa(transcription.value, language: language ?? .americanEnglish)
        } catch {
            switch error {
            case .unknown(let symbol, _):
                throw fail(
                    transcription.at,
                    "\"\(symbol)\" (\(symbol.codePoint)) in ph=\"\(transcription.value.prefix(40))\" is not a known phoneme",
                    isNative ? "use the symbols of data/symbols.json" : "use IPA symbols of the language")
            case .silent:
                throw fail(transcription.at, "ph=\"\(transcription.value.prefix(40))\" has no sound", "write phonemes")
            }
        }
    }

    func sayAs() throws(MarkupProblem) -> SayAs {
        let kind = try required("interpret-as")
        guard let known = SayAs.Kind(name: kind.value) else {
            throw wrong(kind, "use one of \(SayAs.Kind.names.joined(separator: ", "))")
        }
        let format = self["format"]
        if known == .date, let format, !SayAs.dateFormats.contains(format.value) {
            throw wrong(format, "use one of \(SayAs.dateFormats.sorted().joined(separator: ", "))")
        }
        _ = self["detail"]
        return SayAs(kind: known, format: format?.value, text: "")
    }

    func prosody(_ style: inout SpeechStyle) throws(MarkupProblem) {
        for name in ["contour", "duration"] {
            if let attribute = self[name] {
                throw fail(
                    attribute.at, "\(name) in <\(element)> is not supported", "use rate, pitch, range and volume")
            }
        }
        if let rate = self["rate"] {
            guard let factor = SSMLValue.rate(rate.value) else { throw wrong(rate, "write 80%, +10%, 1.2 or slow") }
            guard (0.25...4).contains(factor) else { throw outside(rate, "use 25% to 400%") }
            style.rate *= factor
        }
        if let pitch = self["pitch"] {
            switch SSMLValue.pitch(pitch.value) {
            case .semitones(let semitones):
                guard (-24...24).contains(semitones) else {
                    throw outside(pitch, "use -24st to +24st, or 25% to 400%")
                }
                style.pitch += semitones
            case .hertz(let hertz):
                guard (-500...500).contains(hertz) else { throw outside(pitch, "use -500Hz to +500Hz") }
                style.hertz += hertz
            case .mean(let hertz):
                guard (40...600).contains(hertz) else { throw outside(pitch, "use 40Hz to 600Hz") }
                (style.meanPitch, style.hertz, style.pitch) = (hertz, 0, 0)
            case nil: throw wrong(pitch, "write +2st, -10%, +15Hz, 180Hz or high")
            }
        }
        if let range = self["range"] {
            guard let factor = SSMLValue.range(range.value) else { throw wrong(range, "write 50%, +20% or low") }
            guard (0...3).contains(factor) else { throw outside(range, "use 0% to 300%") }
            style.pitchRange = min(3, style.pitchRange * factor)
        }
        if let volume = self["volume"] {
            guard let decibels = SSMLValue.volume(volume.value) else {
                throw wrong(volume, "write +6dB, -3dB, 0 to 100, or soft")
            }
            guard decibels == -.infinity || (-96...12).contains(decibels) else {
                throw outside(volume, "use -96dB to +12dB")
            }
            style.volume += decibels
        }
    }
}
