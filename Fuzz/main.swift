import Foundation
// Throws texts at the frontend and checks what comes back; a trap or a slow text ends the run.
//
//     swift build -c release --product starling-fuzz
//     .build/release/starling-fuzz 1000000 [seed] [file with real text]
//
//     .build/release/starling-fuzz --scaling     how time grows with the text
//     .build/release/starling-fuzz --prose FILE  how long its phonemes take
//     .build/release/starling-fuzz --startup     how long a frontend takes to be made
//     .build/release/starling-fuzz --detect FILE in which languages its sentences, one a line, are found to be
//
// With --language TAG behind everything else, another language than English is read, or with auto any.
//
// Bounds, overflow and exclusivity are checked in release builds too. The text at work is kept in starling-fuzz.last,
// so that what broke can be seen after a trap.
import SpeechSignal
import TextFrontend

var arguments = CommandLine.arguments
let language: LanguageChoice?
if let option = arguments.firstIndex(of: "--language"), option + 2 == arguments.count {
    language = try LanguageChoice(tag: arguments[option + 1])
    arguments.removeLast(2)
} else {
    language = nil
}
let modes: Set = ["--scaling", "--prose", "--startup", "--detect"]
let hasMode = arguments.contains { modes.contains($0) }
let numbers = hasMode ? [] : arguments.dropFirst().prefix(2).map { UInt64($0) }
guard !numbers.contains(nil), arguments.last != "--prose", arguments.last != "--detect" else {
    FileHandle.standardError.write(
        Data(
            "usage: starling-fuzz [COUNT [SEED [FILE]]] | --scaling | --prose FILE | --detect FILE | --startup, and --language TAG\n"
                .utf8))
    exit(64)
}
let count = Int(numbers.first.flatMap { $0 } ?? 1_000_000)
let seed = numbers.dropFirst().first.flatMap { $0 } ?? 1
let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
let corpusFile = arguments.count > 3 && !hasMode ? URL(filePath: arguments[3]) : root.appending(path: "README.md")
let corpus = try String(contentsOf: corpusFile, encoding: .utf8).split(separator: "\n").map(String.init).filter {
    !$0.isEmpty
}
let frontend = try TextFrontend(data: root.appending(path: "data"))
let sentenceCheck = SentenceCheck()

func fail(_ message: String, _ text: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n\(text.debugDescription)\n".utf8))
    exit(1)
}

/// How texts are read.
func reading(_ accent: Accent) -> ReadingStyle {
    let reading = ReadingStyle(language: language?.language ?? Language(accent))
    return language == .auto ? reading.detecting(frontend.languages) : reading
}

/// Reads the text and checks every place and symbol.
func check(_ text: String, _ accent: Accent) throws {
    let sentences = try frontend.sentences(in: text, reading: reading(accent))
    if let problem = sentenceCheck.problem(in: sentences, of: text) { fail(problem, text) }
}

/// Processor seconds of this process, so that a busy machine does not count.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

// How long a frontend takes to be made: the median of many, files in memory.
if arguments.contains("--startup") {
    let times = try (0..<41).map { _ in
        let start = processorSeconds()
        _ = try TextFrontend(data: root.appending(path: "data"))
        return processorSeconds() - start
    }.sorted()
    print(
        String(
            format: "start-up: median %.2f ms, least %.2f, most %.2f", 1e3 * times[20], 1e3 * times[0], 1e3 * times[40])
    )
    exit(0)
}

// How long a file of prose takes, a frontend's making included.
if let option = arguments.firstIndex(of: "--prose"), option + 1 < arguments.count {
    let text = try String(contentsOf: URL(filePath: arguments[option + 1]), encoding: .utf8)
    let start = processorSeconds()
    let fresh = try TextFrontend(data: root.appending(path: "data"))
    let count = try fresh.sentences(in: text, reading: reading(.american)).reduce(0) { sum, _ in sum + 1 }
    print("\(count) sentences, \(text.utf8.count) bytes: \(String(format: "%.2f", processorSeconds() - start)) s")
    exit(0)
}

// Which languages sentences are found to be of, and how long that takes beside loading what it needs.
if let option = arguments.firstIndex(of: "--detect"), option + 1 < arguments.count {
    let text = try String(contentsOf: URL(filePath: arguments[option + 1]), encoding: .utf8)
    let detection = Detection(frontend)
    let start = processorSeconds()
    try detection.find(".")
    let loaded = processorSeconds()
    try detection.find(text)
    let end = processorSeconds()
    for line in try detection.report(text) { print(line) }
    print(
        String(
            format: "%d bytes in %.3f s, loaded in %.1f ms", text.utf8.count, end - loaded, 1e3 * (loaded - start)))
    exit(0)
}

// Time must grow with the text and no faster: a text of one piece, twice as long, takes at most some three times as
// long.
if arguments.contains("--scaling") {
    let pieces = [
        "s'", "1", "a", "A.", "1,", "a-", "(", "[", "[[", "]", "&", "é", "e\u{301}", "😀", "\"", "'", "$", "1/", "1:",
        "-", ".", "<",
        "http://", "a@", "C:\\", "1 ", "a ", "the cat ", "\n", "1-2=", "[a](", "\u{202E}", "好", "5'", "3 sq ", "Mon-",
        "1 000 ", "&amp;", "[pause ", "<p ",
    ]
    for piece in pieces {
        var times: [Double] = []
        for size in [50_000, 100_000, 200_000] {
            let text = String(repeating: piece, count: size / piece.utf8.count)
            let start = processorSeconds()
            try check(text, .american)
            times.append(processorSeconds() - start)
        }
        let line = times.map { String(format: "%.3f", $0) }.joined(separator: " ")
        print("\(piece.debugDescription): \(line) s", times[2] > 3 * times[1] + 0.05 ? "GROWS TOO FAST" : "")
    }
    for piece in ["a", "1", "s'", "(", " ", "é", "."] {
        let text = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
        let start = processorSeconds()
        try check(text, .american)
        print("1 MB of \(piece.debugDescription): \(String(format: "%.2f", processorSeconds() - start)) s")
    }
    exit(0)
}

var texts = Texts(seed: seed, corpus: corpus)
let last = URL(filePath: "starling-fuzz.last")
let log = try {
    try Data().write(to: last)
    return try FileHandle(forWritingTo: last)
}()
var slowest = (seconds: 0.0, text: "")
var bytes = 0
let begin = processorSeconds()
for index in 0..<count {
    let text = texts.next(index)
    try log.seek(toOffset: 0)
    try log.write(contentsOf: Data(text.utf8))
    try log.truncate(atOffset: UInt64(text.utf8.count))
    let start = processorSeconds()
    try check(text, index % 2 == 0 ? .american : .british)
    let seconds = processorSeconds() - start
    bytes += text.utf8.count
    if seconds > slowest.seconds { slowest = (seconds, text) }
    if seconds > 2 { fail("took \(seconds) s", text) }
    if (index + 1) % 50_000 == 0 {
        print(
            "\(index + 1) texts, \(bytes >> 20) MB, \(Int(processorSeconds() - begin)) s, slowest \(slowest.seconds) s")
        fflush(nil)
    }
}
try? FileManager.default.removeItem(at: last)
print(
    "\(count) texts, \(bytes) bytes, none broke; slowest \(slowest.seconds) s: \(slowest.text.prefix(60).debugDescription)"
)
