import Books
import Narration
import SpeechSignal
import Testing

@Suite struct BookLanguageTests {
    private static let spoken: [Language] = [
        .americanEnglish, .britishEnglish, .europeanSpanish, .latinAmericanSpanish, .french,
    ]

    private func book(_ language: String?, chapters: String?...) -> Book {
        var book = Book(
            title: "Babel", author: nil,
            chapters: chapters.map { Book.Chapter(title: "", text: "One.", language: $0) })
        book.language = language
        return book
    }

    @Test func aChapterIsReadInTheLanguageThatItDeclares() throws {
        let book = book("es", chapters: "fr", nil, "en-GB", "es-MX", "la", "und", "nonsense")
        let language = try book.language(among: Self.spoken)
        let read = book.chapters.indices.map { book.language(ofChapter: $0, in: language, among: Self.spoken) }
        #expect(language == .europeanSpanish)
        #expect(read[0] == .french && read[2] == nil)
        for index in [1, 3, 4, 5, 6] { #expect(read[index] == .europeanSpanish, "chapter \(index + 1)") }
        #expect(book.unspokenChapters(among: Self.spoken) == [4])
    }

    @Test func anEnglishBookStaysInTheAccentOfItsVoice() throws {
        let book = book("en-US", chapters: "en-GB", "es", nil)
        let language = try book.language(among: Self.spoken)
        let read = book.chapters.indices.map { book.language(ofChapter: $0, in: language, among: Self.spoken) }
        #expect(language == nil && read == [nil, .europeanSpanish, nil])
    }

    @Test func whatIsForgottenIsReadInTheLanguageThatIsAskedFor() {
        var book = book("es", chapters: "fr", "la")
        book.forgetLanguages()
        #expect(book.language == nil && book.unspokenChapters(among: Self.spoken).isEmpty)
        #expect(book.language(ofChapter: 0, in: .french, among: Self.spoken) == .french)
    }
}
