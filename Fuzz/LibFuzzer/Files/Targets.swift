import Foundation

/// What this program takes; the server has one of its own, since it takes longer to build.
let targets: [String: @Sendable (_ repository: URL) throws -> any FuzzTarget] = [
    "audio": { _ in AudioTarget() },
    "safetensors": { _ in try SafetensorsTarget() },
    "text": { try TextTarget(repository: $0) },
    "voice": { try VoiceTarget(repository: $0) },
    "manifest": { _ in ManifestTarget() },
    "book": { _ in try BookTarget() },
    "cast": { _ in CastTarget() },
]

@_cdecl("fuzz_files_main")
func main(_ count: CInt, _ arguments: Arguments) -> CInt { runFuzzer(count, arguments) }
