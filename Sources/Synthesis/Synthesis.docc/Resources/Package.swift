// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "speak",
    dependencies: [.package(name: "starling", path: "../starling")],
    targets: [
        .executableTarget(
            name: "speak",
            dependencies: [
                .product(name: "Synthesis", package: "starling"), .product(name: "AudioIO", package: "starling"),
            ])
    ]
)
