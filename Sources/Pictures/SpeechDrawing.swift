import Foundation
import SpeechSignal
import Synthesis
import Tensor

/// Draws a picture of speech.
struct SpeechDrawing {
    private let picture: SpeechPicture
    private let title: String
    private let duration: Double
    private let scale: Double  // pixels a second

    private enum Layout {
        static let left = 64.0
        static let right = 16.0
        static let top = 34.0
        static let wave = 110.0
        static let mel = 300.0  // 3 pixels a band
        static let pitch = 120.0
        static let labels = 46.0
        static let axis = 26.0
        static let gap = 10.0
        /// Hz at the bottom and top of the F0 panel, logarithmic.
        static let lowest = 60.0
        static let highest = 500.0
    }

    init(_ picture: SpeechPicture, title: String) {
        self.picture = picture
        self.title = picture.isCut ? title + " (the first \(Int(SpeechPicture.longest)) s)" : title
        duration = max(0.1, Double(picture.samples.count) / Double(Synthesizer.sampleRate))
        // Phonemes can be told apart at 160 pixels a second; longer speech is drawn smaller.
        scale = min(160, 16_000 / duration)
    }

    func png() throws -> [UInt8] {
        let width = Int((Layout.left + Layout.right + max(240, duration * scale)).rounded(.up))
        let panels = Layout.wave + Layout.mel + Layout.pitch + Layout.labels
        let height = Int(Layout.top + panels + 3 * Layout.gap + Layout.axis)
        let canvas = try Canvas(width: width, height: height)
        canvas.text(title, x: Layout.left, y: 21, size: 14)
        var y = Layout.top
        drawWave(canvas, y)
        y += Layout.wave + Layout.gap
        drawMel(canvas, y)
        y += Layout.mel + Layout.gap
        drawPitch(canvas, y)
        y += Layout.pitch + Layout.gap
        drawLabels(canvas, y)
        drawAxis(canvas, y + Layout.labels)
        return try canvas.png()
    }

    private func x(_ seconds: Double) -> Double { Layout.left + seconds * scale }

    private func drawWave(_ canvas: Canvas, _ top: Double) {
        let middle = top + Layout.wave / 2
        canvas.line([(Layout.left, middle), (x(duration), middle)], color: .faint)
        canvas.text("1", x: Layout.left - 6, y: top + 10, size: 10, align: .right)
        canvas.text("−1", x: Layout.left - 6, y: top + Layout.wave, size: 10, align: .right)
        let step = Double(Synthesizer.sampleRate) / scale
        for column in 0..<Int(duration * scale) {
            let range = Int(Double(column) * step)..<min(picture.samples.count, Int(Double(column + 1) * step) + 1)
            let part = picture.samples[range.clamped(to: picture.samples.indices)]
            guard let low = part.min(), let high = part.max() else { continue }
            let half = Layout.wave / 2
            let px = Layout.left + Double(column) + 0.5
            canvas.line(
                [(px, middle - Double(high) * half - 0.4), (px, middle - Double(low) * half + 0.4)], color: .wave)
        }
    }

    private func drawMel(_ canvas: Canvas, _ top: Double) {
        canvas.rectangle(
            x: Layout.left, y: top, width: duration * scale, height: Layout.mel + 0.5, color: ColorMap.color(0))
        for sentence in picture.sentences {
            guard let features = sentence.features else { continue }
            let bands = features.mel.columns
            let cell = Layout.mel / Double(bands)
            for frame in 0..<features.mel.rows {
                let start = features.start + Signal.seconds(frames: frame)
                guard start < duration else { break }
                for (band, value) in features.mel.row(frame).enumerated() {
                    // From ln 1e-4 to ln 3: what speech spans.
                    let level = (Double(value) + 9.2) / 10.3
                    canvas.rectangle(
                        x: x(start), y: top + Layout.mel - Double(band + 1) * cell,
                        width: scale / Double(Signal.frameRate) + 0.3,
                        height: cell + 0.3, color: ColorMap.color(level))
                }
            }
        }
        for hertz in [0.0, 500, 1_000, 2_000, 4_000, 8_000, 12_000] {
            let height = Self.mel(hertz) / Self.mel(12_000) * Layout.mel
            canvas.text(
                hertz < 1_000 ? "\(Int(hertz)) Hz" : "\(Int(hertz / 1_000)) kHz", x: Layout.left - 6,
                y: top + Layout.mel - height + 4, size: 10, align: .right)
        }
    }

    private func drawPitch(_ canvas: Canvas, _ top: Double) {
        func y(_ hertz: Double) -> Double {
            let place = log(hertz / Layout.lowest) / log(Layout.highest / Layout.lowest)
            return top + Layout.pitch * (1 - min(max(place, 0), 1))
        }
        for hertz in [75.0, 100, 150, 200, 300, 400] {
            canvas.line([(Layout.left, y(hertz)), (x(duration), y(hertz))], color: .faint, width: 0.5)
            canvas.text("\(Int(hertz)) Hz", x: Layout.left - 6, y: y(hertz) + 4, size: 10, align: .right)
        }
        for sentence in picture.sentences {
            guard let features = sentence.features else { continue }
            var run: [(x: Double, y: Double)] = []
            for (frame, value) in features.f0.enumerated() {
                let time = features.start + (Double(frame) + 0.5) / Double(Signal.frameRate)
                if value > 0, time < duration {
                    run.append((x(time), y(Double(value))))
                } else {
                    canvas.line(run, color: .pitch, width: 2)
                    run = []
                }
            }
            canvas.line(run, color: .pitch, width: 2)
        }
    }

    private func drawLabels(_ canvas: Canvas, _ top: Double) {
        for sentence in picture.sentences {
            for phoneme in sentence.phonemes where phoneme.end > phoneme.start && phoneme.start < duration {
                let width = (phoneme.end - phoneme.start) * scale
                canvas.line([(x(phoneme.start), top), (x(phoneme.start), top + 18)], color: .faint)
                canvas.text(
                    phoneme.symbol, x: x(phoneme.start) + width / 2, y: top + 14, size: 12, align: .center,
                    limit: width + 4)
            }
            for word in sentence.words where word.start < duration {
                let width = (word.end - word.start) * scale
                canvas.line([(x(word.start), top + 22), (x(word.end) - 1, top + 22)], color: .ink)
                canvas.text(
                    word.spoken, x: x(word.start) + width / 2, y: top + 38, size: 12, align: .center, limit: width + 12)
            }
        }
    }

    private func drawAxis(_ canvas: Canvas, _ top: Double) {
        canvas.line([(Layout.left, top + 2), (x(duration), top + 2)], color: .ink)
        // About a label every 80 pixels.
        let step = [0.1, 0.2, 0.5, 1, 2, 5, 10].first { $0 * scale >= 60 } ?? 10
        for index in 0...Int(duration / step) {
            let time = Double(index) * step
            canvas.line([(x(time), top + 2), (x(time), top + 7)], color: .ink)
            canvas.text(String(format: "%g s", time), x: x(time), y: top + 19, size: 10, align: .center)
        }
    }

    /// The HTK mel scale.
    private static func mel(_ hertz: Double) -> Double { 2_595 * log10(1 + hertz / 700) }
}
