import SpeechSignal

/// Where a phoneme wants the mouth to be, and how much it insists on each part.
struct MouthTarget {
    /// What the lips touch.
    enum Contact {
        /// Each other: p, b, m.
        case lips
        /// The lower lip the upper teeth: f, v.
        case teeth
    }

    var pose: MouthPose
    /// How strongly each part of the pose is wanted beside what the neighbors want: Cohen and Massaro's α.
    var dominance: MouthPose.Parts
    var contact: Contact?

    private init(_ pose: MouthPose, jaw: Float, lips: Float, tongue: Float = 1, contact: Contact? = nil) {
        self.pose = pose
        dominance = MouthPose.Parts(jaw, lips, lips, lips, lips, tongue, 0, 0)
        self.contact = contact
    }

    /// The mouth between utterances.
    static let rest = MouthTarget(.rest, jaw: 1, lips: 0.6)

    /// Symbols that belong to a neighbor and have no shape of their own: stress, length, nasality, release, tone.
    static let shapeless: PhonemeSet = "ˈˌː\u{303}ʰʲᵝ↓→↗↘"

    /// What a phoneme goes through, one target after the other in equal parts of its time: two for a diphthong, rest
    /// for punctuation and blanks, none for those that are `shapeless`.
    static func targets(of phoneme: Phoneme) -> [MouthTarget] {
        if phoneme.isMark { return [.rest] }
        if let glide = glides[phoneme] { return glide.compactMap { table[$0] } }
        return table[phoneme].map { [$0] } ?? []
    }

    /// Diphthongs of the alphabet that are one symbol.
    private static let glides: [Phoneme: [Phoneme]] = [
        "A": ["e", "ɪ"], "I": ["a", "ɪ"], "O": ["o", "ʊ"], "Q": ["ə", "ʊ"], "W": ["a", "ʊ"], "Y": ["ɔ", "ɪ"],
    ]

    private static let table: [Phoneme: MouthTarget] = {
        var table: [Phoneme: MouthTarget] = [:]
        for (symbols, target) in vowels + consonants {
            for phoneme in Phonemes(symbols: symbols) { table[phoneme] = target }
        }
        return table
    }()

    private static func vowel(_ pose: MouthPose) -> MouthTarget { MouthTarget(pose, jaw: 1, lips: 1) }

    /// By height, from open to close; rounded ones with funnel and pucker.
    private static let vowels: [(String, MouthTarget)] = [
        ("ɑ", vowel(MouthPose(jaw: 0.50))),
        ("a", vowel(MouthPose(jaw: 0.48, spread: 0.10, teeth: 0.10))),
        ("æ", vowel(MouthPose(jaw: 0.45, spread: 0.30, teeth: 0.20))),
        ("ɒ", vowel(MouthPose(jaw: 0.42, funnel: 0.30))),
        ("ʌɐ", vowel(MouthPose(jaw: 0.34, teeth: 0.05))),
        ("ɔ", vowel(MouthPose(jaw: 0.34, funnel: 0.50, pucker: 0.15))),
        ("ɛS", vowel(MouthPose(jaw: 0.32, spread: 0.25, teeth: 0.15))),
        ("œ", vowel(MouthPose(jaw: 0.30, funnel: 0.40, pucker: 0.20))),
        ("ɜɚ", vowel(MouthPose(jaw: 0.22, funnel: 0.20, pucker: 0.15))),
        ("o", vowel(MouthPose(jaw: 0.25, funnel: 0.45, pucker: 0.40))),
        ("ɤ", vowel(MouthPose(jaw: 0.25, spread: 0.05))),
        ("e", vowel(MouthPose(jaw: 0.24, spread: 0.35, teeth: 0.20))),
        ("ø", vowel(MouthPose(jaw: 0.20, funnel: 0.30, pucker: 0.50))),
        // Those without stress insist on less.
        ("əᵊ", MouthTarget(MouthPose(jaw: 0.20), jaw: 0.7, lips: 0.4)),
        ("ɪᵻɨ", MouthTarget(MouthPose(jaw: 0.18, spread: 0.30, teeth: 0.15), jaw: 0.8, lips: 0.8)),
        ("ʊ", vowel(MouthPose(jaw: 0.18, funnel: 0.30, pucker: 0.35))),
        ("i", vowel(MouthPose(jaw: 0.12, spread: 0.55, teeth: 0.25))),
        ("y", vowel(MouthPose(jaw: 0.12, funnel: 0.20, pucker: 0.70))),
        ("u", vowel(MouthPose(jaw: 0.12, funnel: 0.20, pucker: 0.75))),
        ("ɯ", vowel(MouthPose(jaw: 0.12, spread: 0.20, teeth: 0.10))),
    ]

