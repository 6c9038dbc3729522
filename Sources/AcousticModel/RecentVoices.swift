private import Synchronization
internal import VoiceProfile

/// What a network made of the profiles that spoke last: a sixth of the work for a short sentence, and the same for all
/// that a voice says.
final class RecentVoices: Sendable {
    /// Voices kept, 2 MB each.
    private static let most = 4
    /// The newest last.
    private let kept = Mutex<[(profile: SpeakerProfile, inputs: VoiceInputs)]>([])

    /// The inputs of a profile that spoke lately, or those that `make` makes.
    func inputs(of profile: SpeakerProfile, make: () -> VoiceInputs) -> VoiceInputs {
        let known = kept.withLock { kept -> VoiceInputs? in
            guard let index = kept.firstIndex(where: { $0.profile == profile }) else { return nil }
            kept.append(kept.remove(at: index))
            return kept.last?.inputs
        }
        if let known { return known }
        let inputs = make()
        kept.withLock { kept in
            guard !kept.contains(where: { $0.profile == profile }) else { return }
            kept.append((profile, inputs))
            if kept.count > Self.most { kept.removeFirst() }
        }
        return inputs
    }
}
