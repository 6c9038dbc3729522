/// Subtitles of a speech: cues of at most two lines, cut at sentences and clauses.
///
/// ```swift
/// var subtitles = Subtitles()
/// for try await chunk in chunks { if let sentence = chunk.sentence { subtitles.append(sentence) } }
/// let file = subtitles.text(.vtt)
/// ```
/// The limits are those of broadcasters: lines of 42 characters, cues of 1 to 7 seconds.
public struct Subtitles: Sendable {
    /// A format of subtitle files.
    public enum Format: String, Sendable, CaseIterable {
        /// SubRip.
        case srt
        /// WebVTT.
        case vtt
    }

    /// One or two lines of text and when they are shown.
    public struct Cue: Sendable, Equatable {
        /// Seconds.
        public var start: Double
        /// Seconds.
        public var end: Double
        /// One or two lines.
        public var text: String
    }

    /// Characters in a line.
    public static let line = 42
    /// Characters in a cue.
    public static let longest = 2 * line
    /// Minimum seconds of a cue, if there is room.
    public static let shortestTime = 1.0
    /// Maximum seconds of a cue.
    public static let longestTime = 7.0

    /// The cues so far, in order of time.
    public private(set) var cues: [Cue] = []

    /// No subtitles yet.
    public init() {}

    /// A word, or words that are written together, with what stands after it up to the next.
    private struct Piece {
        var text: String
        var start: Double
        var end: Double

        /// How well a cue may end between it and the next: 0 best.
        func breakCost(before next: Piece) -> Double {
            let word = text.lowercased()
            guard let last = text.unicodeScalars.last(where: { !"\"'”’)]*_".unicodeScalars.contains($0) }) else {
                return 1
            }
            if ".!?…".unicodeScalars.contains(last) { return 0 }
            if ",;:—–".unicodeScalars.contains(last) { return 0.1 }
            // Better before a conjunction or preposition than after one, or after an article.
            if Self.leaning.contains(word) { return 1.5 }
            return Self.leaning.contains(next.text.lowercased()) ? 0.5 : 1
        }

        private static let leaning: Set<String> = [
            "and", "or", "but", "because", "while", "with", "without", "from", "in", "on", "at", "to", "of", "for",
            "by", "that",
            "which", "who", "when", "where", "until", "if", "as", "into", "over", "after", "before", "than", "a", "an",
            "the",
            "under", "through", "about", "against", "between",
        ]
    }

    /// Adds the cues of a sentence; sentences come in order.
    public mutating func append(_ sentence: SpokenSentence) {
        let pieces = Self.pieces(sentence)
        guard !pieces.isEmpty else { return }
        var from = 0
        for end in Self.ends(pieces) {
            let part = pieces[from..<end]
            add(
                Cue(
                    start: part.first?.start ?? 0, end: part.last?.end ?? 0,
                    text: part.map(\.text).joined(separator: " ")))
            from = end
        }
    }

    /// A cue too short to be read joins the one before it, if both fit in one.
    private mutating func add(_ cue: Cue) {
        if let last = cues.last, cue.start - last.end < 0.8,
            last.end - last.start < Self.shortestTime || cue.end - cue.start < 0.6,
            last.text.count + cue.text.count < Self.longest, cue.end - last.start <= Self.longestTime
        {
            cues[cues.count - 1].end = cue.end
            cues[cues.count - 1].text += " " + cue.text
            return
        }
        cues.append(cue)
    }

