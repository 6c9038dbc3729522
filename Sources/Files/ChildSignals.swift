private import Foundation

/// Runs `body`, which starts a program, with no signal blocked.
///
/// A program inherits the mask of the thread that starts it, and threads that run tasks block nearly all signals:
/// nothing but SIGKILL would end a program that is started there as it is.
package func withSignalsUnblocked<Result>(_ body: () throws -> Result) rethrows -> Result {
    var (none, mask) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &mask)
    defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
    return try body()
}
