import Files
public import Foundation
public import TextFrontend
import VoiceStore

extension UserLexicon {
    /// The lexicons that hold for everything its owner has spoken: `starling/lexicon.txt` in the XDG configuration
    /// folder, then in the XDG data folder. Those that do not exist are left out.
    ///
    /// - Throws: `FrontendError` with file, line and column of a mistake.
    public static func personal(environment: [String: String] = ProcessInfo.processInfo.environment)
        throws(FrontendError) -> [UserLexicon]
    {
        var result: [UserLexicon] = []
        for file in personalFiles(environment: environment)
        where FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) {
            result.append(try UserLexicon(contentsOf: file))
        }
        return result
    }

    /// Where personal lexicons are looked for.
    public static func personalFiles(environment: [String: String] = ProcessInfo.processInfo.environment) -> [URL] {
        [BaseFolder.configuration, .data].compactMap {
            $0.url(environment: environment)?.appending(path: "starling/lexicon.txt")
        }
    }
}

extension Voice {
    /// Its own lexicon, if it has one.
    func words() throws(FrontendError) -> [UserLexicon] {
        guard let lexicon else { return [] }
        return [try UserLexicon(parsing: lexicon, name: "lexicon of the voice \(name)")]
    }
}