    private static func pieces(_ sentence: SpokenSentence) -> [Piece] {
        let bytes = Array(sentence.text.utf8)
        var result: [Piece] = []
        var places: [(start: Int, time: Double, end: Double)] = []
        for word in sentence.words {
            let start = max(0, min(bytes.count, word.range.lowerBound - sentence.range.lowerBound))
            if let last = places.last, start <= last.start {
                places[places.count - 1].end = max(last.end, word.end)
            } else {
                places.append((start, word.start, word.end))
            }
        }
        var from = 0
        var begin: Double?
        for (i, place) in places.enumerated() {
            begin = begin ?? place.time
            // Up to the last blank before the next word; without one the two are written together.
            var cut = bytes.count
            if i + 1 < places.count {
                let next = places[i + 1].start
                guard let blank = bytes[place.start..<max(place.start, next)].lastIndex(where: { $0 <= 32 }) else {
                    continue
                }
                cut = blank + 1
            }
            let text = clean(String(decoding: bytes[from..<max(from, cut)], as: UTF8.self))
            if !text.isEmpty { result.append(Piece(text: text, start: begin ?? place.time, end: place.end)) }
            from = cut
            begin = nil
        }
        return result
    }

    /// Blanks run together; marks for the voice ([pause 1s], [[…]]) are not text.
    private static func clean(_ text: String) -> String {
        var text = text[...]
        var result = ""
        while let open = text.firstIndex(of: "[") {
            let isMark = text[open...].hasPrefix("[pause") || text[open...].hasPrefix("[[")
            guard isMark, let close = text[open...].firstIndex(of: "]") else { break }
            result += text[..<open]
            text = text[text.index(after: close)...].drop { $0 == "]" }
        }
        return (result + text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Where cues end: the cheapest division, in which breaks inside clauses and cues of very unequal length cost.
    private static func ends(_ pieces: [Piece]) -> [Int] {
        let count = pieces.count
        var cost = [Double](repeating: .infinity, count: count + 1)
        var previous = [Int](repeating: 0, count: count + 1)
        cost[0] = 0
        for start in 0..<count where cost[start].isFinite {
            var length = -1
            for end in start + 1...count {
                length += 1 + pieces[end - 1].text.count
                let time = pieces[end - 1].end - pieces[start].start
                if end > start + 1, length > longest || time > longestTime { break }
                let emptiness = max(0, 1 - Double(length) / Double(longest))
                let hurry = time < shortestTime ? 2.0 : 0
                let total =
                    cost[start] + 0.5 + emptiness * emptiness + hurry
                    + (end < count ? pieces[end - 1].breakCost(before: pieces[end]) : 0)
                if total < cost[end] {
                    cost[end] = total
                    previous[end] = start
                }
            }
        }
        var ends: [Int] = []
        var at = count
        while at > 0 {
            ends.append(at)
            at = previous[at]
        }
        return ends.reversed()
    }

    // MARK: Files

    /// The whole file. Cues stay a little longer than their words where there is room.
    public func text(_ format: Format) -> String {
        var result = format == .vtt ? "WEBVTT\n\n" : ""
        for (i, cue) in cues.enumerated() {
            let room = i + 1 < cues.count ? cues[i + 1].start : .infinity
            let end = min(max(cue.end + 0.3, cue.start + Self.shortestTime), max(cue.end, room))
            let body = Self.lines(cue.text)
            if format == .srt { result += "\(i + 1)\n" }
            result += "\(Self.time(cue.start, format)) --> \(Self.time(end, format))\n"
            result += (format == .vtt ? Self.escaped(body) : body) + "\n\n"
        }
        return result
    }

    /// Two lines where one is too long, the break near the middle.
    private static func lines(_ text: String) -> String {
        guard text.count > line else { return text }
        let characters = Array(text)
        let middle = characters.count / 2
        let blanks = characters.indices.filter { characters[$0] == " " }
        guard let best = blanks.min(by: { abs($0 - middle) < abs($1 - middle) }) else { return text }
        return String(characters[..<best]) + "\n" + String(characters[(best + 1)...])
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }

    private static func time(_ seconds: Double, _ format: Format) -> String {
        let milliseconds = Int((max(0, seconds) * 1000).rounded())
        func padded(_ n: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(n).count)) + String(n)
        }
        let clock = [milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60].map {
            padded($0, 2)
        }
        return clock.joined(separator: ":") + (format == .srt ? "," : ".") + padded(milliseconds % 1000, 3)
    }
}
