import Foundation
import SpeechSignal
import Tensor
import Weights

/// The homograph network: which of its senses a word has, by the words around it (data/homographs.safetensors, trained
/// by Training/frontend/train_homographs.py; homograph_model.py is the same network).
///
/// A word is the sum of what it is, how it ends, how it is written, its part of speech, and where it stands beside the
/// homograph. Transformer blocks follow, the last for the homograph alone, whose vector is compared with those of its
/// senses.
///
/// N words of the window, C channels, S senses of all words. Weights are shared by all threads; each
/// `HomographWorkspace` serves one.
struct HomographModel: Sendable {
    struct Config: Sendable, Codable {
        var channels: Int
        var heads: Int
        var hidden: Int
        var blocks: Int
        /// Words on each side of the homograph that are read.
        var reach: Int
        /// Known words, their hashes in ascending order in `words.hashes`.
        var words: Int
        /// Rows of endings, one of which the hash of a word's last three letters chooses.
        var endings: Int
        /// Kinds of writing, as `Tagger.Input.shape` names them.
        var shapes: String
        /// Each homograph, then the American and British phonemes of each of its senses, apart by tabs.
        var homographs: [String]
    }

    /// A word with several senses.
    struct Homograph: Sendable {
        /// Place of its first sense among all.
        let first: Int
        let senses: [(american: Phonemes, british: Phonemes)]
    }

    private struct Block: Sendable {
        var norm1: LayerNorm
        var query: Linear
        var memory: Linear  // keys and values
        var out: Linear
        var norm2: LayerNorm
        var up: Linear
        var down: Linear
    }

    private let homographs: [Letters: Homograph]
    /// Whether a homograph begins and ends with two letters: most words are not looked up.
    private let ends: [Bool]
    private let reach: Int
    private let hashes: [UInt32]
    private let shapeRows: [UInt8: Int]
    private let words: WeightTable  // [1 + words, C], row 0 for words that are not known
    private let endings: WeightTable  // [endings, C]
    private let shapes: Matrix  // [shapes, C]
    private let tags: Matrix  // [1 + tags, C]
    private let places: Matrix  // [2 reach + 1, C]
    private let blocks: [Block]
    private let attention: Attention
    private let norm: LayerNorm
    private let senses: Matrix  // [S, C]
    private let bias: [Float]  // [S]

