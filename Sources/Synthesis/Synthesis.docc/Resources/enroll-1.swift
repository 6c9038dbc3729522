import Enrollment
import Foundation
import Synthesis

@main struct Enroll {
    static func main() async throws {
        let place = try DataLocation.find()

        let enroller = try Enroller(data: place.data)
        let enrollment = try await enroller.measure([Recording(URL(filePath: "ann.wav"))])
        let report = enrollment.report
        print("\(report.grade.rawValue) quality, \(String(format: "%.1f", report.speechSeconds)) s of speech")
        for warning in report.warnings { print("  ! \(warning)") }
    }
}
