import Dispatch
import Foundation

/// SIGTERM and SIGINT while it lives: the first asks to end in good order, the second ends the process at once.
final class StopSignals {
    private static let signals = [SIGTERM, SIGINT]
    private let sources: [any DispatchSourceSignal]

    init(_ ask: @escaping @Sendable () -> Void) {
        sources = Self.signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInitiated))
            source.setEventHandler {
                ask()
                // From here on the signal does what it does by itself.
                for number in Self.signals { signal(number, SIG_DFL) }
            }
            signal(number, SIG_IGN)
            source.resume()
            return source
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
