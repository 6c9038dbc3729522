import Foundation

/// What this program takes.
let targets: [String: @Sendable (_ repository: URL) throws -> any FuzzTarget] = [
    "http": { try HTTPTarget(repository: $0) },
    "live": { try LiveTarget(repository: $0) },
    "wyoming": { try WyomingTarget(repository: $0) },
]

@_cdecl("fuzz_server_main")
func main(_ count: CInt, _ arguments: Arguments) -> CInt { runFuzzer(count, arguments) }
