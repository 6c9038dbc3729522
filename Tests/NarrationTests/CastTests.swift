import Books
import Foundation
import Narration
import Testing

@Suite struct CastTests {
    private static let toml = """
        # Who speaks
        narrator = "emma"   # the rest

        [speakers]
        Elizabeth = { voice = "heart", names = ["Lizzy", "Miss Bennet"], gender = "female" }
        "Mr. Darcy" = { voice = 'george', names = ["Darcy"], gender = "male" }
        """

    @Test func aCastIsRead() throws {
        let cast = try CastFile(parsing: Self.toml)
        #expect(cast.narrator == "emma")
        #expect(
            cast.speakers == [
                .init(names: ["Elizabeth", "Lizzy", "Miss Bennet"], voice: "heart", gender: "female"),
                .init(names: ["Mr. Darcy", "Darcy"], voice: "george", gender: "male"),
            ])
    }

    /// What is wrong is told with its line.
    @Test(arguments: [
        ("x = \"a\"", 1, "unknown key"), ("[speakers]\nAnn = 5", 2, "quoted"),
        ("[speakers]\nAnn = \"a", 2, "closing quote"),
        ("[speakers]\nAnn = \"a\" b", 2, "unexpected"), ("[voices]", 1, "[speakers]"), ("[speakers", 1, "] is missing"),
        ("[speakers]\nAnn = { names = [\"A\"] }", 2, "needs a voice"),
        ("[speakers]\nAnn = [\"a\"]", 2, "needs a voice"),
        ("[speakers]\nAnn = { voice = \"a\", age = \"9\" }", 2, "unknown key"),
        ("[speakers]\n\nAnn = \"a\"\nann = \"b\"", 4, "twice"),
        ("[speakers]\nAnn = { voice = \"a\", gender = \"x\" }", 2, "male or female"), ("", 0, "lists no speakers"),
        ("[speakers]\n\"\\x\" = \"a\"", 2, "may precede only"), ("[speakers]\n\"..\" = \"a\"", 2, "is not a name"),
    ]) func mistakesAreTold(_ text: String, _ line: Int, _ words: String) throws {
        let error = try #require(throws: NarrationError.self) { try CastFile(parsing: text, path: "c.toml") }
        #expect(
            "\(error)".contains(words) && "\(error)".contains(line > 0 ? "c.toml, line \(line):" : "c.toml:"),
            "\(error)")
    }

    @Test func damagedCastsNeverCrash() {
        let good = Array(Self.toml.unicodeScalars)
        let marks = Array("\"'[]{}=,#\\\n \u{0}é".unicodeScalars)
        var state: UInt64 = 5
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var refused = 0
        for _ in 0..<5_000 {
            var scalars = good
            for _ in 0..<1 + random(8) { scalars[random(scalars.count)] = marks[random(marks.count)] }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars.prefix(1 + random(scalars.count)))
            do { _ = try CastFile(parsing: String(text)) } catch {
                refused += 1
                #expect(!"\(error)".contains("\n"))
            }
        }
        #expect(refused > 1_000)
    }

    /// A chapter of paragraphs, and who says the quotations in each; "-" for nobody known.
    @Test(arguments: [
        (["“Come,” said Darcy, “I must have you dance.”"], ["Mr. Darcy"]),
        (["“I certainly shall not,” Mr. Darcy replied."], ["Mr. Darcy"]),
        (["Elizabeth smiled and said: “You are too kind.”"], ["Elizabeth"]),
        (["Darcy bowed. Elizabeth laughed.", "“Well!” she cried.", "“Indeed,” he said."], ["Elizabeth", "Mr. Darcy"]),
        (
            ["“Yes?” said Lizzy.", "“No,” said Darcy.", "“Why?”", "“Because.”"],
            ["Elizabeth", "Mr. Darcy", "Elizabeth", "Mr. Darcy"]
        ),
        (["“It rained,” said Elizabeth. “It always", "“does here.”"], ["Elizabeth", "Elizabeth"]),
        (["“Who is there?”"], ["-"]), (["“Never,” said Mrs. Hill."], ["Mrs Hill"]), (["“Stop!” cried the man."], ["-"]),
        (["\"Sit,\" said Elizabeth."], ["Elizabeth"]), (["Elizabeth took Darcy’s arm. “Shall we?”"], ["Elizabeth"]),
        (["“Has Darcy come?” asked Elizabeth."], ["Elizabeth"]),
        (["“Go,” said Darcy.", "“Go on,” said Elizabeth. “Go.”", "“No.”"], ["Mr. Darcy", "Elizabeth", "Mr. Darcy"]),
    ]) func quotationsFindTheirSpeakers(_ paragraphs: [String], _ speakers: [String]) throws {
        let book = Book(
            title: "T", author: nil, chapters: [.init(title: "One", text: paragraphs.joined(separator: "\n\n"))])
        let plan = CastPlan(book, cast: try CastFile(parsing: Self.toml))
        var counts: [String: Int] = [:]
        for part in plan.parts { counts[part.name] = part.quotations }
        if plan.open > 0 { counts["-"] = plan.open }
        var expected: [String: Int] = [:]
        for (paragraph, speaker) in zip(paragraphs.filter { $0.contains { "“\"".contains($0) } }, speakers) {
            expected[speaker, default: 0] +=
                paragraph.filter { $0 == "“" }.count + paragraph.filter { $0 == "\"" }.count / 2
        }
        #expect(counts == expected, "\(plan.chapters)")
    }

    @Test func twoMaySpeakInAParagraph() throws {
        let text = "“Go on,” said Darcy. “Why?” asked Lizzy. “Because,” he said, “it rains.”"
        let book = Book(title: "T", author: nil, chapters: [.init(title: "One", text: text)])
        let plan = CastPlan(book, cast: try CastFile(parsing: Self.toml))
        #expect(plan.parts.map(\.quotations) == [3, 1] && plan.parts.map(\.name) == ["Mr. Darcy", "Elizabeth"])
    }

    /// British books quote with single marks, which are apostrophes too.
    @Test func singleMarksAreQuotations() throws {
        let text = "‘Don’t go,’ said Darcy. The girls’ hats were ’tis said fine. ‘It’s late,’ said Darcy."
        let book = Book(title: "T", author: nil, chapters: [.init(title: "One", text: text)])
        let plan = CastPlan(book, cast: try CastFile(parsing: Self.toml))
        #expect(plan.parts == [.init(name: "Mr. Darcy", voice: "george", quotations: 2)])
        #expect(plan.chapters[0].hasPrefix("<speak><p><voice name=\"george\">‘Don’t go,’</voice> said Darcy."))
    }

    @Test func chaptersBecomeSSML() throws {
        let text = "One & <two>\n\n[pause 1500ms]\n\n“A \"b\",” said Darcy.\u{1}"
        let book = Book(title: "T", author: nil, chapters: [.init(title: "One", text: text)])
        let plan = CastPlan(book, cast: try CastFile(parsing: Self.toml))
        #expect(
            plan.chapters == [
                "<speak><p>One &amp; &lt;two&gt;</p><break time=\"1500ms\"/><p><voice name=\"george\">“A &quot;b&quot;,”</voice> said Darcy. </p></speak>"
            ])
        // Without a cast it tells whom the book names.
        #expect(CastPlan(book, cast: nil).parts == [.init(name: "Darcy", voice: nil, quotations: 1)])
    }
}
