/// What makes cases from a seed, the same ones every time.
protocol SeededCases {
    var state: UInt64 { get set }
}

extension SeededCases {
    mutating func random(_ range: ClosedRange<Int>) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return range.lowerBound + Int((state >> 20) % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func pick<T>(_ list: [T]) -> T { list[random(0...list.count - 1)] }

    /// A number, as likely of few digits as of many.
    mutating func magnitude(_ digits: Int) -> Int {
        var bound = 1
        for _ in 0..<random(1...digits) { bound *= 10 }
        return random(0...bound - 1)
    }
}

extension Int {
    /// With a sign between groups of three digits.
    func grouped(by separator: String) -> String {
        var digits = String(self)
        var result = ""
        while digits.count > 3 {
            result = separator + digits.suffix(3) + result
            digits.removeLast(3)
        }
        return digits + result
    }

    /// In two figures at least, as in times and dates.
    var inTwoFigures: String { self < 10 ? "0\(self)" : "\(self)" }
}
