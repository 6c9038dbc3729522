import AudioIO
import Books
import Foundation
import Narration
import Synthesis
import Testing
import VoiceStore

@Suite struct NarratorTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func progressIsToldAndWhatIsThereStays() async throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "starling-narration-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        let data = Self.repository.appending(path: "data")
        let synthesizer = try Synthesizer(
            data: data, voices: [Self.repository.appending(path: "voices")])
        let book = Book(
            title: "Two Days", author: nil,
            chapters: [
                .init(title: "One", text: "The sun rose."), .init(title: "Two", text: "Rain fell. It was late."),
            ])
        let narrator = Narrator(
            book, synthesizer: synthesizer, data: data, voice: try synthesizer.store.voice("heart"), format: .wav,
            subtitles: .srt)
        let folder = try NarrationFolder(place)
        #expect(throws: NarrationError.self) { _ = try NarrationFolder(place) }

        var told: [Narrator.Progress] = []
        let first = try await narrator.run(in: folder, chapters: [2]) { told.append($0) }
        #expect(first.spoken == 1 && first.record.chapters.map(\.number) == [2])
        #expect(told.last?.totalBytes == book.chapters[1].text.utf8.count && told.last?.bytes == told.last?.totalBytes)
        #expect(zip(told, told.dropFirst()).allSatisfy { $0.bytes <= $1.bytes && $0.seconds < $1.seconds })
        #expect(told.last?.seconds == first.record.chapters[0].seconds)

        let second = try await narrator.run(in: folder)
        #expect(second.spoken == 1 && second.record.chapters.map(\.file) == ["01 One.wav", "02 Two.wav"])
        #expect(second.record.chapters[1] == first.record.chapters[0])
        #expect(NarrationRecord(in: place) == second.record)
        for chapter in second.record.chapters {
            let clip = try AudioReader.read(place.appending(path: chapter.file))
            #expect(abs(clip.duration - chapter.seconds) < 0.001)
            let subtitles = try #require(chapter.subtitles)
            #expect(try String(contentsOf: place.appending(path: subtitles), encoding: .utf8).contains("-->"))
        }
        #expect(try await narrator.run(in: folder).spoken == 0)
    }
}
