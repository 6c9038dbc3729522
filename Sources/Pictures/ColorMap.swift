/// Dark to bright through purple and orange, of even steps in lightness.
enum ColorMap {
    private static let stops: [Canvas.Color] = [
        .init(red: 0.01, green: 0.01, blue: 0.06), .init(red: 0.20, green: 0.07, blue: 0.37),
        .init(red: 0.45, green: 0.12, blue: 0.51), .init(red: 0.71, green: 0.21, blue: 0.48),
        .init(red: 0.94, green: 0.38, blue: 0.37), .init(red: 1.00, green: 0.63, blue: 0.43),
        .init(red: 0.99, green: 0.99, blue: 0.75),
    ]

    /// - Parameter level: 0 to 1; beyond is cut.
    static func color(_ level: Double) -> Canvas.Color {
        let place = min(max(level.isNaN ? 0 : level, 0), 1) * Double(stops.count - 1)
        let index = min(Int(place), stops.count - 2)
        let part = place - Double(index)
        let (a, b) = (stops[index], stops[index + 1])
        return Canvas.Color(
            red: a.red + (b.red - a.red) * part, green: a.green + (b.green - a.green) * part,
            blue: a.blue + (b.blue - a.blue) * part)
    }
}
