import ArgumentParser

@main
struct Starling: ParsableCommand {}
