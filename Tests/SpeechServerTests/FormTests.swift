import Foundation
import SpeechServer
import Testing

/// The reader of multipart/form-data, strict and the same however the bytes come in pieces.
@Suite struct Forms {
    private static let type = "multipart/form-data; boundary=frontier"
    private static let limits = MultipartReader.Limits(bytes: 100_000, files: 3)

    /// Reads a body in pieces of the given sizes, which are used over and over.
    private static func read(
        _ body: some Collection<UInt8>, pieces: [Int] = [1 << 20], type: String = type,
        limits: MultipartReader.Limits = limits
    ) throws -> [FormPart] {
        var reader = try MultipartReader(contentType: type, limits: limits)
        var rest = Array(body)[...]
        var turn = 0
        while !rest.isEmpty {
            let size = pieces[turn % pieces.count]
            turn += 1
            try reader.feed(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return try reader.finish()
    }

    private static func outcome(_ body: some Collection<UInt8>, pieces: [Int] = [1 << 20]) -> Result<
        [FormPart], FormError
    > {
        do {
            return .success(try read(body, pieces: pieces))
        } catch let error as FormError {
            return .failure(error)
        } catch {
            Issue.record("\(error)")
            return .failure(.unfinished)
        }
    }

    private static func text(_ lines: String...) -> [UInt8] { Array(lines.joined(separator: "\r\n").utf8) }

    @Test func aFormAsCurlSendsIt() throws {
        let body = Self.text(
            "--frontier", "Content-Disposition: form-data; name=\"name\"", "", "ann", "--frontier",
            "Content-Disposition: form-data; name=\"recording\"; filename=\"a b.wav\"", "Content-Type: audio/wav", "",
            "RIFF\r\n--frontie\r\n--", "--frontier", "content-disposition:form-data;name=empty", "", "",
            "--frontier--", "")
        let parts = try Self.read(body)
        #expect(parts.map(\.name) == ["name", "recording", "empty"])
        #expect(parts.map(\.filename) == [nil, "a b.wav", nil])
        #expect(parts[1].contentType == "audio/wav")
        #expect(parts.map { String(decoding: $0.bytes, as: UTF8.self) } == ["ann", "RIFF\r\n--frontie\r\n--", ""])
    }

    @Test func namesAsProgramsWriteThem() throws {
        func filename(_ header: String) throws -> String? {
            try Self.read(
                Self.text("--frontier", "Content-Disposition: form-data; name=r; \(header)", "", "x", "--frontier--"))[
                    0
                ]
                .filename
        }
        #expect(try filename("filename=\"a%22b.wav\"") == "a\"b.wav")
        #expect(try filename("filename=\"a\\\"b\\\\.wav\"") == "a\"b\\.wav")
        #expect(try filename("filename=\"C:\\ann\\b.wav\"") == "C:\\ann\\b.wav")
        #expect(try filename("filename=plain.wav") == "plain.wav")
        #expect(try filename("FileName=\"Größe.wav\"") == "Größe.wav")
        #expect(try filename("filename=\"\"") == "")
    }

    @Test func boundaries() throws {
        for boundary in [
            "a", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "\"with blanks and :?\"", String(repeating: "b", count: 70),
        ] {
            let bare = boundary.replacingOccurrences(of: "\"", with: "")
            let body = Self.text("--\(bare)", "Content-Disposition: form-data; name=n", "", "v", "--\(bare)--")
            #expect(try Self.read(body, type: "Multipart/Form-Data; boundary=\(boundary)").count == 1)
        }
        for type in [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=\(String(repeating: "b", count: 71))", "multipart/mixed; boundary=a",
            "multipart/form-data; boundary=ä", "multipart/form-data; boundary=\"a\nb\"",
            "multipart/form-data; boundary=\"a \"",
            "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=\"a",
        ] {
            #expect(throws: FormError.noBoundary) { try MultipartReader(contentType: type, limits: Self.limits) }
        }
    }

    static let malformed: [[UInt8]] = [
        text("preamble", "--frontier", "Content-Disposition: form-data; name=n", "", "v", "--frontier--"),
        text("--frontier", "", "v", "--frontier--"),
        text("--frontier", "Content-Disposition: attachment; name=n", "", "v", "--frontier--"),
        text("--frontier", "Content-Disposition: form-data", "", "v", "--frontier--"),
        text("--frontier", "Content-Disposition: form-data; name=n; name=m", "", "v", "--frontier--"),
        text("--frontier", "Content-Disposition: form-data; name=\"n", "", "v", "--frontier--"),
        text("--frontier", "Content-Disposition: form-data; name=n x", "", "v", "--frontier--"),
        text("--frontier", "Content Disposition: form-data; name=n", "", "v", "--frontier--"),
        text("--frontier", "no header at all", "", "v", "--frontier--"),
        text("--frontier", "Content-Disposition: form-data; name=n", "A: \u{1}", "", "v", "--frontier--"),
        text(
            "--frontier", "Content-Disposition: form-data; name=n", "Content-Transfer-Encoding: base64", "", "dg==",
            "--frontier--"),
        text("--frontier", "Content-Disposition: form-data; name=n", "", "v", "--frontier--", "more"),
        text("--frontier", "Content-Disposition: form-data; name=n", "", "v", "--frontierx"),
        text("--frontier", "Content-Disposition: form-data; name=n", "", "v", "--frontier-x"),
        text("--frontier") + Array("\nContent-Disposition: form-data; name=n\n\nv\n--frontier--".utf8),
        text("--frontier", "X: " + String(repeating: "x", count: 9_000), "", "v", "--frontier--"),
        text("--frontier", (0..<17).map { "X\($0): x" }.joined(separator: "\r\n"), "", "v", "--frontier--"),
        Array("--frontier\r\nContent-Disposition: form-data; name=\"".utf8) + [0xff, 0xfe]
            + Array("\"\r\n\r\nv\r\n--frontier--".utf8),
        Array("--frontier".utf8) + [UInt8](repeating: 32, count: 1_000),
    ]

    @Test(arguments: malformed.indices) func whatIsNoForm(index: Int) throws {
        for pieces in [[1 << 20], [1], [7, 3]] {
            guard case .failure(.malformed) = Self.outcome(Self.malformed[index], pieces: pieces) else {
                Issue.record("\(String(decoding: Self.malformed[index].prefix(200), as: UTF8.self))")
                continue
            }
        }
    }

    @Test func limitsHold() throws {
        func part(_ name: String, file: Bool, bytes: Int) -> [UInt8] {
            Self.text(
                "--frontier", "Content-Disposition: form-data; name=\(name)" + (file ? "; filename=f" : ""), "",
                String(repeating: "x", count: bytes), "")
        }
        let end = Array("--frontier--".utf8)
        #expect(throws: FormError.tooLarge(limit: 100_000)) { try Self.read(part("r", file: true, bytes: 100_000)) }
        #expect(throws: FormError.fieldTooLong(name: "t", limit: 16 << 10)) {
            try Self.read(part("t", file: false, bytes: 20_000), pieces: [1_000])
        }
        #expect(throws: FormError.tooManyFiles(limit: 3)) {
            try Self.read((0..<4).flatMap { _ in part("r", file: true, bytes: 1) } + end)
        }
        #expect(try Self.read((0..<3).flatMap { _ in part("r", file: true, bytes: 30_000) } + end).count == 3)
        guard case .failure(.malformed) = Self.outcome((0..<33).flatMap { _ in part("t", file: false, bytes: 1) } + end)
        else { return #expect(Bool(false), "33 fields") }
    }

    /// Random forms come back as they were, in pieces of any size; spoilt ones give the same error or the same parts
    /// whatever the pieces are, and whatever is cut off at the end is never taken for a whole form.
    @Test func fuzz() throws {
        var numbers = SystemNumbers(seed: 20_261_122)
        let alphabet = Array("\r\n-- frontier\"\\;=:a".utf8)
        func content() -> [UInt8] {
            switch numbers.below(4) {
            case 0: return (0..<numbers.below(40)).map { _ in alphabet[numbers.below(alphabet.count)] }
            case 1: return (0..<numbers.below(3_000)).map { _ in UInt8(numbers.below(256)) }
            case 2: return Array("\r\n--frontie".utf8.prefix(numbers.below(12)))
            default: return []
            }
        }
        func sizes() -> [Int] { (0...numbers.below(4)).map { _ in 1 + numbers.below(numbers.below(2) == 0 ? 5 : 700) } }
        let delimiter = Array("\r\n--frontier".utf8)
        var whole = 0
        for _ in 0..<4_000 {
            var body: [UInt8] = []
            var contents: [Data] = []
            for index in 0..<numbers.below(4) {
                var bytes = content()
                while (delimiter + bytes).dropFirst().firstRange(of: delimiter) != nil
                    || bytes.firstRange(of: delimiter) != nil
                {
                    bytes = content()
                }
                let file = numbers.below(2) == 0
                body += Self.text(
                    "--frontier",
                    "Content-Disposition: form-data; name=\"p\(index)\"" + (file ? "; filename=\"f\"" : ""),
                    "", "")
                body += bytes + [13, 10]
                contents.append(Data(bytes))
            }
            body += Array("--frontier--".utf8)
            guard case .success(let parts) = Self.outcome(body, pieces: sizes()) else {
                // Texts have a limit of their own, which 3,000 bytes do not reach.
                Issue.record("a true form was refused: \(Data(body).base64EncodedString())")
                return
            }
            #expect(parts.map(\.bytes) == contents)
            whole += parts.count

            // Nothing that is cut off is whole, except that a form needs no line end behind it.
            let cut = body.prefix(numbers.below(body.count))
            if case .success = Self.outcome(cut, pieces: sizes()) {
                Issue.record("taken for whole: \(Data(cut).base64EncodedString())")
            }
            for _ in 0..<4 {
                var spoilt = body
                for _ in 0...numbers.below(3) {
                    let place = numbers.below(spoilt.count)
                    switch numbers.below(3) {
                    case 0: spoilt[place] = alphabet[numbers.below(alphabet.count)]
                    case 1: spoilt.remove(at: place)
                    default: spoilt.insert(UInt8(numbers.below(256)), at: place)
                    }
                    if spoilt.isEmpty { break }
                }
                let outcome = Self.outcome(spoilt)
                #expect(outcome == Self.outcome(spoilt, pieces: sizes()))
            }
        }
        #expect(whole > 4_000)
    }
}

/// SplitMix64.
struct SystemNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return limit == 0 ? 0 : Int((z ^ (z >> 31)) % UInt64(limit))
    }
}
