private import Foundation
import SpeechSignal

/// Values of SSML attributes. Each function gives nil for what is none.
enum SSMLValue {
    /// 250ms, 1.5s, +2s: milliseconds.
    static func milliseconds(_ text: String) -> Double? {
        let text = text.hasPrefix("+") ? text.dropFirst() : text[...]
        let scale: Double = text.hasSuffix("ms") ? 1 : text.hasSuffix("s") ? 1000 : 0
        guard scale > 0, let number = plain(text.dropLast(scale == 1 ? 2 : 1)) else { return nil }
        return Double(number) * scale
    }

    /// A number without sign or exponent.
    private static func plain(_ text: Substring) -> Float? {
        guard !text.isEmpty, text.utf8.count < 16, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 || $0 == 46 }) else {
            return nil
        }
        return Float(text.hasPrefix(".") ? "0" + text : String(text))
    }

    /// A number with a sign of its own: nil sign for none.
    private static func signed(_ text: Substring) -> (sign: Float?, value: Float)? {
        let sign: Float? = text.hasPrefix("+") ? 1 : text.hasPrefix("-") ? -1 : nil
        return plain(sign == nil ? text : text.dropFirst()).map { (sign, $0) }
    }

    private static let rates: [String: Float] = [
        "x-slow": 0.5, "slow": 0.75, "medium": 1, "default": 1, "fast": 1.3, "x-fast": 1.7,
    ]

    /// How much faster: 80%, 1.2, +10%, slow.
    static func rate(_ text: String) -> Float? {
        if let named = rates[text] { return named }
        if text.hasSuffix("%"), let (sign, value) = signed(text.dropLast()) {
            return sign.map { 1 + $0 * value / 100 } ?? value / 100
        }
        return plain(text[...])
    }

    private static let pitches: [String: Float] = [
        "x-low": -6, "low": -3, "medium": 0, "default": 0, "high": 3, "x-high": 6,
    ]

    enum Pitch {
        case semitones(Float)
        case hertz(Float)
        case mean(Float)
    }

    /// +2st, -10%, +15Hz, 180Hz, high.
    static func pitch(_ text: String) -> Pitch? {
        if let named = pitches[text] { return .semitones(named) }
        if text.hasSuffix("st"), let (sign, value) = signed(text.dropLast(2)) { return .semitones((sign ?? 1) * value) }
        if text.lowercased().hasSuffix("hz"), let (sign, value) = signed(text.dropLast(2)) {
            return sign.map { .hertz($0 * value) } ?? (value > 0 ? .mean(value) : nil)
        }
        if text.hasSuffix("%"), let (sign, value) = signed(text.dropLast()) {
            let factor = sign.map { 1 + $0 * value / 100 } ?? value / 100
            return factor > 0 ? .semitones(12 * log2(factor)) : nil
        }
        return nil
    }

    private static let ranges: [String: Float] = [
        "x-low": 0.3, "low": 0.6, "medium": 1, "default": 1, "high": 1.4, "x-high": 1.8,
    ]

    /// The pitch range: 50%, +20%, low.
    static func range(_ text: String) -> Float? {
        if let named = ranges[text] { return named }
        guard text.hasSuffix("%"), let (sign, value) = signed(text.dropLast()) else { return nil }
        return sign.map { 1 + $0 * value / 100 } ?? value / 100
    }

    private static let volumes: [String: Float] = [
        "silent": -.infinity, "x-soft": -12, "soft": -6, "medium": 0, "default": 0, "loud": 4, "x-loud": 8,
    ]

    /// Decibels: +6dB, -3dB, loud; and SSML 1.0's 0 to 100, of which 100 is full, and percent.
    static func volume(_ text: String) -> Float? {
        if let named = volumes[text] { return named }
        if text.lowercased().hasSuffix("db"), let (sign, value) = signed(text.dropLast(2)) {
            return (sign ?? 1) * value
        }
        let body = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let (sign, value) = signed(body), sign == nil || text.hasSuffix("%") else { return nil }
        let part = sign.map { 1 + $0 * value / 100 } ?? value / 100
        guard part >= 0, sign != nil || part <= 1 else { return nil }
        return part == 0 ? -.infinity : 20 * log2(part) / log2(10)
    }
}
