import ArgumentParser
import CMalloc
import Foundation
import Synthesis
import Tensor

struct Starling: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "starling",
        abstract: "Clone voices from short recordings and speak text with them, on the CPU.",
        discussion: """
            Examples:
              starling say "Hello." -o hello.wav
              starling say --file story.txt --voice george -o story.opus
              starling enroll ann ann.wav --consent "I, Ann Example, agree to this voice."
              starling say "Hello." --voice ann -o hello.wav
              starling voices list
            """,
        version: Synthesizer.version,
        subcommands: [
            SayCommand.self, ConvertCommand.self, NarrateCommand.self, BatchCommand.self, EnrollCommand.self,
            CompareCommand.self, DetectCommand.self, PhonemizeCommand.self, VoicesCommand.self,
        ] + server + [DoctorCommand.self])

    /// The server's command, unless the package is built without it.
    private static var server: [any ParsableCommand.Type] {
        #if Server
        [ServeCommand.self]
        #else
        []
        #endif
    }
}

@main
enum Main {
    /// Runs the command line. What goes wrong ends as one line on standard error and a non-zero exit; nothing escapes
    /// to the runtime, which would print a trace.
    static func main() async {
        // A closed pipe is an error of the write to it, reported like any other.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that grows beyond the user's limit.
        signal(SIGXFSZ, SIG_IGN)
        keepFreedMemory()
        do {
            try checkProcessorLevel()
            var command = try Starling.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            end(EXIT_SUCCESS)
        } catch let status as ExitCode {
            end(status.rawValue)
        } catch {
            // Usage errors, --help and --version are the parser's to print.
            if Starling.exitCode(for: error) != .failure { Starling.exit(withError: error) }
            let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
            Terminal.complain("starling: \(line)")
            end(EXIT_FAILURE)
        }
    }

    /// Every sentence takes the same few megabytes. Given back to the system and taken again, page after page, they
    /// cost a tenth of a short sentence's time.
    private static func keepFreedMemory() {
        #if canImport(Glibc)
        mallopt(M_TRIM_THRESHOLD, 64 << 20)
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
        #endif
    }

    /// Refuses a level of instructions that there is not; the kernels would pass over it without a word.
    private static func checkProcessorLevel() throws {
        guard let level = ProcessInfo.processInfo.environment["STARLING_CPU"], !Processor.levels.contains(level) else {
            return
        }
        throw CommandError.processorLevel(level, known: Processor.levels)
    }

    /// Ends the process at once. The libraries' exit handlers would first free the memory in which other threads may
    /// still be computing speech that nobody wants any more.
    private static func end(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}
