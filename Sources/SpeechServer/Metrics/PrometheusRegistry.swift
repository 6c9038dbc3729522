public import CoreMetrics
import Foundation
import Synchronization

/// Keeps metrics and writes them in Prometheus' text format.
///
/// Counters become counters, recorders gauges or histograms, timers histograms in seconds. Names may hold letters,
/// digits and underscores; anything else becomes an underscore.
public final class PrometheusRegistry: MetricsFactory {
    /// Upper edges of the histograms' buckets, in seconds.
    static let buckets = [
        0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300,
    ]

    private struct Family {
        var kind: Kind
        var series: [String: Cell] = [:]
    }

    private enum Kind: String { case counter, gauge, histogram }

    private let families = Mutex<[String: Family]>([:])
    private let helps: [String: String]

    /// - Parameter helps: a line about each metric, by name.
    public init(helps: [String: String] = [:]) { self.helps = helps }

    // MARK: Making

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, dimensions, .counter)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        cell(label, dimensions, aggregate ? .histogram : .gauge)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(label, dimensions, .gauge)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, dimensions, .histogram)
    }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
        -> any FloatingPointCounterHandler
    {
        cell(label, dimensions, .counter)
    }

    // Series live as long as the registry: a scrape must not miss what was counted.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}

    private func cell(_ label: String, _ dimensions: [(String, String)], _ kind: Kind) -> Cell {
        let name = Self.clean(label)
        let labels = dimensions.map { "\(Self.clean($0.0))=\"\(Self.escape($0.1))\"" }.joined(separator: ",")
        return families.withLock { families in
            if let found = families[name]?.series[labels] { return found }
            let cell = Cell(buckets: kind == .histogram ? Self.buckets.count : 0)
            families[name, default: Family(kind: kind)].series[labels] = cell
            return cell
        }
    }

    private static func clean(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private static func escape(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    // MARK: Writing

    /// All metrics, by name.
    public func text() -> String {
        families.withLock { families in
            families.sorted { $0.key < $1.key }.map { name, family in
                var lines = helps[name].map { ["# HELP \(name) \($0)"] } ?? []
                lines.append("# TYPE \(name) \(family.kind.rawValue)")
                for (labels, cell) in family.series.sorted(by: { $0.key < $1.key }) {
                    lines += Self.lines(name, labels, cell.values, family.kind)
                }
                return lines.joined(separator: "\n") + "\n"
            }.joined()
        }
    }

    private static func lines(_ name: String, _ labels: String, _ values: Cell.Values, _ kind: Kind) -> [String] {
        let suffix = labels.isEmpty ? "" : "{\(labels)}"
        guard kind == .histogram else { return ["\(name)\(suffix) \(number(values.sum))"] }
        let front = labels.isEmpty ? "" : labels + ","
        var total: UInt64 = 0
        var lines = zip(buckets, values.counts).map { edge, count in
            total += count
            return "\(name)_bucket{\(front)le=\"\(edge)\"} \(total)"
        }
        lines.append("\(name)_bucket{\(front)le=\"+Inf\"} \(values.count)")
        lines.append("\(name)_sum\(suffix) \(number(values.sum))")
        lines.append("\(name)_count\(suffix) \(values.count)")
        return lines
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}

/// One number, or one histogram.
private final class Cell: CounterHandler, FloatingPointCounterHandler, RecorderHandler, MeterHandler, TimerHandler {
    struct Values {
        var sum = 0.0
        var count: UInt64 = 0
        var counts: [UInt64]
    }

    private let state: Mutex<Values>

    init(buckets: Int) { state = Mutex(Values(counts: Array(repeating: 0, count: buckets))) }

    var values: Values { state.withLock { $0 } }

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { state.withLock { $0.sum += amount } }
    func decrement(by amount: Double) { increment(by: -amount) }
    func reset() { state.withLock { $0 = Values(counts: $0.counts.map { _ in 0 }) } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.sum = value } }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { values in
            if values.counts.isEmpty {
                values.sum = value
            } else {
                values.sum += value
                values.count += 1
                if let index = PrometheusRegistry.buckets.firstIndex(where: { value <= $0 }) {
                    values.counts[index] += 1
                }
            }
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
