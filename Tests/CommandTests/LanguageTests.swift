import CZip
import Foundation
import Testing
import TinyModel

/// The program with a network that speaks English, Spanish and Italian, and not French.
@Suite struct LanguageCommands {
    private static let spanish = "La carta llegó el lunes. Nadie sabía quién la había escrito."

    /// A folder, and the options that name the network's data.
    private func withSmall(_ body: (_ folder: URL, _ run: ([String]) throws -> Program.Outcome) throws -> Void) throws {
        try withFolder { outside in
            let data = try TinyModel.link(in: outside).path(percentEncoded: false)
            try withFolder { folder in
                try body(folder) { try Program.run($0 + ["--data", data], in: folder) }
            }
        }
    }

    private func languages(_ file: String, in folder: URL) throws -> [String?] {
        let data = try Data(contentsOf: folder.appending(path: file))
        let timings = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(timings["sentences"] as? [[String: Any]]).map { $0["language"] as? String }
    }

    @Test func sayTakesALanguageOrFindsIt() throws {
        try withSmall { folder, run in
            func say(_ text: String, _ arguments: String...) throws -> Program.Outcome {
                try run(["say", text, "-o", "a.wav", "--timings", "a.json"] + arguments)
            }
            #expect(try say(Self.spanish, "--language", "es-MX").status == 0)
            #expect(try languages("a.json", in: folder) == ["es-419", "es-419"])
            #expect(
                try say("The letter came on Monday. " + Self.spanish, "--language", "auto", "-v", "emma").status == 0)
            #expect(try languages("a.json", in: folder) == ["en-GB", "es-ES", "es-ES"])
            #expect(try say(Self.spanish).status == 0)
            #expect(try languages("a.json", in: folder) == ["en-US", "en-US"])
            for name in try names(in: folder) where name.hasPrefix("a.") {
                try FileManager.default.removeItem(at: folder.appending(path: name))
            }
            try BadInput.expectRefusal(say("Oui.", "--language", "fr"), "it speaks en, es, it", in: folder)
            try BadInput.expectRefusal(
                say("Sim.", "--language", "pt"),
                "does not speak pt-BR, which phonemize alone reads; it speaks en, es, it", in: folder)
            #expect(try Program.run(["phonemize", "--language", "pt", "Sim."], in: folder).text == "sˈiŋ.\n")
            let unknown = try say("Hi.", "--language", "tlh")
            #expect(unknown.status == 64 && unknown.complaint.contains("use one of en-US"), "\(unknown.complaint)")
        }
    }

    /// Text in another script is passed over in every language, and said to be so where nothing is left.
    @Test(arguments: ["en", "es", "it", "auto"]) func anotherScriptIsPassedOver(language: String) throws {
        try withSmall { folder, run in
            try BadInput.expectRefusal(
                run(["say", "你好，世界！", "-o", "a.wav", "--language", language]), "can be spoken", in: folder)
            let mixed = try run(["say", "Radio 你好 Radio", "-o", "a.wav", "--language", language])
            #expect(mixed.status == 0, "\(mixed.complaint)")
            let told = try Program.run(["phonemize", "--explain", "--language", language, "Radio 你好"], in: folder)
            #expect(told.text.contains("你好 →  (foreign)"), "\(told.text)")
        }
    }

    @Test func phonemizeFindsLanguages() throws {
        try withFolder { folder in
            func phonemize(_ text: String, _ arguments: String...) throws -> String {
                let outcome = try Program.run(["phonemize"] + arguments, input: Data(text.utf8), in: folder)
                #expect(outcome.status == 0, "\(outcome.complaint)")
                return outcome.text
            }
            let lines = "The letter came on Monday.\n\(Self.spanish)\nMadrid.\nIl est déjà parti, et nous aussi.\n"
            let found = try phonemize(lines, "--language", "auto").split(separator: "\n")
            let languages = ["en", "es", "es", "fr"]
            for ((line, read), language) in zip(zip(lines.split(separator: "\n"), found), languages) {
                #expect(try phonemize(String(line), "--language", language) == read + "\n", "\(line)")
            }
            let json = try phonemize(Self.spanish + " It was late.", "--language", "auto", "--print", "json")
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            #expect(object?["languages"] as? [String] == ["es-ES", "en-US"])
            #expect(try phonemize(Self.spanish, "--language", "auto", "--explain").contains("read as es-ES"))
        }
    }

    @Test func batchItemsNameTheirLanguage() throws {
        try withSmall { folder, run in
            func batch(_ lines: String..., options: [String] = []) throws -> Program.Outcome {
                try Data(lines.joined(separator: "\n").utf8).write(to: folder.appending(path: "list.jsonl"))
                return try run(["batch", "list.jsonl", "-o", "out", "--no-progress"] + options)
            }
            let lines = [
                #"{"id": "a", "text": "\#(Self.spanish)", "language": "es"}"#,
                #"{"id": "b", "text": "\#(Self.spanish)"}"#,
                #"{"id": "c", "text": "\#(Self.spanish)", "language": "auto"}"#,
            ]
            let first = try batch(lines[0], lines[1], lines[2], options: ["--language", "it"])
            #expect(first.status == 0, "\(first.complaint)")
            func file(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: "out/\(name).wav")) }
            for (name, language) in [("a", "es"), ("b", "it"), ("c", "auto")] {
                #expect(try run(["say", Self.spanish, "-o", "said.wav", "--language", language]).status == 0)
                #expect(try Data(contentsOf: folder.appending(path: "said.wav")) == file(name), "\(name)")
            }
            #expect(try file("a") == file("c") && file("a") != file("b"))
            // A language is a part of the request: another one is spoken again, and the rest stays.
            let plan = try batch(lines[0], lines[1], lines[2], options: ["--language", "en", "--dry-run"])
            #expect(plan.text.contains("2 are done, 1 are left"), "\(plan.text)")
            for (line, words) in [
                (#"{"id": "x", "text": "Oui.", "language": "fr"}"#, "it speaks en, es, it"),
                (#"{"id": "x", "text": "Sim.", "language": "pt"}"#, "it speaks en, es, it"),
                (#"{"id": "x", "text": "Hi.", "language": "tlh"}"#, "use one of en-US"),
                (#"{"id": "x", "text": "Hi.", "language": 3}"#, "its language is not a string"),
            ] {
                let outcome = try batch(lines[0], line)
                #expect(outcome.status == 1 && outcome.lines.count == 1 && outcome.complaint.contains("line 2"))
                #expect(outcome.complaint.contains(words), "\(outcome.complaint)")
            }
            let refused = try batch(lines[1], options: ["--language", "fr"])
            #expect(refused.status == 1 && refused.complaint.contains("does not speak fr-FR"), "\(refused.complaint)")
        }
    }

    @Test func theDoctorAndTheVoicesTellWhatIsSpoken() throws {
        try withSmall { _, run in
            // What the tiny network says is not speech to make a voice of, which the doctor finds too.
            let doctor = try run(["doctor"])
            let lines = doctor.text.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("speaks ") && $0.hasSuffix(" en, es, it") }, "\(doctor.text)")
            #expect(lines.contains { $0.hasPrefix("reads ") && $0.contains("fr-CH") })
            #expect(try run(["voices"]).text.contains("Every voice speaks en, es, it."))
            #expect(try !run(["voices", "list", "--names"]).text.contains("speaks"))
            #expect(try run(["voices", "show", "emma"]).text.contains("languages   en, es, it\n"))
        }
    }

    // MARK: Books

    /// Writes an EPUB of one chapter that says it is in a language.
    private func writeBook(_ language: String?, _ text: String, to url: URL) throws {
        let tag = language.map { "<dc:language>\($0)</dc:language>" } ?? ""
        let files = [
            (
                "META-INF/container.xml",
                "<container><rootfiles><rootfile full-path=\"book.opf\"/></rootfiles></container>"
            ),
            (
                "book.opf",
                """
                <package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
                xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Libro</dc:title>\(tag)</metadata><manifest>
                <item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref
                idref="a"/></spine></package>
                """
            ), ("a.xhtml", "<html><body><h1>Uno</h1><p>\(text)</p></body></html>"),
        ]
        var code: Int32 = 0
        let archive = try #require(zip_open(url.path(percentEncoded: false), ZIP_CREATE | ZIP_TRUNCATE, &code))
        for (name, content) in files {
            let bytes = Array(content.utf8)
            let copy = try #require(malloc(bytes.count))
            copy.copyMemory(from: bytes, byteCount: bytes.count)
            let source = try #require(zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1))
            try #require(zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8)) >= 0)
        }
        try #require(zip_close(archive) == 0)
    }

    @Test func booksAreReadInTheirLanguage() throws {
        try withSmall { folder, run in
            func narrate(_ language: String?, _ options: String...) throws -> Program.Outcome {
                try writeBook(language, Self.spanish, to: folder.appending(path: "book.epub"))
                return try run(["narrate", "book.epub", "-o", "out", "--format", "wav"] + options)
            }
            func spoken() throws -> Data {
                let out = folder.appending(path: "out")
                let name = try #require(try names(in: out).first { $0.hasSuffix(".wav") })
                return try Data(contentsOf: out.appending(path: name))
            }
            var heard: [String: Data] = [:]
            for (name, language, options) in [
                ("es", "es", []), ("spa", "spa", []), ("es-ES", "es-ES", []), ("chosen", "en", ["--language", "es"]),
                ("found", nil, ["--language", "auto"]), ("en", "en-GB", []), ("none", nil, []), ("und", "und", []),
                ("nonsense", "Spanish language", []), ("overruled", "de", ["--language", "en-US"]),
            ] as [(String, String?, [String])] {
                let outcome =
                    options.isEmpty ? try narrate(language) : try narrate(language, options[0], options[1])
                #expect(outcome.status == 0, "\(name): \(outcome.complaint)")
                heard[name] = try spoken()
            }
            for name in ["spa", "es-ES", "chosen", "found"] { #expect(heard[name] == heard["es"], "\(name)") }
            // English is read as the voice speaks it, whatever region the book has.
            for name in ["none", "und", "nonsense", "overruled"] { #expect(heard[name] == heard["en"], "\(name)") }
            #expect(heard["en"] != heard["es"])
            for (language, word) in [
                ("de", "\"de\""), ("fr-CA", "\"fr-CA\""), ("pt-BR", "\"pt-BR\""), ("tlh", "\"tlh\""),
            ] {
                let outcome = try narrate(language)
                #expect(outcome.status == 1 && outcome.lines.count == 1, "\(outcome.complaint)")
                #expect(
                    outcome.complaint.contains(word) && outcome.complaint.contains("--language"), "\(outcome.complaint)"
                )
            }
            for (language, tag) in [("fr", "fr-FR"), ("pt", "pt-BR")] {
                #expect(try narrate("es", "--language", language).complaint.contains("does not speak \(tag)"))
            }
        }
    }
}
