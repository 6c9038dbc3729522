internal import SpeakerEncoder

/// Whether recordings are of one person.
enum PersonCheck {
    /// Similarity below which a recording is of another person than the rest.
    static let otherPerson: Float = 0.77
    /// For recordings of less than five seconds, whose voices are less certain.
    static let otherPersonShort: Float = 0.72
    /// For recordings one of which came over a telephone, which changes voices.
    static let otherPersonNarrow = SpeakerMatch.unlikelyOverTelephone
    /// Seconds of speech without which a recording is not judged by itself.
    static let judged = 2.0

    /// Notes the similarities of the recordings.
    ///
    /// - Returns: the lowest similarity found between parts
    /// - Throws: `EnrollmentError.twoPeople`, `.otherPerson`
    static func judge(_ recordings: inout [AnalyzedRecording], isOnePerson: Bool) throws(EnrollmentError) -> Float {
        var lowest: Float = 1
        for recording in recordings {
            let consistency = Consistency(recording.channel.windows.map(\.embedding))
            lowest = min(lowest, consistency.similarity)
            guard consistency.similarity >= Consistency.twoPeople || isOnePerson else {
                throw .twoPeople(
                    name: recording.name, similarity: consistency.similarity,
                    spans: spans(of: recording.channel.windows, where: consistency.isOther))
            }
        }
        guard recordings.count > 1 else { return lowest }

        let isMixed = Set(recordings.map(\.channel.bandwidth.isTelephone)).count > 1
        // Every recording against all others together.
        let voices = recordings.map { RobustVoice($0.channel.windows.map(\.embedding))?.embedding }
        var worst: (index: Int, margin: Float)?
        for index in recordings.indices {
            let others = voices.indices.filter { $0 != index }.compactMap { voices[$0] }
            guard let own = voices[index], let rest = SpeakerEncoder.mean(of: others) else { continue }
            let similarity = SpeakerEncoder.similarity(own, rest)
            recordings[index].similarity = similarity
            let speech = recordings[index].channel.speech.seconds
            guard speech >= judged else { continue }
            lowest = min(lowest, similarity)
            let least =
                isMixed ? otherPersonNarrow : speech < Enroller.recommendedSeconds ? otherPersonShort : otherPerson
            let margin = similarity - least
            if margin < worst?.margin ?? 0 { worst = (index, margin) }
        }
        if let worst, !isOnePerson {
            throw .otherPerson(
                name: recordings[worst.index].name,
                others: recordings.indices.filter { $0 != worst.index }.map { recordings[$0].name },
                similarity: recordings[worst.index].similarity ?? 0)
        }
        // Many short recordings say together what none of them says alone.
        let all = Consistency(recordings.flatMap { $0.channel.windows.map(\.embedding) })
        if all.similarity < (isMixed ? otherPersonNarrow : Consistency.twoPeople), !isOnePerson,
            let first = all.isOther.firstIndex(of: true)
        {
            var passed = 0
            for (index, recording) in recordings.enumerated() {
                passed += recording.channel.windows.count
                guard first < passed else { continue }
                throw .otherPerson(
                    name: recording.name, others: recordings.indices.filter { $0 != index }.map { recordings[$0].name },
                    similarity: all.similarity)
            }
        }
        return min(lowest, all.similarity)
    }

    /// The seconds that some windows reach over, neighbors joined.
    private static func spans(of windows: [VoiceWindow], where isOther: [Bool]) -> [ClosedRange<Int>] {
        Statistics.runs(isOther).map { run in
            Int(
                windows[run.lowerBound].start)...max(
                    Int(windows[run.lowerBound].start), Int(windows[run.upperBound - 1].end.rounded(.up)))
        }
    }
}
