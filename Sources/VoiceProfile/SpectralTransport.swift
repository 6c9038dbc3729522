/// What brings the mel spectra of the acoustic model to those of a voice: a map, palettes, and another map.
///
/// Both maps are optimal transport between two normal distributions, of what the model says and of what the voice's owner says
/// (the linear colour transfer between pictures of Pitié and Kokaram, 2007). Between them every frame goes some of the way to
/// the nearest sound of the voice, which no normal distribution knows; what that takes from the distribution the second map
/// gives back. Enrollment finds all three in a rehearsal.
public struct SpectralTransport: Sendable, Equatable {
    /// Brings the model's frames near the voice's.
    public var before: SpectralMap
    /// Those of every voice in a blend; one for a voice of its own, none for those enrolled before there were any.
    public var palettes: [Palette]
    /// Gives back what the palettes take from the distribution.
    public var after: SpectralMap

    public init(before: SpectralMap, palettes: [Palette] = [], after: SpectralMap = .identity) {
        (self.before, self.palettes, self.after) = (before, palettes, after)
    }

    /// Sounds of a voice.
    public struct Palette: Sendable, Equatable {
        /// Frames of smoothed log mel, [P, B], from the softest to the loudest; in which order they were said is not kept.
        public var sounds: [Float]
        /// Leading mel bands that each tells.
        public var bands: Int
        /// How far a frame goes to the nearest: 0 not at all, 1 all the way.
        public var share: Float

        /// Sounds that a palette may have.
        public static let most = 4096
        /// Bands that tell which sound is nearest; a palette has at least these.
        public static let toldBy = 85

        public init(sounds: [Float], bands: Int, share: Float) {
            (self.sounds, self.bands, self.share) = (sounds, bands, share)
        }

        /// Sounds in it.
        public var count: Int { bands > 0 ? sounds.count / bands : 0 }

        /// In a blend palettes have fewer sounds, as they count less, but at least so many.
        private static let fewest = 24

        /// As one of several in a blend.
        fileprivate func weighted(by weight: Float) -> Palette {
            let kept = min(count, max(Self.fewest, Int((Float(count) * weight).rounded())))
            let chosen = (0..<kept).flatMap { index in
                let first = index * count / kept * bands
                return sounds[first..<first + bands]
            }
            return Palette(sounds: chosen, bands: bands, share: share * weight)
        }
    }

    /// Palettes in a blend, at most: blends of blends stay small.
    public static let mostPalettes = 48

    /// Changes nothing.
    static let identity = SpectralTransport(before: .identity)

    /// Checks that every number can be one of a voice.
    ///
    /// - Throws: `ProfileError` naming the first that cannot
    func validate() throws {
        try before.validate()
        try after.validate()
        for palette in palettes {
            let bands = Float(Palette.toldBy)...Float(SpeakerProfile.spectrumSize)
            guard bands.contains(Float(palette.bands)) else {
                throw ProfileError.range("bands of the palette", Float(palette.bands), bands)
            }
            guard palette.sounds.count == palette.count * palette.bands, (1...Palette.most).contains(palette.count)
            else {
                throw ProfileError.size(
                    "palette", expected: palette.bands * max(1, palette.count), actual: palette.sounds.count)
            }
            guard (0...1).contains(palette.share) else {
                throw ProfileError.range("share of the palette", palette.share, 0...1)
            }
            try Self.checkRange(palette.sounds, of: "palette")
        }
    }

    static func checkRange(_ values: [Float], of part: String) throws {
        if let (index, value) = values.enumerated().first(where: { !(abs($1) <= 30) }) {
            throw ProfileError.range("number \(index) of the transport's \(part)", value, -30...30)
        }
    }

    /// The weighted mean; weights sum to one. Frames go towards the sounds of each voice as far as it counts; of too many
    /// voices those that count most stand for all.
    static func mean(_ parts: [(SpectralTransport, Float)]) -> SpectralTransport {
        var palettes = parts.flatMap { transport, weight in transport.palettes.map { $0.weighted(by: weight) } }
        if palettes.count > mostPalettes {
            let total = palettes.reduce(0) { $0 + $1.share }
            let order = palettes.indices.sorted { (-palettes[$0].share, $0) < (-palettes[$1].share, $1) }
            palettes = order.prefix(mostPalettes).map { palettes[$0] }
            let kept = palettes.reduce(0) { $0 + $1.share }
            for index in palettes.indices where kept > 0 { palettes[index].share *= total / kept }
        }
        return SpectralTransport(
            before: .mean(parts.map { ($0.0.before, $0.1) }), palettes: palettes,
            after: .mean(parts.map { ($0.0.after, $0.1) }))
    }
}
