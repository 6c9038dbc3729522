// swift-tools-version: 6.1
import PackageDescription

/// Small complete programs over Starling's libraries; `make test-examples` builds and runs them.
let package = Package(
    name: "starling-examples",
    dependencies: [.package(name: "starling", path: "..")],
    targets: [
        .executableTarget(
            name: "speak",
            dependencies: [
                .product(name: "Synthesis", package: "starling"), .product(name: "AudioIO", package: "starling"),
            ]),
        .executableTarget(name: "stream", dependencies: [.product(name: "Synthesis", package: "starling")]),
        .executableTarget(name: "answer", dependencies: [.product(name: "Synthesis", package: "starling")]),
        .executableTarget(
            name: "enroll",
            dependencies: [
                .product(name: "Enrollment", package: "starling"), .product(name: "Synthesis", package: "starling"),
                .product(name: "VoiceStore", package: "starling"), .product(name: "AudioIO", package: "starling"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
