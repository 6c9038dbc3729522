import Foundation
import SpeechSignal
import Tensor
import Weights

/// The spelling-to-sound network: a transformer over a word's letters, and a recurrent decoder that gives each letter
/// its chunk of phonemes (0 to 3), knowing the chunk before. A beam search finds the likeliest phonemes, which may be
/// spread over the letters in several ways.
///
/// N letters, C channels, S decoder state, L chunk labels, H heads, K hypotheses. Trained by
/// Training/frontend/train_spelling.py; data/g2p.md says on what. Weights are shared by all threads; each
/// `SpellingWorkspace` serves one.
struct SpellingModel: Sendable {
    struct Config: Sendable, Codable {
        var letters: String
        var accents: [String]
        var channels: Int
        var heads: Int
        var blocks: Int
        var hidden: Int
        var chunkChannels: Int
        var state: Int
        var labels: Int
        /// The phonemes of each label.
        var chunks: [String]

        enum CodingKeys: String, CodingKey {
            case letters, accents, channels, heads, blocks, hidden
            case chunkChannels = "chunk_channels"
            case state, labels, chunks
        }
    }

    private struct Block: Sendable {
        var norm1: LayerNorm
        var qkv: Linear
        var out: Linear
        var norm2: LayerNorm
        var up: Linear
        var down: Linear
    }

    private let config: Config
    private let letterTokens: [UInt8: Int]
    private let accentTokens: [Accent: Int]
    private let embedding: Matrix  // [1 + accents + letters, C]
    private let blocks: [Block]
    private let norm: LayerNorm
    private let rotary: RotaryEmbedding
    private let attention: Attention
    private let encodedGates: Linear  // [N, C] → [N, 3 S]
    private let chunkGates: Matrix  // [L + 1, 3 S]: what the chunk before adds to the gates
    private let stateGates: Linear  // [K, S] → [K, 3 S]
    private let encodedOutput: Linear  // [N, C] → [N, L]
    private let stateOutput: Linear  // [K, S] → [K, L]
    private let sounds: [Phonemes]

    /// Letters read at once.
    static let longest = 28

    /// - Throws: `WeightError`
    init(contentsOf url: URL) throws {
        var loader = WeightLoader(try WeightFile(contentsOf: url))
        let config = try loader.configuration(Config.self)
        let bounds = 1...4096
        guard
            [
                config.channels, config.heads, config.blocks, config.hidden, config.chunkChannels, config.state,
                config.labels,
            ]
            .allSatisfy(bounds.contains), config.channels % (2 * config.heads) == 0,
            config.chunks.count == config.labels
        else { throw FrontendError.corrupt(file: url.path, reason: "its configuration is inconsistent: \(config)") }
        self.config = config
        let (channels, state, labels) = (config.channels, config.state, config.labels)
        let first = 1 + config.accents.count
        letterTokens = Dictionary(
            config.letters.utf8.enumerated().map { ($1, first + $0) }, uniquingKeysWith: { a, _ in a })
        accentTokens = Dictionary(
            config.accents.enumerated().compactMap { i, name in Accent(rawValue: name).map { ($0, 1 + i) } },
            uniquingKeysWith: { a, _ in a })
        embedding = loader.matrix("embedding.weight", rows: first + config.letters.utf8.count, columns: channels)
        blocks = (0..<config.blocks).map { i in
            Block(
                norm1: loader.layerNorm("blocks.\(i).norm1", channels: channels),
                qkv: loader.linear("blocks.\(i).qkv", inputs: channels, outputs: 3 * channels),
                out: loader.linear("blocks.\(i).out", inputs: channels, outputs: channels),
                norm2: loader.layerNorm("blocks.\(i).norm2", channels: channels),
                up: loader.linear("blocks.\(i).up", inputs: channels, outputs: config.hidden),
                down: loader.linear("blocks.\(i).down", inputs: config.hidden, outputs: channels))
        }
        norm = loader.layerNorm("norm", channels: channels)
        rotary = RotaryEmbedding(length: Self.longest + 1, dimension: channels / config.heads, base: 100)
        attention = Attention(heads: config.heads, precision: .float32)
        let chunks = loader.matrix("chunks.weight", rows: labels + 1, columns: config.chunkChannels)
        let gates = loader.matrix("decoder.weight_ih_l0", rows: 3 * state, columns: channels + config.chunkChannels)
        let gateBias = loader.vector("decoder.bias_ih_l0", count: 3 * state)
        let stateWeight = loader.matrix("decoder.weight_hh_l0", rows: 3 * state, columns: state)
        let stateBias = loader.vector("decoder.bias_hh_l0", count: 3 * state)
        let output = loader.matrix("output.weight", rows: labels, columns: state + channels)
        let outputBias = loader.vector("output.bias", count: labels)
        try loader.finish()
        encodedGates = Linear(weight: gates.columns(0..<channels), bias: gateBias, precision: .float32)
        var scratch = Scratch()
        chunkGates = Linear(weight: gates.columns(channels..<gates.columns), precision: .float32)(
            chunks, scratch: &scratch)
        stateGates = Linear(weight: stateWeight, bias: stateBias, precision: .float32)
        stateOutput = Linear(weight: output.columns(0..<state), precision: .float32)
        encodedOutput = Linear(weight: output.columns(state..<output.columns), bias: outputBias, precision: .float32)
        sounds = config.chunks.map { Phonemes(symbols: $0) }
    }

