import AcousticModel
import Comparison
import Foundation
import Testing

@Suite struct PhonemeAlphabetTests {
    @Test func encodes() throws {
        let alphabet = PhonemeAlphabet(symbols: ["a", "ˈ", "ɜ"])
        #expect(alphabet.encode("ˈɜ?a") == [0, 2, 3, 1, 0])
        #expect(alphabet.encode("") == [0, 0])
        #expect(alphabet.symbol(of: 3) == "ɜ" && alphabet.symbol(of: 0) == nil && alphabet.symbol(of: 4) == nil)
        #expect(alphabet.contains("a") && !alphabet.contains("b"))
    }

    @Test(arguments: ["", "[]", "[1]", #"["ab"]"#, #"["a","a"]"#, "{}"]) func refusesOtherFiles(text: String) throws {
        try withTemporaryFile { url in
            try Data(text.utf8).write(to: url)
            #expect(throws: AcousticError.self) { try PhonemeAlphabet(contentsOf: url) }
        }
    }
}
