import CoreMetrics
import Foundation

/// What a server counts.
struct ServerMetrics: Sendable {
    let registry: PrometheusRegistry
    private let version: String

    static let helps = [
        "starling_http_requests_total": "HTTP requests answered, by route and status.",
        "starling_http_request_seconds": "Time from a request's header to the end of its response.",
        "starling_first_sound_seconds": "Time from a speech request to its first bytes of audio.",
        "starling_wyoming_events_total": "Wyoming events received, by type.",
        "starling_speech_seconds_total": "Seconds of speech synthesized.",
        "starling_speech_active": "Speech requests in progress or waiting.",
        "starling_uploads_active": "Enrollments and conversions in progress, uploads included.",
        "starling_speech_abandoned_total": "Speech requests whose client disconnected early.",
        "starling_synthesis_pieces": "Synthesis tasks queued or running.",
        "starling_refused_total": "Connections and requests rejected, by reason.",
        "starling_timeouts_total": "Connections closed for inactivity.",
        "starling_connections": "Open connections.",
        "starling_build_info": "The running version.",
        "process_resident_memory_bytes": "Resident memory.",
        "process_cpu_seconds_total": "Processor time.",
        "process_open_fds": "Open file descriptors.",
    ]

    init(version: String) {
        registry = PrometheusRegistry(helps: Self.helps)
        self.version = version
        Gauge(label: "starling_build_info", dimensions: [("version", version)], factory: registry).record(1)
        // Present from the start, so that rates can be computed.
        Counter(label: "starling_speech_abandoned_total", factory: registry).increment(by: 0)
        Counter(label: "starling_timeouts_total", factory: registry).increment(by: 0)
        FloatingPointCounter(label: "starling_speech_seconds_total", factory: registry).increment(by: 0.0)
    }

    func answered(route: String, method: String, status: Int, seconds: Double) {
        let dimensions = [("method", method), ("route", route)]
        Counter(
            label: "starling_http_requests_total", dimensions: dimensions + [("status", String(status))],
            factory: registry
        ).increment()
        Timer(label: "starling_http_request_seconds", dimensions: dimensions, factory: registry).recordSeconds(seconds)
    }

    func firstSound(protocol name: String, seconds: Double) {
        Timer(label: "starling_first_sound_seconds", dimensions: [("protocol", name)], factory: registry)
            .recordSeconds(seconds)
    }

    func spoke(seconds: Double) {
        FloatingPointCounter(label: "starling_speech_seconds_total", factory: registry).increment(by: seconds)
    }

    func abandoned() { Counter(label: "starling_speech_abandoned_total", factory: registry).increment() }

    func refused(_ reason: String) {
        Counter(label: "starling_refused_total", dimensions: [("reason", reason)], factory: registry).increment()
    }

    func timedOut(_ count: Int) { Counter(label: "starling_timeouts_total", factory: registry).increment(by: count) }

    func event(_ type: String) {
        Counter(label: "starling_wyoming_events_total", dimensions: [("type", type)], factory: registry).increment()
    }

    func connected(_ protocolName: String, _ count: Int) {
        Gauge(label: "starling_connections", factory: registry).record(count)
    }

    /// Everything, with what is measured at this moment.
    func text(active: Int, uploads: Int, pieces: Int) -> String {
        Gauge(label: "starling_speech_active", factory: registry).record(active)
        Gauge(label: "starling_uploads_active", factory: registry).record(uploads)
        Gauge(label: "starling_synthesis_pieces", factory: registry).record(pieces)
        if let process = ProcessFigures() {
            Gauge(label: "process_resident_memory_bytes", factory: registry).record(process.residentBytes)
            Gauge(label: "process_open_fds", factory: registry).record(process.openFiles)
            let time = FloatingPointCounter(label: "process_cpu_seconds_total", factory: registry)
            time.reset()
            time.increment(by: process.processorSeconds)
        }
        return registry.text()
    }
}

/// What the system says about this process.
struct ProcessFigures {
    var residentBytes: Int
    var processorSeconds: Double
    var openFiles: Int

    init?() {
        guard let pages = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " "),
            pages.count > 1, let resident = Int(pages[1])
        else { return nil }
        residentBytes = resident * Int(sysconf(Int32(_SC_PAGESIZE)))
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        processorSeconds =
            Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        openFiles = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }
}
