import Synchronization

/// Lets one in at a time, in the order of arrival.
final class TurnQueue: Sendable {
    private struct Waiter {
        var number: Int
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var isTaken = false
        var waiting: [Waiter] = []
        var next = 0
        /// Those who left before they were in the line.
        var left: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Runs the body when everybody before is done.
    ///
    /// - Throws: what the body throws; `CancellationError` in a task that is cancelled while it waits
    func whenAlone<R>(_ body: () async throws -> R) async throws -> R {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isIn = state.withLock { state -> Bool? in
                    if state.left.remove(number) != nil { return false }
                    guard state.isTaken else {
                        state.isTaken = true
                        return true
                    }
                    state.waiting.append(Waiter(number: number, continuation: continuation))
                    return nil
                }
                if let isIn { continuation.resume(returning: isIn) }
            }
        } onCancel: {
            leave(number)
        }
        // Who left the line after all was in it has nothing to remember.
        state.withLock { _ = $0.left.remove(number) }
        guard isIn else { throw CancellationError() }
        defer { letNextIn() }
        try Task.checkCancellation()
        return try await body()
    }

    private func leave(_ number: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let place = state.waiting.firstIndex(where: { $0.number == number }) else {
                state.left.insert(number)
                return nil
            }
            return state.waiting.remove(at: place)
        }
        waiter?.continuation.resume(returning: false)
    }

    private func letNextIn() {
        let next = state.withLock { state -> Waiter? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }
}
