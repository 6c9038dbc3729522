import FoundationEssentials
import SpeechSignal

/// The normalizer's word tables, read from data/frontend/*.tsv.
struct Tables: Sendable {
    struct Unit: Sendable {
        var one: String
        var many: String
    }

    struct Currency: Sendable {
        var one: String
        var many: String
        var smallOne: String
        var smallMany: String
    }

    struct Abbreviation: Sendable {
        enum Place: String, Sendable { case any, name, number, verse, street, state }

        var spoken: String
        var place: Place
        var endsSentence: Bool
    }

    let units: [String: Unit]
    let currencies: [String: Currency]
    /// By written form without its final full stop.
    let abbreviations: [String: [Abbreviation]]
    /// The written forms above that need their full stop.
    let dotted: Set<String>
    let states: [String: String]
    let symbols: [UInt32: String]
    /// Last labels of host names, and whether they are read as words.
    let domains: [String: Bool]
    let extensions: [String: Bool]

    init(folder: URL) throws(FrontendError) {
        var units: [String: Unit] = [:]
        try Self.rows(folder, "units.tsv", columns: 3) { units[$0[0]] = Unit(one: $0[1], many: $0[2]) }
        self.units = units
        var currencies: [String: Currency] = [:]
        try Self.rows(folder, "currencies.tsv", columns: 3) {
            let hasSmall = $0.count >= 5
            currencies[$0[0]] = Currency(
                one: $0[1], many: $0[2], smallOne: hasSmall ? $0[3] : "", smallMany: hasSmall ? $0[4] : "")
        }
        self.currencies = currencies
        var abbreviations: [String: [Abbreviation]] = [:]
        var dotted: Set<String> = []
        var plain: Set<String> = []
        try Self.rows(folder, "abbreviations.tsv", columns: 4) {
            guard let place = Abbreviation.Place(rawValue: $0[2]) else { return }
            let hasStop = $0[0].hasSuffix(".")
            let key = hasStop ? String($0[0].dropLast()) : $0[0]
            let entry = Abbreviation(spoken: $0[1], place: place, endsSentence: $0[3] == "yes")
            if hasStop { dotted.insert($0[0] + place.rawValue) } else { plain.insert($0[0] + "." + place.rawValue) }
            if !abbreviations[key, default: []].contains(where: { $0.place == place }) {
                abbreviations[key, default: []].append(entry)
            }
        }
        self.abbreviations = abbreviations
        self.dotted = dotted.subtracting(plain)
        var states: [String: String] = [:]
        try Self.rows(folder, "states.tsv", columns: 2) { states[$0[0]] = $0[1] }
        self.states = states
        var symbols: [UInt32: String] = [:]
        try Self.rows(folder, "symbols.tsv", columns: 2) {
            if let scalar = $0[0].unicodeScalars.first { symbols[scalar.value] = $0[1] }
        }
        self.symbols = symbols
        var domains: [String: Bool] = [:]
        var extensions: [String: Bool] = [:]
        try Self.rows(folder, "electronic.tsv", columns: 3) {
            if $0[1] == "file" { extensions[$0[0]] = $0[2] == "word" } else { domains[$0[0]] = $0[2] == "word" }
        }
        self.domains = domains
        self.extensions = extensions
    }

    /// Calls `body` with the columns of each line; "#" followed by a space begins a comment line.
    static func rows(_ folder: URL, _ name: String, columns: Int, _ body: ([String]) -> Void) throws(FrontendError) {
        let url = folder.appendingPathComponent(name)
        guard let data = try? Data(contentsOf: url) else { throw .missing(file: url.path) }
        var number = 0
        for line in [UInt8](data).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty || number == 1 && line.first == UInt8(ascii: "#") { continue }
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard fields.count >= columns else {
                throw .corrupt(
                    file: url.path, reason: "line \(number) has \(fields.count) columns, expected \(columns)")
            }
            body(fields)
        }
    }
}
