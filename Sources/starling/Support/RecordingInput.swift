import AudioIO
import Foundation

extension AudioSource {
    /// A recording that the command line names: a file, or - for standard input.
    init(argument: String) throws(AudioError) {
        if argument == "-" {
            try self.init(URL(filePath: "/dev/stdin"), named: "standard input")
        } else {
            try self.init(URL(filePath: argument), named: argument)
        }
    }
}