    /// The word's phonemes; letters outside a–z and ' are skipped.
    func phonemes(_ word: Letters, accent: Accent, workspace: inout SpellingWorkspace) -> Phonemes {
        guard let encoded = encode(word, accent: accent, workspace: &workspace) else { return [] }
        return decode(encoded, workspace: &workspace)
    }

    /// - Returns: [N, C], one row a letter
    func encode(_ word: Letters, accent: Accent, workspace: inout SpellingWorkspace) -> Matrix? {
        let letters = word.prefix(Self.longest).compactMap { letterTokens[$0] }
        guard !letters.isEmpty, let accent = accentTokens[accent] else { return nil }
        var elements: [Float] = []
        elements.reserveCapacity((letters.count + 1) * config.channels)
        for token in [accent] + letters { elements += embedding.row(token) }
        var x = Matrix(rows: letters.count + 1, columns: config.channels, elements: elements)
        for block in blocks {
            block.norm1.apply(x, into: &workspace.normed)
            block.qkv.apply(workspace.normed, into: &workspace.wide, scratch: &workspace.scratch)
            // Queries and keys stand side by side: 2 H heads to turn.
            rotary.apply(to: &workspace.wide, heads: 2 * config.heads)
            attention.apply(workspace.wide, into: &workspace.normed, scratch: &workspace.scratch)
            block.out.add(workspace.normed, to: &x, scratch: &workspace.scratch)
            block.norm2.apply(x, into: &workspace.normed)
            block.up.apply(workspace.normed, into: &workspace.wide, scratch: &workspace.scratch)
            workspace.wide.rectify()
            block.down.add(workspace.wide, to: &x, scratch: &workspace.scratch)
        }
        norm.apply(to: &x)
        return x.rows(1..<x.rows)
    }

    /// Hypotheses kept at every letter of a word that is not clear.
    private static let beam = 4

    /// The chunks chosen so far, and the logarithm of their probability.
    private struct Hypothesis {
        var chunks: [Int] = []
        var score: Float = 0
    }

    private func decode(_ encoded: Matrix, workspace: inout SpellingWorkspace) -> Phonemes {
        let inputs = encodedGates(encoded, scratch: &workspace.scratch)
        let outputs = encodedOutput(encoded, scratch: &workspace.scratch)
        // What is more probable than everything else together needs no rivals; most words are.
        let first = search(inputs, outputs, width: 1, workspace: &workspace)
        if let only = first.first, only.score > log(0.5) { return likeliest(first) }
        return likeliest(search(inputs, outputs, width: Self.beam, workspace: &workspace))
    }

