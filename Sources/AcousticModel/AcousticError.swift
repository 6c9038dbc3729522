/// Why the acoustic model refuses its weights or its input.
public enum AcousticError: Error, Sendable, CustomStringConvertible {
    /// The weights are of a network this version does not implement.
    case unsupported(String)
    /// No tokens, or more than the model can take at once.
    case length(tokens: Int, longest: Int)
    /// A token that the weights do not know.
    case unknownToken(UInt8, symbols: Int)
    /// A language that the model was not trained on.
    case language(String, known: [String])
    /// Speed or pitch shift out of range.
    case option(String, Float, ClosedRange<Float>)
    /// Prosody for another number of tokens than there are.
    case prosody(String, values: Int, tokens: Int)
    /// What was tuned for the voice was tuned on another network; says how it does not fit.
    case adaptation(String)
    /// The content encoder was trained for another acoustic model, or says it does not fit this one.
    case contentEncoder(String)
    /// The network's output is not finite.
    case notFinite

    public var description: String {
        switch self {
        case .unsupported(let config):
            "this version does not support this acoustic model (\(config)); use the weights of this release"
        case .length(let tokens, let longest):
            "the utterance has \(tokens) phonemes, but 1 to \(longest) are allowed; speak one sentence at a time"
        case .unknownToken(let token, let symbols):
            "phoneme token \(token) is not below \(symbols); use the symbols.json that belongs to the weights"
        case .language(let code, let known):
            "the acoustic model does not speak the language \"\(code)\"; it speaks \(known.joined(separator: ", "))"
        case .option(let name, let value, let range):
            "\(name) is \(value); use \(range.lowerBound) to \(range.upperBound)"
        case .prosody(let name, let values, let tokens):
            "there are \(values) values of \(name) for \(tokens) phonemes; pass one per phoneme"
        case .adaptation(let reason):
            "the voice's adaptation \(reason); enroll the voice again, or use the --model and data that it was enrolled with"
        case .contentEncoder(let reason):
            "the content encoder \(reason); use content.safetensors and acoustic.safetensors from the same release"
        case .notFinite:
            "the acoustic model's output is not finite; restore the weights, or enroll the voice again"
        }
    }
}
