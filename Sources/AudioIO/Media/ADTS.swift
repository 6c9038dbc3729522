import Files
import Foundation

/// AAC as a stream of frames, each with a header of its own (ISO/IEC 14496-3, 1.A.3).
enum ADTS {
    /// Samples in a frame.
    static let frame = 1_024

    /// Samples that a file of frames holds; nil if it is no such file or breaks off.
    static func samples(in file: borrowing OpenFile) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var (held, frames) = ([UInt8](), 0)
        while true {
            let got = Glibc.read(file.descriptor, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            if got <= 0 { break }
            held += buffer[..<got]
            var place = 0
            while place + 7 <= held.count {
                guard held[place] == 0xff, held[place + 1] & 0xf6 == 0xf0 else { return nil }
                let size =
                    Int(held[place + 3] & 3) << 11 | Int(held[place + 4]) << 3 | Int(held[place + 5]) >> 5
                guard size >= 7 else { return nil }
                if place + size > held.count { break }
                frames += 1 + Int(held[place + 6] & 3)
                place += size
            }
            held.removeFirst(place)
        }
        return held.isEmpty && frames > 0 ? frame * frames : nil
    }
}
