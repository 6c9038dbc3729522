import NIOCore
import Synchronization

/// An open connection, and by when it has to make progress.
final class Connection: Sendable {
    let channel: any Channel
    /// What came through a Unix socket; browsers cannot, so it needs no checks against them.
    let isUnix: Bool
    /// Came when all places were taken: it is told so and ends.
    let isSurplus: Bool
    private let state = Mutex(State())

    init(channel: any Channel, isUnix: Bool, isSurplus: Bool) {
        self.channel = channel
        self.isUnix = isUnix
        self.isSurplus = isSurplus
    }

    /// How far the other side is with a request over HTTP.
    private enum Phase {
        /// Nothing of a request has come.
        case quiet
        /// A part of it has come.
        case receiving
        /// It is complete, or is being answered.
        case answering
        /// It came too slowly; nothing but 408 may be answered any more.
        case givenUp
    }

    private struct State {
        /// Set by `expect` alone.
        private(set) var deadline: ContinuousClock.Instant?
        /// By when the other side has to take what is being written to it.
        var writeDeadline: ContinuousClock.Instant?
        var phase = Phase.quiet
        /// The deadline is the last.
        private var isEnding = false
        var isCutOff = false
        var isOpened = false
        var isBusy = false
        var isQuiescing = false
        var isWebSocket = false

        mutating func expect(by moment: ContinuousClock.Instant?) { if !isEnding { deadline = moment } }

        mutating func expect(within time: Duration?) { expect(by: time.map { .now + $0 }) }

        mutating func enter(_ phase: Phase, within time: Duration?) {
            (self.phase, writeDeadline) = (phase, nil)
            expect(within: time)
        }

        mutating func end(within time: Duration) {
            expect(within: time)
            (isEnding, isBusy) = (true, false)
        }
    }

    /// The connection is closed unless `calm` or another `expect` comes within this time.
    func expect(within time: Duration) { expect(by: .now + time) }

    func expect(by moment: ContinuousClock.Instant) { state.withLock { $0.expect(by: moment) } }

    func calm() { state.withLock { $0.expect(by: nil) } }

    func isLate(at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            [state.deadline, state.writeDeadline].contains { $0.map { $0 < now } ?? false }
        }
    }

    /// Runs a write that the other side has to take within this time, while it may be waited for as well.
    func write(within time: Duration, _ body: () async throws -> Void) async rethrows {
        state.withLock { $0.writeDeadline = .now + time }
        defer { state.withLock { $0.writeDeadline = nil } }
        try await body()
    }

    // MARK: The end

    /// The last is said. The other side has this time to take it, whatever else happens.
    func end(within time: Duration) { state.withLock { $0.end(within: time) } }

    /// Closes at once. What the other side has not taken, and a channel's own `close` waits for, is lost.
    func cutOff() {
        state.withLock { $0.isCutOff = true }
        channel.close(promise: nil)
    }

    var isCutOff: Bool { state.withLock { $0.isCutOff } }

    // MARK: Requests over HTTP

    /// Bytes have come. If they begin a request, all of its head has to come within this time, however it trickles.
    func heard(within time: Duration) {
        state.withLock { state in
            guard state.phase == .quiet else { return }
            state.enter(.receiving, within: time)
        }
    }

    /// A request's head is complete; its body has to come within this time.
    func begin(within time: Duration) { enter(.receiving, within: time) }

    /// A request is complete, and takes as long as it takes.
    func received() { enter(.answering, within: nil) }

    /// A request is answered.
    ///
    /// - Parameter time: in which the next one, or what is left of this one, has to come.
    func answered(within time: Duration) { enter(.quiet, within: time) }

    private func enter(_ phase: Phase, within time: Duration?) {
        state.withLock { state in
            guard state.phase != .givenUp else { return }
            state.enter(phase, within: time)
        }
    }

    /// - Parameter time: for the other side to take the answer
    /// - Returns: whether a part of a request has come, which is never answered now but with 408
    func giveUp(within time: Duration) -> Bool {
        state.withLock { state in
            guard state.phase == .receiving else { return false }
            state.phase = .givenUp
            state.end(within: time)
            return true
        }
    }

    var isGivenUp: Bool { state.withLock { $0.phase == .givenUp } }

    // MARK: Other protocols

    /// Whether a first request over HTTP has told what the connection is for.
    var isOpened: Bool {
        get { state.withLock { $0.isOpened } }
        set { state.withLock { $0.isOpened = newValue } }
    }

    /// Whether WebSocket frames are exchanged, which end with one that says why.
    var isWebSocket: Bool {
        get { state.withLock { $0.isWebSocket } }
        set { state.withLock { $0.isWebSocket = newValue } }
    }

    /// Work begins for a protocol that does not say itself when it is at work. It takes as long as it takes.
    func startWork() {
        state.withLock { state in
            state.isBusy = true
            state.expect(by: nil)
        }
    }

    /// Work is over; more has to come within this time.
    ///
    /// - Returns: whether the connection was to end after it
    @discardableResult func endWork(within time: Duration) -> Bool {
        state.withLock { state in
            state.isBusy = false
            state.expect(within: time)
            return state.isQuiescing
        }
    }

    /// A sign of life: while no work is done, more has to come within this time from now on.
    func stayAlive(within time: Duration) { state.withLock { if !$0.isBusy { $0.expect(within: time) } } }

    /// Whether the connection is to end after what it is at.
    var isQuiescing: Bool { state.withLock { $0.isQuiescing } }

    /// - Returns: whether it can end at once.
    func quiesce() -> Bool {
        state.withLock { state in
            state.isQuiescing = true
            return !state.isBusy
        }
    }
}

