private import Foundation
internal import SpeechSignal
internal import Tensor

/// How far outputs are from what is wanted, and the gradients of that.
package struct TuningLoss: Sendable {
    /// Mean absolute error of the smoothed log mel over the bands that were recorded; loud frames and bands count more.
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

    private static func absolute(_ error: Float) -> (loss: Float, slope: Float) {
        (abs(error), error < 0 ? -1 : error > 0 ? 1 : 0)
    }

    /// The errors of speech are smoothed before they are measured. Whoever minimizes the errors of a detail that cannot
    /// be predicted blurs it, and takes the sharpness away that a discriminator taught the network.
    ///
    /// - Returns: the gradient of mel [T, M], of which what is held to the untuned network is part
    mutating func addMel(_ mel: Matrix, _ example: TuningExample, scale: Float) -> Matrix {
        let (frames, bands) = (mel.rows, mel.columns)
        let errors = example.errors(of: mel)
        let measured = example.isAnchor ? errors : errors.smoothed(bands: example.bands)
        var gradient = Matrix(rows: frames, columns: bands)
        var sum: Float = 0
        for frame in 0..<frames {
            for band in 0..<bands {
                let (error, weight) = (measured[frame, band], example.weights[frame, band])
                let isRecorded = band < example.bands
                let (loss, slope) = isRecorded && !example.isAnchor ? Self.absolute(error) : Self.smooth(error)
                if isRecorded { sum += weight * loss / Float(example.bands) }
                gradient[frame, band] = scale * weight * slope / Float(bands)
            }
        }
        self.mel += sum
        guard !example.isAnchor else { return gradient }
        // Smoothing is its own transpose.
        gradient = gradient.smoothed(bands: example.bands)
        for frame in 0..<frames {
            for band in 0..<bands where errors[frame, band] == 0 { gradient[frame, band] = 0 }
        }
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
                return example.isAnchor ? Self.smooth(error) : Self.absolute(error)
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

extension Matrix {
    /// Means of three rows and three columns around each element, zeros beyond the ends; columns from `bands` on stay
    /// as they are. As a linear map it is symmetric.
    fileprivate func smoothed(bands: Int) -> Matrix {
        let ninth: Float = 1 / 9
        var sums = self
        for row in 0..<rows {
            for band in 0..<bands {
                sums[row, band] = (max(0, band - 1)...min(bands - 1, band + 1)).reduce(0) { $0 + self[row, $1] }
            }
        }
        var result = self
        for row in 0..<rows {
            for band in 0..<bands {
                result[row, band] =
                    ninth * (max(0, row - 1)...min(rows - 1, row + 1)).reduce(0) { $0 + sums[$1, band] }
            }
        }
        return result
    }
}
