public import ArgumentParser
public import VoiceModel

/// Which networks speak: an option of every command that speaks.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .customLong("model"),
        help: "The networks that speak: base, or small, which takes about half the time and is less natural.")
    var size = ModelSize.base
}

extension ModelSize: ExpressibleByArgument {}
