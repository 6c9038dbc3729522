import Foundation
import Synchronization

/// Counts the requests for speech in work, and turns away those beyond the limit with a time at which to try again.
final class Admission: Sendable {
    private struct State {
        var active = 0
        /// Seconds from one finished request to the next while all places are taken, averaged; nil before the first
        /// two.
        var interval: Double?
        var lastFinish: ContinuousClock.Instant?
        var isStopping = false
    }

    private let state = Mutex(State())
    let limit: Int

    init(limit: Int) { self.limit = max(1, limit) }

    /// A place among the requests in work, given back once, at the latest when it is dropped.
    final class Ticket: Sendable {
        private let admission: Admission
        private let isHeld = Mutex(true)

        fileprivate init(_ admission: Admission) { self.admission = admission }

        func giveBack() {
            let wasHeld = isHeld.withLock { held in
                defer { held = false }
                return held
            }
            if wasHeld { admission.leave() }
        }

        deinit { giveBack() }
    }

    var active: Int { state.withLock { $0.active } }

    func enter() throws(ServerError) -> Ticket {
        let refusal = state.withLock { state -> ServerError? in
            if state.isStopping { return .stopping }
            guard state.active >= limit else {
                state.active += 1
                return nil
            }
            return .busy(limit: limit, retryAfter: Self.wait(state.interval))
        }
        if let refusal { throw refusal }
        return Ticket(self)
    }

    /// From now on nobody is let in.
    func stop() { state.withLock { $0.isStopping = true } }

    /// Whether the next would be let in.
    var isOpen: Bool { state.withLock { !$0.isStopping && $0.active < limit } }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    private func leave() {
        state.withLock { state in
            let now = ContinuousClock.now
            if let last = state.lastFinish, state.active >= limit {
                let passed = (now - last) / .seconds(1)
                state.interval = state.interval.map { 0.9 * $0 + 0.1 * passed } ?? passed
            }
            state.lastFinish = now
            state.active -= 1
        }
    }

    /// Seconds until a place is free, most likely.
    private static func wait(_ interval: Double?) -> Int { min(60, max(1, Int((interval ?? 1).rounded(.up)))) }
}
