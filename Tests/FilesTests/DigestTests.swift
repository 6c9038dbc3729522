import Files
import Foundation
import Testing

@Suite struct DigestTests {
    /// FIPS 180-4's examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]) func sha256(text: String, digest: String) throws {
        #expect(Digest.sha256(Array(text.utf8)) == digest)
        try withFolder { folder in
            let url = folder.appending(path: "file")
            try Data(text.utf8).write(to: url)
            #expect(try Digest.sha256(contentsOf: url) == digest)
        }
    }

    @Test func listsDoNotRunIntoEachOther() {
        let lists = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["1:abc"], []]
        #expect(Set(lists.map { Digest.sha256(parts: $0) }).count == lists.count)
    }
}
