private import Foundation
internal import SpeechSignal
internal import Tensor

/// How far outputs are from what is wanted, and the gradients of that.
package struct TuningLoss: Sendable {
    /// Mean absolute error of the log mel over the bands that were recorded, by the prominence of the frames.
    package var mel: Float = 0
    /// Of F0, voicing and energy together.
    package var prosody: Float = 0
    /// Mean square of the error of ln durations.
    package var duration: Float = 0

    private static let (pitch, voicing, energy): (Float, Float, Float) = (0.5, 0.5, 0.3)

    /// Absolute error or, smoothly, its square near zero (Huber 1964): plain absolute errors of what is to stay as it
    /// is would keep everything from moving.
    private static func smooth(_ error: Float) -> (loss: Float, slope: Float) {
        abs(error) < 1 ? (0.5 * error * error, error) : (abs(error) - 0.5, error < 0 ? -1 : 1)
    }

    /// - Returns: the gradient of mel [T, M], of which what is held to the untuned network is part
    mutating func addMel(_ mel: Matrix, _ example: TuningExample, scale: Float) -> Matrix {
        let (frames, bands) = (mel.rows, mel.columns)
        let total = example.prominence.reduce(0, +)
        var gradient = Matrix(rows: frames, columns: bands)
        guard total > 0 else { return gradient }
        var sum: Float = 0
        gradient.withUnsafeMutablePointer { gradient in
            for frame in 0..<frames {
                let share = example.prominence[frame] / total
                let said = mel.row(frame)
                let (wanted, untuned) = (example.mel.row(frame), example.untuned.row(frame))
                let start = said.startIndex
                for band in 0..<bands {
                    let value = said[start + band]
                    var slope: Float
                    if band >= example.bands {
                        slope = Self.smooth(value - untuned[start + band]).slope / Float(bands)
                    } else if example.isAnchor {
                        let (loss, change) = Self.smooth(value - wanted[start + band])
                        sum += share * loss / Float(example.bands)
                        slope = change / Float(bands)
                    } else {
                        // Noise tells how loud the voice is at most.
                        let error = value - wanted[start + band]
                        if error < 0, wanted[start + band] < example.floor[band] { continue }
                        sum += share * abs(error) / Float(example.bands)
                        slope = (error < 0 ? -1 : error > 0 ? 1 : 0) / Float(bands)
                    }
                    gradient[frame * bands + band] = scale * share * slope
                }
            }
        }
        self.mel += sum
        return gradient
    }

    /// - Parameter prosody: F0 z-score, logit of voicing and energy, [T, 3]
    /// - Returns: its gradient
    mutating func addProsody(_ prosody: Matrix, _ example: TuningExample, scale: Float) -> Matrix {
        var gradient = Matrix(rows: prosody.rows, columns: 3)
        let voiced = Float(max(1, example.pitch.count { $0 != nil }))
        let spoken = Float(max(1, example.isSpeech.count { $0 }))
        for frame in 0..<prosody.rows {
            let error = { (column: Int, wanted: Float) -> (loss: Float, slope: Float) in
                let error = prosody[frame, column] - wanted
                return example.isAnchor ? Self.smooth(error) : (abs(error), error < 0 ? -1 : error > 0 ? 1 : 0)
            }
            if let wanted = example.pitch[frame] {
                let (loss, slope) = error(0, wanted)
                self.prosody += Self.pitch * loss / voiced
                gradient[frame, 0] = scale * Self.pitch * slope / voiced
            }
            guard example.isSpeech[frame] else { continue }
            let (logit, isVoiced) = (prosody[frame, 1], example.pitch[frame] != nil)
            self.prosody += Self.voicing * (max(logit, 0) - (isVoiced ? logit : 0) + log1pf(expf(-abs(logit)))) / spoken
            gradient[frame, 1] = scale * Self.voicing * (1 / (1 + expf(-logit)) - (isVoiced ? 1 : 0)) / spoken
            let (loss, slope) = error(2, example.energy[frame])
            self.prosody += Self.energy * loss / spoken
            gradient[frame, 2] = scale * Self.energy * slope / spoken
        }
        return gradient
    }

    /// - Parameter logDurations: ln frames, [N, 1]
    /// - Returns: its gradient
    mutating func addDurations(_ logDurations: Matrix, _ example: TuningExample, scale: Float) -> Matrix {
        var gradient = Matrix(rows: logDurations.rows, columns: 1)
        let counted = Float(max(1, example.logDurations.count { $0 != nil }))
        for (token, wanted) in example.logDurations.enumerated() {
            guard let wanted else { continue }
            let error = logDurations[token, 0] - wanted
            duration += error * error / counted
            gradient[token, 0] = scale * 2 * error / counted
        }
        return gradient
    }
}
