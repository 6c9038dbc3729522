// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// What only `starling serve` needs.
let server = TargetDependencyCondition.when(traits: ["Server"])

let package = Package(
    name: "starling",
    products: [
        // Each with the modules whose types its interface shows.
        .library(name: "Synthesis", targets: ["Synthesis", "TextFrontend", "VoiceModel", "SpeechSignal"]),
        .library(name: "Faces", targets: ["Faces", "Synthesis"]),
        .library(name: "Enrollment", targets: ["Enrollment", "VoiceModel"]),
        .library(name: "VoiceStore", targets: ["VoiceStore", "VoiceProfile"]),
        .library(name: "AudioIO", targets: ["AudioIO", "Files"]),
        .executable(name: "starling", targets: ["starling"]),
        // Reads and writes what libsndfile does not; `AudioIO` looks for it beside the running program.
        .executable(name: "starling-media", targets: ["starling-media"]),
    ],
    // `swift build --disable-default-traits --product starling` makes the command without `serve`: no server package is built.
    traits: [
        .trait(name: "Server", description: "The command `starling serve`."), .default(enabledTraits: ["Server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        // The server's.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        // The C libraries.
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavformat",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswresample-dev", "libavutil-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .target(name: "CKernels"),

        .target(name: "Files", dependencies: ["CKernels"], swiftSettings: settings),

        // The words that everything above shares: signal, frames, phonemes, accents.
        .target(name: "SpeechSignal", swiftSettings: settings),

        // The numeric core.
        .target(name: "Tensor", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: settings),
        .target(name: "Weights", dependencies: ["Files", "Tensor", "CKernels"], swiftSettings: settings),
        .target(
            name: "Spectral", dependencies: ["CFFTW", "CKernels", "SpeechSignal", "Tensor"], swiftSettings: settings),

        // Text in, samples out.
        .target(
            name: "TextFrontend", dependencies: ["Files", "SpeechSignal", "Tensor", "Weights"], swiftSettings: settings),
        .target(
            name: "VoiceProfile", dependencies: ["Files", "SpeechSignal", "Tensor", "Weights"], swiftSettings: settings),
        .target(
            name: "AcousticModel", dependencies: ["Files", "SpeechSignal", "Tensor", "Weights", "VoiceProfile"],
            swiftSettings: settings),
        .target(
            name: "Vocoder", dependencies: ["CKernels", "SpeechSignal", "Tensor", "Weights"],
            swiftSettings: settings),
        .target(
            name: "VoiceModel", dependencies: ["AcousticModel", "SpeechSignal", "Tensor", "Vocoder", "VoiceProfile"],
            swiftSettings: settings),
        .target(
            name: "SpeakerEncoder", dependencies: ["CKernels", "Tensor", "Weights", "Spectral", "VoiceProfile"],
            swiftSettings: settings
        ),
        .target(name: "Watermark", dependencies: ["Spectral"], swiftSettings: settings),
        .target(name: "AudioIO", dependencies: ["Files", "CSndfile", "CSoxr"], swiftSettings: settings),
        .target(
            name: "VoiceStore", dependencies: ["Files", "SpeechSignal", "VoiceProfile"], swiftSettings: settings),
        .target(
            name: "Adaptation",
            dependencies: ["AcousticModel", "SpeechSignal", "Tensor", "VoiceProfile", "Weights"],
            swiftSettings: settings),
        .target(
            name: "Enrollment",
            dependencies: [
                "Adaptation", "Files", "AudioIO", "SpeakerEncoder", "SpeechSignal", "AcousticModel", "TextFrontend",
                "Vocoder", "VoiceModel", "Spectral", "VoiceProfile", "VoiceStore", "Weights", "Tensor",
            ],
            swiftSettings: settings),
        .target(
            name: "Synthesis",
            dependencies: [
                "Files", "SpeechSignal", "TextFrontend", "AcousticModel", "Vocoder", "VoiceModel", "Watermark",
                "VoiceStore", "VoiceProfile", "Weights", "Tensor",
            ],
            swiftSettings: settings),
        .target(
            name: "Conversion",
            dependencies: [
                "AcousticModel", "AudioIO", "Enrollment", "SpeechSignal", "Synthesis", "Tensor", "Vocoder",
                "VoiceModel",
                "VoiceProfile", "Watermark",
            ],
            swiftSettings: settings),
        .target(name: "Books", dependencies: ["CZip", "Files", "TextFrontend"], swiftSettings: settings),
        .target(name: "Studio", resources: [.embedInCode("Page")], swiftSettings: settings),
        .target(
            name: "Batch",
            dependencies: ["Files", "AudioIO", "SpeechSignal", "Synthesis", "TextFrontend", "VoiceStore"],
            swiftSettings: settings),
        .target(
            name: "Narration",
            dependencies: ["Files", "AudioIO", "Books", "SpeechSignal", "Synthesis", "VoiceStore"],
            swiftSettings: settings),
        .target(
            name: "Pictures", dependencies: ["CCairo", "SpeechSignal", "Synthesis", "Tensor"], swiftSettings: settings),
        .target(name: "Faces", dependencies: ["SpeechSignal", "Synthesis"], swiftSettings: settings),
        .target(name: "SpeechClient", dependencies: ["Files", "SpeechSignal", "Synthesis"], swiftSettings: settings),
        .target(
            name: "SpeechServer",
            dependencies: [
                "CMalloc", "Conversion", "Faces", "Files", "Studio", "SpeechClient", "SpeechSignal", "Synthesis",
                "Enrollment", "AudioIO", "TextFrontend", "VoiceStore", "VoiceProfile",
                .product(name: "Hummingbird", package: "hummingbird", condition: server),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: server),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: server),
                .product(name: "UnixSignals", package: "swift-service-lifecycle", condition: server),
                .product(name: "NIOCore", package: "swift-nio", condition: server),
                .product(name: "NIOPosix", package: "swift-nio", condition: server),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: server),
                .product(name: "NIOWebSocket", package: "swift-nio", condition: server),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras", condition: server),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras", condition: server),
                .product(name: "Logging", package: "swift-log", condition: server),
                .product(name: "CoreMetrics", package: "swift-metrics", condition: server),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: server),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "starling",
            dependencies: [
                "CMalloc", "Faces", "Files", "SpeechSignal", "Synthesis", "AudioIO", "Batch", "Books", "Narration",
                "Pictures",
                "TextFrontend", "VoiceModel", "VoiceStore", "VoiceProfile", "Watermark", "Weights", "Tensor",
                "Conversion", "Enrollment", "SpeechClient",
                .target(name: "SpeechServer", condition: server),
                .product(name: "Logging", package: "swift-log", condition: server),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        .executableTarget(
            name: "starling-media", dependencies: ["CFFmpeg"],
            linkerSettings: ["avformat", "avcodec", "swresample", "avutil"].map { .linkedLibrary($0) }),

        .executableTarget(
            name: "starling-fuzz", dependencies: ["SpeechSignal", "TextFrontend"], path: "Fuzz",
            exclude: ["LibFuzzer", "throw.py"],
            swiftSettings: settings),
        .executableTarget(
            name: "starling-bench",
            dependencies: ["AcousticModel", "SpeechSignal", "Vocoder", "VoiceModel", "VoiceProfile", "Tensor"],
            path: "Benchmarks", exclude: ["Voices"], swiftSettings: settings),
        .executableTarget(
            name: "starling-voices-bench", dependencies: ["Enrollment", "SpeakerEncoder", "Weights"],
            path: "Benchmarks/Voices", swiftSettings: settings),

        .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: settings),
        .target(name: "Comparison", dependencies: ["Tensor"], path: "Tests/Comparison", swiftSettings: settings),
        .target(name: "TinyModel", path: "Tests/TinyModel", swiftSettings: settings),
        .target(name: "WaveFile", path: "Tests/WaveFile", swiftSettings: settings),
        .testTarget(
            name: "NumericTests", dependencies: ["Comparison", "CKernels", "Files", "Tensor", "Weights", "Spectral"],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "NetworkTests",
            dependencies: [
                "Comparison", "Files", "AcousticModel", "SpeechSignal", "Vocoder", "VoiceModel", "SpeakerEncoder",
                "VoiceProfile", "Weights", "Tensor",
            ],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "TextFrontendTests", dependencies: ["SpeechSignal", "TextFrontend"], resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(
            name: "AdaptationTests",
            dependencies: [
                "AcousticModel", "Adaptation", "Comparison", "SpeechSignal", "Tensor", "VoiceProfile", "Weights",
            ],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "EnrollmentTests",
            dependencies: [
                "Comparison", "Files", "Enrollment", "AcousticModel", "AudioIO", "SpeakerEncoder", "SpeechSignal",
                "Synthesis", "Tensor", "TextFrontend", "VoiceModel", "VoiceProfile", "VoiceStore", "WaveFile",
                "Weights",
            ],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(name: "BooksTests", dependencies: ["Books", "CZip"], swiftSettings: settings),
        .testTarget(
            name: "WatermarkTests", dependencies: ["Files", "Watermark", "AudioIO", "Synthesis"],
            swiftSettings: settings),
        .testTarget(
            name: "AudioIOTests", dependencies: ["AudioIO", "Files", "WaveFile", "starling-media"],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "VoiceStoreTests", dependencies: ["SpeechSignal", "VoiceStore", "VoiceProfile"],
            swiftSettings: settings),
        .testTarget(
            name: "SynthesisTests",
            dependencies: [
                "AcousticModel", "AudioIO", "SpeechSignal", "Synthesis", "Tensor", "TextFrontend", "TinyModel",
                "VoiceModel",
                "VoiceProfile", "VoiceStore", "Vocoder",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SpeechServerTests",
            dependencies: [
                "AudioIO", "Conversion", "Enrollment", "Files", "SpeechClient", "SpeechServer", "SpeechSignal",
                "Synthesis",
                "TinyModel", "VoiceModel", "VoiceProfile", "VoiceStore",
                .product(name: "Logging", package: "swift-log", condition: server),
            ],
            swiftSettings: settings),
        .testTarget(name: "FacesTests", dependencies: ["Faces", "SpeechSignal", "Synthesis"], swiftSettings: settings),
        .testTarget(name: "BatchTests", dependencies: ["Batch", "Synthesis"], swiftSettings: settings),
        .testTarget(
            name: "NarrationTests", dependencies: ["Narration", "AudioIO", "Books", "Synthesis", "VoiceStore"],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "AudioIO", "CZip", "TinyModel", "SpeechSignal", "VoiceProfile", "VoiceStore", "WaveFile", "starling",
            ],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