    /// - Parameters:
    ///   - inputs: what the letters add to the gates, [N, 3 S]
    ///   - outputs: what they add to the labels' logits, [N, L]
    ///   - width: hypotheses kept
    private func search(
        _ inputs: Matrix, _ outputs: Matrix, width: Int, workspace: inout SpellingWorkspace
    ) -> [Hypothesis] {
        var hypotheses = [Hypothesis()]
        var states = Matrix(rows: 1, columns: config.state)
        for letter in 0..<inputs.rows {
            stateGates.apply(states, into: &workspace.wide, scratch: &workspace.scratch)
            for (row, hypothesis) in hypotheses.enumerated() {
                let before = chunkGates.row(hypothesis.chunks.last.map { $0 + 1 } ?? 0)
                advance(&states, row: row, gates: workspace.wide, input: inputs.row(letter), before: before)
            }
            stateOutput.apply(states, into: &workspace.result, scratch: &workspace.scratch)
            let extended = extended(
                hypotheses, logits: workspace.result, letter: outputs.row(letter), width: width)
            hypotheses = extended.map(\.hypothesis)
            let size = config.state
            states = Matrix(
                rows: extended.count, columns: size, elements: extended.flatMap { states.row($0.origin) })
        }
        return hypotheses
    }

    /// One step of the recurrent unit for one hypothesis (GRU, Cho et al. 2014), in place.
    private func advance(
        _ states: inout Matrix, row: Int, gates: Matrix, input: ArraySlice<Float>, before: ArraySlice<Float>
    ) {
        let size = config.state
        let gates = gates.row(row)
        states.withUnsafeMutablePointer { states in
            let state = states + row * size
            for k in 0..<size {
                func given(_ gate: Int) -> Float {
                    input[input.startIndex + gate * size + k] + before[before.startIndex + gate * size + k]
                }
                func own(_ gate: Int) -> Float { gates[gates.startIndex + gate * size + k] }
                let reset = sigmoid(given(0) + own(0))
                let update = sigmoid(given(1) + own(1))
                let fresh = 2 * sigmoid(2 * (given(2) + reset * own(2))) - 1
                state[k] = (1 - update) * fresh + update * state[k]
            }
        }
    }

    /// The best continuations of all hypotheses by one chunk, best first, with the hypothesis each comes from.
    private func extended(
        _ hypotheses: [Hypothesis], logits: Matrix, letter: ArraySlice<Float>, width: Int
    ) -> [(hypothesis: Hypothesis, origin: Int)] {
        var best: [(score: Float, origin: Int, label: Int)] = []
        for (origin, hypothesis) in hypotheses.enumerated() {
            let values = zip(logits.row(origin), letter).map { $0 + $1 }
            let largest = values.max() ?? 0
            let normaliser = largest + log(values.reduce(0) { $0 + exp($1 - largest) })
            for (label, value) in values.enumerated() {
                let score = hypothesis.score + value - normaliser
                // The first of equals stays first.
                let place = best.firstIndex { $0.score < score } ?? best.count
                guard place < width else { continue }
                best.insert((score, origin, label), at: place)
                if best.count > width { best.removeLast() }
            }
        }
        return best.map { score, origin, label in
            (Hypothesis(chunks: hypotheses[origin].chunks + [label], score: score), origin)
        }
    }

    /// The phonemes with the most probability, which hypotheses that differ in their chunks only share.
    private func likeliest(_ hypotheses: [Hypothesis]) -> Phonemes {
        guard let best = hypotheses.first else { return [] }
        var sums: [(phonemes: Phonemes, probability: Float)] = []
        for hypothesis in hypotheses {
            let phonemes = hypothesis.chunks.reduce(into: Phonemes()) { $0 += sounds[$1] }
            let probability = exp(hypothesis.score - best.score)
            if let place = sums.firstIndex(where: { $0.phonemes == phonemes }) {
                sums[place].probability += probability
            } else {
                sums.append((phonemes, probability))
            }
        }
        return sums.dropFirst().reduce(sums[0]) { $1.probability > $0.probability ? $1 : $0 }.phonemes
    }
}

/// Reusable memory of one thread's spelling-to-sound.
struct SpellingWorkspace: Sendable {
    var normed = Matrix(rows: 0, columns: 0)
    var wide = Matrix(rows: 0, columns: 0)
    var result = Matrix(rows: 0, columns: 0)
    var scratch = Scratch()
}

private func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

extension Matrix {
    /// A copy of some columns.
    fileprivate func columns(_ range: Range<Int>) -> Matrix {
        var elements: [Float] = []
        elements.reserveCapacity(rows * range.count)
        for r in 0..<rows {
            let row = row(r)
            elements += row[(row.startIndex + range.lowerBound)..<(row.startIndex + range.upperBound)]
        }
        return Matrix(rows: rows, columns: range.count, elements: elements)
    }
}
