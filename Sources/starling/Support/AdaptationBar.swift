import Foundation
import Synchronization

/// Shows on standard error how far the networks have adapted; silent unless a person is looking.
final class AdaptationBar: Sendable {
    private let isShown = Mutex(false)

    /// - Parameter done: 0 to 1
    func show(_ done: Double, secondsLeft: Double) {
        guard Terminal.isInteractive else { return }
        isShown.withLock { isShown in
            isShown = true
            let left = ProgressBar.clock(secondsLeft.rounded(.up))
            Terminal.write("\r\u{1b}[K\(ProgressBar.bar(done)) \(Int(100 * done)) % adapted, \(left) left")
        }
    }

    /// Takes the bar away.
    func clear() { isShown.withLock { if $0 { Terminal.write("\r\u{1b}[K") } } }
}
