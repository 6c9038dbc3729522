import Books
import Foundation
import Testing

@Suite struct TextBookTests {
    private func book(_ text: String, _ name: String) throws -> Book {
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appending(path: name))
        return try Book(contentsOf: folder.appending(path: name))
    }

    @Test func plainTextHasChapterLines() throws {
        let text = """
            Title: My Tale
            Author: Bob Writer

            *** START OF THE PROJECT GUTENBERG EBOOK MY TALE ***

            CHAPTER I.

            CHAPTER II.

            CHAPTER I.
            Down the Hole

            Alice was tired
            of sitting.

            * * *

            Chapter of accidents follows.

            PART TWO

            CHAPTER II. The End

            It ended.

            Epilogue

            Bye.

            *** END OF THE PROJECT GUTENBERG EBOOK MY TALE ***
            Licence terms.
            """
        let book = try book(text, "tale.txt")
        #expect(book.title == "My Tale" && book.author == "Bob Writer")
        #expect(
            book.chapters.map(\.title) == ["CHAPTER I. Down the Hole", "PART TWO: CHAPTER II. The End", "Epilogue"])
        #expect(
            book.chapters[0].text.contains("Alice was tired\nof sitting.\n\n[pause 1500ms]\n\nChapter of accidents"))
        #expect(!book.chapters.contains { $0.text.contains("Licence") })
    }

    @Test func textWithoutChaptersIsOne() throws {
        let book = try book("Just a few words.\n\nPart of the reason was rain.\n", "short.txt")
        #expect(
            book.chapters == [Book.Chapter(title: "short", text: "Just a few words.\n\nPart of the reason was rain.\n")]
        )
    }

    @Test func markdownLosesItsMarks() throws {
        let text = """
            ---
            title: "A Doc"
            author: Me
            ---
            # The Book

            Intro *text* with a [link](http://x.y/z), ![pic](a.png)and `code` and a note[^1].

            ## One

            - item one
            - [ ] item **two**

            | A | B |
            |---|---|
            | 1 | 2 |

            ```swift
            let x = 1
            ```

            > quoted words
            > more

            ---

            After the break, snake_case stays.

            [^1]: The note.

            Two
            ---

            Text <b>bold</b> & more. [pause 9s]
            """
        let book = try book(text, "doc.md")
        #expect(book.title == "A Doc" && book.author == "Me")
        #expect(book.chapters.map(\.title) == ["Opening", "One", "Two"])
        #expect(book.chapters[0].text.hasSuffix("Intro text with a link, and code and a note."))
        #expect(
            book.chapters[1].text == """
                One

                [pause 1s]

                item one

                item two

                A, B.

                1, 2.

                quoted words
                more

                [pause 1500ms]

                After the break, snake_case stays.
                """)
        #expect(book.chapters[2].text.hasSuffix("Text bold & more. [ pause 9s]"))
    }

    @Test func othersAreRefusedWithAWayOut() throws {
        func complaint(_ bytes: [UInt8], _ name: String) -> String {
            let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)-\(name)")
            defer { try? FileManager.default.removeItem(at: url) }
            do {
                try Data(bytes).write(to: url)
                _ = try Book(contentsOf: url)
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(complaint(Array("%PDF-1.7".utf8), "a.pdf").contains("ebook-convert"))
        #expect(complaint([0xFF, 0xE4, 0x41], "a.txt").contains("iconv"))
        #expect(complaint(Array(" \n".utf8), "a.txt").contains("no text"))
        #expect(complaint([0x50, 0x4B, 3, 4, 0, 0], "a.epub").contains("damaged"))
        let missing = #expect(throws: BookError.self) { try Book(contentsOf: URL(filePath: "/nonexistent/a.txt")) }
        #expect(missing?.description.contains("check the name") == true)
    }
}