    /// - Throws: `WeightError`, `FrontendError.corrupt`
    init(contentsOf url: URL) throws {
        var loader = WeightLoader(try WeightFile(contentsOf: url))
        let config = try loader.configuration(Config.self)
        let channels = config.channels
        guard
            [channels, config.heads, config.hidden, config.blocks, config.reach, config.endings]
                .allSatisfy((1...65536).contains), config.words > 0, channels % config.heads == 0
        else { throw FrontendError.corrupt(file: url.path, reason: "its configuration is inconsistent") }
        var homographs: [Letters: Homograph] = [:]
        var count = 0
        for line in config.homographs {
            let fields = line.split(separator: "\t")
            guard fields.count >= 5, fields.count % 2 == 1 else {
                throw FrontendError.corrupt(
                    file: url.path, reason: "the senses of \"\(line)\" are incomplete")
            }
            let senses = stride(from: 1, to: fields.count, by: 2).map {
                (american: Phonemes(symbols: fields[$0]), british: Phonemes(symbols: fields[$0 + 1]))
            }
            homographs[Letters(fields[0].utf8)] = Homograph(first: count, senses: senses)
            count += senses.count
        }
        self.homographs = homographs
        var ends = [Bool](repeating: false, count: 1 << 16)
        for word in homographs.keys { ends[Self.ends(word)] = true }
        self.ends = ends
        reach = config.reach
        shapeRows = Dictionary(config.shapes.utf8.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
        hashes = loader.integers("words.hashes", count: config.words)
        words = loader.table("words.weight", rows: 1 + config.words, columns: channels)
        endings = loader.table("endings.weight", rows: config.endings, columns: channels)
        shapes = loader.matrix("shapes.weight", rows: config.shapes.utf8.count, columns: channels)
        tags = loader.matrix("tags.weight", rows: 1 + Tag.allCases.count, columns: channels)
        places = loader.matrix("places.weight", rows: 2 * reach + 1, columns: channels)
        blocks = (0..<config.blocks).map { i in
            Block(
                norm1: loader.layerNorm("blocks.\(i).norm1", channels: channels),
                query: loader.linear("blocks.\(i).query", inputs: channels, outputs: channels),
                memory: loader.linear("blocks.\(i).memory", inputs: channels, outputs: 2 * channels),
                out: loader.linear("blocks.\(i).out", inputs: channels, outputs: channels),
                norm2: loader.layerNorm("blocks.\(i).norm2", channels: channels),
                up: loader.linear("blocks.\(i).up", inputs: channels, outputs: config.hidden),
                down: loader.linear("blocks.\(i).down", inputs: config.hidden, outputs: channels))
        }
        attention = Attention(heads: config.heads, precision: .float32)
        norm = loader.layerNorm("norm", channels: channels)
        senses = loader.matrix("senses.weight", rows: count, columns: channels)
        bias = loader.vector("senses.bias", count: count)
        try loader.finish()
    }

    private static func ends(_ word: Letters) -> Int { Int(word[0]) << 8 | Int(word[word.count - 1]) }

    /// The homograph that a word in small letters is.
    func homograph(_ word: Letters) -> Homograph? {
        word.isEmpty || !ends[Self.ends(word)] ? nil : homographs[word]
    }

    /// Scores of the senses of word `i`, the largest for the likeliest.
    func scores(
        _ homograph: Homograph, _ words: [Tagger.Input], _ tags: [Tag], _ i: Int,
        workspace: inout HomographWorkspace
    ) -> [Float] {
        let window = max(0, i - reach)..<min(words.count, i + reach + 1)
        var x = embed(words, tags, window, around: i)
        for (number, block) in blocks.enumerated() {
            block.norm1.apply(x, into: &workspace.normed)
            block.memory.apply(workspace.normed, into: &workspace.memory, scratch: &workspace.scratch)
            if number == blocks.count - 1 {
                let own = i - window.lowerBound
                x = x.rows(own..<own + 1)
                workspace.normed = workspace.normed.rows(own..<own + 1)
            }
            block.query.apply(workspace.normed, into: &workspace.wide, scratch: &workspace.scratch)
            attention.apply(
                queries: workspace.wide, memory: workspace.memory, into: &workspace.normed,
                scratch: &workspace.scratch)
            block.out.apply(workspace.normed, into: &workspace.result, scratch: &workspace.scratch)
            x.add(workspace.result)
            block.norm2.apply(x, into: &workspace.normed)
            block.up.apply(workspace.normed, into: &workspace.wide, scratch: &workspace.scratch)
            workspace.wide.rectify()
            block.down.apply(workspace.wide, into: &workspace.result, scratch: &workspace.scratch)
            x.add(workspace.result)
        }
        norm.apply(to: &x)
        return homograph.senses.indices.map { k in
            zip(x.elements, senses.row(homograph.first + k)).reduce(bias[homograph.first + k]) { $0 + $1.0 * $1.1 }
        }
    }

    /// - Returns: [N, C]
    private func embed(_ words: [Tagger.Input], _ tags: [Tag], _ window: Range<Int>, around i: Int) -> Matrix {
        var elements: [Float] = []
        elements.reserveCapacity(window.count * shapes.columns)
        for k in window {
            let word = self.words.row(row(of: words[k].lower))
            let ending = endings.row(Int(Hash().adding(words[k].lower.suffix(3)).state) % endings.rows)
            let shape = shapes.row(shapeRows[words[k].shape] ?? 0)
            let tag = self.tags.row(1 + Int(tags[k].rawValue))
            let place = places.row(k - i + reach)
            for c in 0..<word.count {
                let about = shape[shape.startIndex + c] + tag[tag.startIndex + c] + place[place.startIndex + c]
                elements.append(word[c] + ending[c] + about)
            }
        }
        return Matrix(rows: window.count, columns: shapes.columns, elements: elements)
    }

    /// The row of a word, 0 if it is not known.
    private func row(of word: Letters) -> Int {
        let hash = Hash().adding(word).state
        var low = 0
        var high = hashes.count
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == hash ? low + 1 : 0
    }
}

/// Reusable memory of one thread's homographs.
struct HomographWorkspace: Sendable {
    var normed = Matrix(rows: 0, columns: 0)
    var memory = Matrix(rows: 0, columns: 0)
    var wide = Matrix(rows: 0, columns: 0)
    var result = Matrix(rows: 0, columns: 0)
    var scratch = Scratch()
}
