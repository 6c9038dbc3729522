import Foundation
import Synthesis

@main struct Answer {
    static func main() async throws {
        let text = AsyncStream<String> { continuation in
            Task {
                for word in "It was late. Nobody came, and after an hour the lamp went out.".split(separator: " ") {
                    continuation.yield(word + " ")
                    try await Task.sleep(for: .milliseconds(30))
                }
                continuation.finish()
            }
        }
        for await piece in text { print(piece, terminator: "") }
    }
}