    /// By place, from the lips to the throat. Those made behind the teeth leave the lips to the vowels.
    private static let consonants: [(String, MouthTarget)] = [
        ("pbm", MouthTarget(MouthPose(jaw: 0.08), jaw: 0.7, lips: 0.2, contact: .lips)),
        // Lips that come near and let air through.
        ("βɸ", MouthTarget(MouthPose(jaw: 0.10, pucker: 0.10), jaw: 0.7, lips: 0.5)),
        ("w", MouthTarget(MouthPose(jaw: 0.10, funnel: 0.15, pucker: 0.80), jaw: 0.8, lips: 1.3)),
        ("ɥ", MouthTarget(MouthPose(jaw: 0.10, funnel: 0.15, pucker: 0.70), jaw: 0.8, lips: 1.2)),
        ("fvʋ", MouthTarget(MouthPose(jaw: 0.10), jaw: 0.8, lips: 0.4, contact: .teeth)),
        ("θð", MouthTarget(MouthPose(jaw: 0.15, teeth: 0.20, tongue: 0.45), jaw: 0.8, lips: 0.3)),
        ("szʦʣ", MouthTarget(MouthPose(jaw: 0.05, spread: 0.20, teeth: 0.40), jaw: 1.2, lips: 0.5)),
        ("tdnT", MouthTarget(MouthPose(jaw: 0.13, teeth: 0.15), jaw: 0.6, lips: 0.15)),
        ("lɾrʎ", MouthTarget(MouthPose(jaw: 0.20, teeth: 0.15), jaw: 0.5, lips: 0.15)),
        ("ɹɻ", MouthTarget(MouthPose(jaw: 0.15, funnel: 0.30, pucker: 0.30), jaw: 0.6, lips: 0.7)),
        ("ʃʒʧʤʂꭧ", MouthTarget(MouthPose(jaw: 0.07, funnel: 0.55, pucker: 0.25, teeth: 0.30), jaw: 1.2, lips: 0.9)),
        ("ʨʥɕ", MouthTarget(MouthPose(jaw: 0.07, spread: 0.20, teeth: 0.35), jaw: 1.1, lips: 0.6)),
        ("ʈɖɳɽ", MouthTarget(MouthPose(jaw: 0.15, teeth: 0.10), jaw: 0.6, lips: 0.15)),
        ("jʝ", MouthTarget(MouthPose(jaw: 0.12, spread: 0.45, teeth: 0.20), jaw: 0.7, lips: 0.7)),
        ("ɲcɟç", MouthTarget(MouthPose(jaw: 0.13, spread: 0.25, teeth: 0.20), jaw: 0.6, lips: 0.4)),
        ("kɡŋxɣɰ", MouthTarget(MouthPose(jaw: 0.20), jaw: 0.3, lips: 0.1)),
        ("qχɴʁ", MouthTarget(MouthPose(jaw: 0.25), jaw: 0.3, lips: 0.1)),
        ("hʔ", MouthTarget(MouthPose(jaw: 0.25), jaw: 0.15, lips: 0.05)),
    ]
}
