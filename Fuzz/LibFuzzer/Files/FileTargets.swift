import AudioIO
import Batch
import Books
import Foundation
import Narration
import TextFrontend
import VoiceProfile
import VoiceStore
import Weights

/// Audio files of any format, as bytes that somebody uploads.
struct AudioTarget: FuzzTarget {
    func take(_ input: [UInt8]) {
        do throws(AudioError) {
            let clip = try AudioReader.read(Data(input), named: "input", maximumDuration: 60)
            if clip.duration > 61 { broken("\(clip.duration) s were read, the limit is 60") }
            for sample in clip.samples where !sample.isFinite { broken("a sample is \(sample)") }
        } catch {
            check(error)
        }
    }
}

/// Weights and profiles.
struct SafetensorsTarget: FuzzTarget {
    private let file: URL

    init() throws { file = try scratchFolder().appending(path: "a.safetensors") }

    func take(_ input: [UInt8]) {
        try? Data(input).write(to: file)
        do {
            let weights = try WeightFile(contentsOf: file)
            for (name, tensor) in weights.tensors {
                let count = tensor.shape.reduce(1, *)
                guard let values = weights.values(of: name), values.count == count else {
                    broken("\(name) has the wrong number of values")
                }
            }
            var loader = WeightLoader(weights)
            _ = loader.linear("linear", inputs: 4, outputs: 2)
            _ = loader.convolution("convolution", inputs: 2, outputs: 2, taps: 3)
            _ = loader.layerNorm("norm", channels: 4)
            try loader.finish()
        } catch {
            check(error)
        }
        do {
            try SpeakerProfile(contentsOf: file).validate()
        } catch {
            check(error)
        }
    }
}

/// voice.json, and parcels with voices.
struct VoiceTarget: FuzzTarget {
    private let store: VoiceStore
    private let card: URL

    init(repository: URL) throws {
        let folder = try scratchFolder()
        let voice = folder.appending(path: "a", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: voice, withIntermediateDirectories: true)
        try Data(contentsOf: repository.appending(path: "voices/heart/profile.safetensors"))
            .write(to: voice.appending(path: "profile.safetensors"))
        card = voice.appending(path: "voice.json")
        store = VoiceStore(user: folder, bundled: [])
    }

    func take(_ input: [UInt8]) {
        guard let kind = input.first else { return }
        let body = Data(input.dropFirst())
        if kind % 4 == 0 {
            do {
                let name = try VoiceName("b")
                _ = try store.importVoice(body, from: "input", as: name, replacing: true)
                try store.remove(name)
            } catch {
                check(error)
            }
            return
        }
        try? body.write(to: card)
        do {
            let voice = try store.voice("a")
            if voice.name != "a" { broken("the voice a is called \(voice.name)") }
        } catch {
            check(error)
        }
        for summary in store.list() where summary.name.text != "a" { broken("there is a voice \(summary.name)") }
    }
}

/// Manifests of `starling batch`.
struct ManifestTarget: FuzzTarget {
    func take(_ input: [UInt8]) {
        let defaults = BatchDefaults(voice: "heart")
        do throws(BatchError) {
            let whole = try BatchManifest(parsing: Data(input), path: "input", defaults: defaults)
            if Set(whole.items.map(\.file)).count != whole.total { broken("two items have one file") }
            for item in whole.items
            where item.file.contains("/") || item.file.hasPrefix(".") || item.file.contains("\0") {
                broken("the file \(item.file)")
            }
            var count = 0
            for index in 0..<3 {
                let shard = try Shard("\(index)/3", environment: [:])
                count += try BatchManifest(parsing: Data(input), path: "input", defaults: defaults, shard: shard).items
                    .count
            }
            if count != whole.total { broken("\(count) of \(whole.total) items are in a shard") }
        } catch {
            check(error)
        }
    }
}

/// EPUB, HTML, Markdown and text.
struct BookTarget: FuzzTarget {
    private let folder: URL

    init() throws { folder = try scratchFolder() }

    func take(_ input: [UInt8]) {
        guard let kind = input.first else { return }
        let file = folder.appending(path: ["a.epub", "a.epub", "a.md", "a.html", "a.txt"][Int(kind) % 5])
        try? Data(input.dropFirst()).write(to: file)
        do {
            let book = try Book(contentsOf: file)
            if book.chapters.isEmpty { broken("a book without chapters") }
        } catch {
            check(error)
        }
    }
}

/// Casts of narrations, and the text that is parted among their speakers, behind a NUL.
struct CastTarget: FuzzTarget {
    func take(_ input: [UInt8]) {
        let parts = input.split(separator: 0, maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
        var cast: CastFile?
        do throws(NarrationError) { cast = try CastFile(parsing: parts.first ?? "") } catch { check(error) }
        let book = Book(title: "", author: nil, chapters: [.init(title: "", text: parts.last ?? "")])
        let plan = CastPlan(book, cast: cast)
        do {
            _ = try MarkedText(ssml: plan.chapters[0])
        } catch {
            // A name of a voice may be anything, and a document may be too deep or too long; it is well-formed.
            check(error)
        }
    }
}
