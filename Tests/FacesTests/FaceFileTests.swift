import Faces
import Foundation
import Synthesis
import Testing

@Suite struct FaceFileTests {
    static let text = "Bob's apple pie, very good! A voice of four."

    // MARK: Blend shapes

    @Test func linesHoldTheFrames() async throws {
        let frames = try await Speech.real(Self.text).face(seed: 3)
        let csv = (BlendShapeFormat.csv.header + frames.map(BlendShapeFormat.csv.line).joined())
            .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        let jsonl = (BlendShapeFormat.jsonl.header + frames.map(BlendShapeFormat.jsonl.line).joined())
            .split(separator: "\n")
        #expect(csv.count == frames.count + 1 && jsonl.count == frames.count)
        #expect(csv[0].count == 63 && csv[0][0...2] == ["Timecode", "BlendShapeCount", "EyeBlinkLeft"])
        #expect(csv[0][53] == "TongueOut" && csv[0][54] == "HeadYaw" && csv[0][62] == "RightEyeRoll")
        for frame in frames {
            let row = csv[frame.index + 1]
            #expect(row.count == 63 && row[1] == "61")
            let clock = row[0].split(separator: ":").compactMap { Double($0) }
            #expect(clock.count == 4 && abs(clock[1] * 60 + clock[2] + clock[3] / 60 - frame.time) < 1e-9)
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(jsonl[frame.index].utf8)) as? [String: Any])
            #expect(object["frame"] as? Int == frame.index)
            #expect(abs((object["time"] as? Double ?? -1) - frame.time) < 1e-6)
            let shapes = try #require(object["blendshapes"] as? [String: Double])
            #expect(shapes.count == 52)
            for shape in BlendShape.allCases {
                #expect(shapes[shape.name].map { Float($0) } == frame[shape])
                let name = shape.name.prefix(1).uppercased() + shape.name.dropFirst()
                let column = try #require(csv[0].firstIndex(of: name))
                #expect(Float(row[column]) == frame[shape])
            }
            let head = try #require(object["head"] as? [String: Double])
            #expect(
                head.mapValues { Float($0) } == [
                    "yaw": frame.head.yaw, "pitch": frame.head.pitch, "roll": frame.head.roll,
                ])
            #expect(row[54...56].map { Float($0) } == [frame.head.yaw, frame.head.pitch, frame.head.roll])
        }
    }

    // MARK: Mouth cues

    private func cues(_ text: String = text) async throws -> (speech: Speech, cues: MouthCues) {
        let speech = try await Speech.real(text)
        var cues = MouthCues()
        for sentence in speech.sentences { cues.append(sentence) }
        return (speech, cues)
    }

    @Test func drawingsFollowTheSpeech() async throws {
        let (speech, all) = try await cues()
        let shown = all.cues(duration: speech.seconds)
        #expect(shown.first?.start == 0 && shown.first?.shape == .x)
        #expect(shown.last?.end == speech.seconds && shown.last?.shape == .x)
        for (one, next) in zip(shown, shown.dropFirst()) {
            #expect(one.end == next.start && one.shape != next.shape && one.end - one.start >= 0.04 - 1e-9)
        }
        func shape(at seconds: Double) -> MouthCue.Shape? { shown.last { $0.start <= seconds }?.shape }
        for (symbols, shape) in [("pbm", MouthCue.Shape.a), ("fv", .g)] {
            for middle in speech.middles(of: symbols) {
                // Drawings that are shown for a picture at least may come that much later.
                let near = shown.contains { $0.shape == shape && $0.start < middle + 0.03 && $0.end > middle - 0.01 }
                #expect(near, "\(shape) at \(middle) s")
            }
        }
        #expect(Set(shown.map(\.shape)).isSuperset(of: [.a, .b, .d, .e, .g, .x]))
    }

    @Test func theThreeFormatsSayTheSame() async throws {
        let (speech, all) = try await cues()
        let sound = "a \"b\" & <c>\\.wav"
        let lines = all.text(.tsv, duration: speech.seconds, sound: sound).split(separator: "\n").map {
            $0.split(separator: "\t").map(String.init)
        }
        #expect(lines.first == ["0.00", "X"] && lines.last?[1] == "X")
        let object = try JSONSerialization.jsonObject(
            with: Data(all.text(.json, duration: speech.seconds, sound: sound).utf8))
        let root = try #require(object as? [String: Any])
        let metadata = try #require(root["metadata"] as? [String: Any])
        #expect(metadata["soundFile"] as? String == sound)
        let end = try #require(metadata["duration"] as? Double)
        #expect(end <= speech.seconds && speech.seconds - end < 0.01)
        let found = try #require(root["mouthCues"] as? [[String: Any]])
        #expect(found.count == lines.count - 1)
        let xml = all.text(.xml, duration: speech.seconds, sound: sound)
        #expect(xml.contains("<soundFile>a \"b\" &amp; &lt;c&gt;\\.wav</soundFile>"))
        for (cue, line) in zip(found, lines) {
            #expect(cue["start"] as? Double == Double(line[0]) && cue["value"] as? String == line[1])
        }
        for (index, line) in lines.dropLast().enumerated() {
            #expect(xml.contains("<mouthCue start=\"\(line[0])\" end=\"\(lines[index + 1][0])\">\(line[1])</mouthCue>"))
        }
    }

    @Test func silenceIsOneDrawing() {
        #expect(MouthCues().text(.tsv, duration: 0.47, sound: "") == "0.00\tX\n0.47\tX\n")
    }
}
