import Foundation

/// How many files and sockets this process may have open. A server that has none left cannot take a connection to say
/// so: clients would wait without an answer.
enum DescriptorLimit {
    /// For everything but connections: listening sockets, weights, voices, and the programs that decode recordings.
    private static let others = 192

    /// Raises the process's own limit, within the system's, so that there is room for these connections, and for those
    /// beyond that are turned away.
    ///
    /// - Returns: how many of them there is room for
    static func makeRoom(for connections: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(kind, &limit) == 0 else { return connections }
        let besides = others + ConnectionRegistry.reserve
        let wanted = rlim_t(connections + besides)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            guard setrlimit(kind, &limit) == 0 else { return connections }
        }
        guard limit.rlim_cur < wanted else { return connections }
        let most = Int(limit.rlim_cur)
        return max(1, max(most - besides, most / 4))
    }

    private static let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}