/// The open connections of all listeners.
final class ConnectionRegistry: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        /// Of them those that only hear that there is no room.
        var surplus = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
        var isDraining = false
    }

    private let state = Mutex(State())
    private let limit: Int
    /// Time for a client to read why it is closed.
    private static let farewell = Duration.seconds(10)
    /// Connections beyond the limit that are told so at a time; further ones are closed without a word.
    static let reserve = 64

    init(limit: Int) { self.limit = limit }

    var count: Int { state.withLock { $0.connections.count } }

    /// - Returns: nil if there is not even room to say that there is none
    func open(_ channel: any Channel, isUnix: Bool) -> Connection? {
        state.withLock { state in
            let isSurplus = state.connections.count - state.surplus >= limit
            guard !state.isDraining, !isSurplus || state.surplus < Self.reserve else { return nil }
            let connection = Connection(channel: channel, isUnix: isUnix, isSurplus: isSurplus)
            state.connections[ObjectIdentifier(connection)] = connection
            if isSurplus { state.surplus += 1 }
            return connection
        }
    }

    func remove(_ connection: Connection) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            if state.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil, connection.isSurplus {
                state.surplus -= 1
            }
            guard state.connections.isEmpty else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Closes what has not made progress in time.
    func closeLate() -> Int {
        let now = ContinuousClock.now
        let late = state.withLock { $0.connections.values.filter { $0.isLate(at: now) } }
        for connection in late {
            if connection.giveUp(within: Self.farewell) {
                connection.channel.pipeline.fireUserInboundEventTriggered(RequestWatch.TooSlow())
            } else if connection.isWebSocket {
                connection.channel.pipeline.fireUserInboundEventTriggered(WebSocketEnd.idle)
            } else {
                connection.cutOff()
            }
        }
        return late.count
    }

    /// Lets no more in, and asks each connection to end when it has answered what it was asked.
    func drain() {
        let open = state.withLock { state in
            state.isDraining = true
            return Array(state.connections.values)
        }
        for connection in open {
            connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    func closeAll() {
        for connection in state.withLock({ Array($0.connections.values) }) { connection.cutOff() }
    }

    /// Returns when no connection is open.
    func untilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.connections.isEmpty { return true }
                state.waiters.append(continuation)
                return false
            }
            if isEmpty { continuation.resume() }
        }
    }
}
