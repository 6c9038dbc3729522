import Foundation
import SpeechSignal
import TextFrontend

/// Text with its inline forms, SSML, and lexicons.
struct TextTarget: FuzzTarget {
    private let frontend: TextFrontend
    private let sentences: SentenceCheck

    init(repository: URL) throws {
        let data = repository.appending(path: "data", directoryHint: .isDirectory)
        frontend = try TextFrontend(data: data)
        sentences = SentenceCheck()
    }

    /// The first byte tells the kind; a lexicon ends with a NUL, and text to read with it follows.
    func take(_ input: [UInt8]) {
        guard let kind = input.first else { return }
        let text = String(decoding: input.dropFirst(), as: UTF8.self)
        let accent: Accent = kind & 8 == 0 ? .american : .british
        switch kind % 4 {
        case 0: read(text, accent)
        case 1, 2:
            do throws(FrontendError) {
                let marked = try MarkedText(ssml: text)
                let reading = ReadingStyle(accent: accent)
                let voices = Dictionary(marked.voices.map { ($0.name, ReadingStyle(accent: .british)) }) { first, _ in
                    first
                }
                for sentence in try frontend.sentences(in: marked, reading: reading, voices: voices) {
                    if sentence.phonemes.count > 400 { broken("a sentence is too long") }
                }
            } catch {
                check(error)
            }
        default:
            let parts = text.split(separator: "\0", maxSplits: 1)
            do throws(FrontendError) {
                let lexicon = try UserLexicon(parsing: String(parts.first ?? ""), name: "input")
                read(parts.count > 1 ? String(parts[1]) : text, accent, [lexicon])
            } catch {
                check(error)
            }
        }
    }

    private func read(_ text: String, _ accent: Accent, _ lexicons: [UserLexicon] = []) {
        let read = frontend.sentences(in: text, accent: accent, lexicons: lexicons)
        if let problem = sentences.problem(in: read, of: text) { broken("\(problem) of \(text.debugDescription)") }
    }
}
