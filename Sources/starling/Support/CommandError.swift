import Books
import VoiceStore

/// Errors of the command line itself; each description is one line with the remedy.
enum CommandError: Error, CustomStringConvertible {
    case unreadableText(path: String, reason: String)
    case notText(path: String)
    case textTwice
    case noText
    case noPlayer
    case playerFailed(name: String, status: Int32)
    case terminalOutput
    case output(reason: String)
    case unreadableFile(path: String, reason: String)
    case unhealthy(problems: Int)
    case processorLevel(String, known: [String])
    case chapters(String, count: Int)
    case fileName(path: String, of: String, endings: [String])
    case sameFile(String)
    case matter(String)
    case mixedWeights(String, expected: String)
    case transcriptOfNothing(path: String, recordings: Int)
    case strength(Float)
    case noRecorder
    case noMicrophone(recorders: [String])
    case consentNotHeard(String)
    case voiceExists(String)

    var description: String {
        switch self {
        case .unreadableText(let path, let reason): "cannot read the text in \(path): \(reason); check the name"
        case .notText(let path): "\(path) is not UTF-8 text; convert it, for example with iconv -f latin1 -t utf-8"
        case .textTwice: "the text is given both on the command line and in --file; use one of them"
        case .noText: "there is no text to speak; pass it as an argument, with --file, or on standard input"
        case .noPlayer:
            "no player found (paplay, pw-cat, aplay, play or ffplay); install pulseaudio-utils or alsa-utils, or write a file with -o"
        case .playerFailed(let name, let status):
            "\(name) could not play the speech (status \(status)); check the sound device, or write a file with -o"
        case .terminalOutput: "standard output is a terminal; redirect it or write a file with -o NAME"
        case .output(let reason): "cannot write to standard output: \(reason); write a file with -o"
        case .unreadableFile(let path, let reason): "cannot read \(path): \(reason); check the name"
        case .chapters(let text, let count):
            "\"\(text)\" does not list chapters of this book, which has \(count); write numbers from 1 to \(count), such as 1,3-5"
        case .matter(let name):
            "a book has no part \"\(name)\"; use \(Matter.allCases.map(\.rawValue).joined(separator: ", ")) or all"
        case .fileName(let path, let content, let endings):
            "the name \(path) does not say the format of the \(content); use the extension \(endings.map { "." + $0 }.joined(separator: " or "))"
        case .sameFile(let path): "\(path) would hold two outputs; give each a name of its own"
        case .mixedWeights(let found, let expected):
            "speaker.safetensors makes profiles \(found), but acoustic.safetensors expects \(expected); use weights of the same release"
        case .transcriptOfNothing(let path, let recordings):
            "\(path) matches none of the \(recordings) recordings; give it the name of one of them, or pass one transcript per recording"
        case .strength(let value): "the strength \(value) is outside the range 0 to 1; 0 leaves the networks unchanged"
        case .noRecorder:
            "no recorder found (\(Microphone.names.joined(separator: ", "))); install alsa-utils, or record the text of starling enroll --script yourself and pass it with --transcript"
        case .noMicrophone(let recorders):
            "no microphone responds to \(recorders.joined(separator: " or ")); plug one in, or choose it in the sound settings"
        case .consentNotHeard(let sentence):
            "the sentence \"\(sentence)\" was not heard; read it exactly as written, or state with --consent who agrees"
        case .voiceExists(let name):
            "a voice \"\(name)\" already exists; choose another name, or replace it with --replace"
        case .processorLevel(let level, let known):
            "STARLING_CPU is \"\(level)\"; set it to one of \(known.joined(separator: ", ")), or unset it"
        case .unhealthy(let problems): "\(problems == 1 ? "1 problem" : "\(problems) problems") found; see above"
        }
    }

    /// Does what needs a free name, in a command that has --replace.
    static func offeringReplacement(_ body: () throws -> Void) throws {
        do { try body() } catch VoiceStoreError.exists(let name) { throw voiceExists(name) }
    }
}
