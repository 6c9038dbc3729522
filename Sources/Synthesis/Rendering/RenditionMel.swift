import SpeechSignal
package import Tensor
package import VoiceModel

/// The mel of a rendition as far as it is known: the networks', part by part, with the silences between.
package struct RenditionMel: Sendable {
    /// Log mel of silence.
    static let silence: Float = -11.5

    /// The frames known so far, natural log mel [from 0 to T, M].
    package private(set) var known = Matrix(rows: 0, columns: Signal.melBands)
    private var utterance: MelStream
    /// Those that have not come.
    private var silences: ArraySlice<Range<Int>>

    package init(_ utterance: MelStream, of rendition: SentenceRendition) {
        (self.utterance, silences) = (utterance, rendition.silences[...])
    }

    /// Learns the next part of the utterance, and the silences within.
    ///
    /// - Returns: false if there is none
    /// - Throws: `AcousticError.notFinite`
    package mutating func advance() throws -> Bool {
        guard let part = try utterance.next() else { return false }
        var taken = 0
        while let silence = silences.first, silence.lowerBound < known.rows + part.rows - taken {
            let before = silence.lowerBound - known.rows
            known.append(part.rows(taken..<taken + before))
            known.append(Matrix(rows: silence.count, columns: known.columns, repeating: Self.silence))
            taken += before
            silences.removeFirst()
        }
        known.append(part.rows(taken..<part.rows))
        return true
    }

    /// All of it, [T, M].
    package mutating func whole() throws -> Matrix {
        while try advance() {}
        return known
    }
}
