/// Temperatures whose degree sign is missing: 350F, 98.6F, 180C/350F, 20C outside.
enum TemperatureRule {
    private static let scales = ["C": "Celsius", "F": "Fahrenheit"]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let (number, scale) = degrees(line, i), line.begins(i) || line.isDash(i - 1),
            isTemperature(line, i, number, scale)
        else { return nil }
        let end = number.end + 1
        var spoken = [Spoken](
            words: line.quantity(number) + [number.isOne ? "degree" : "degrees", scales[scale] ?? scale])
        // 180C/350F/gas 4
        guard line.joined(end, "/"), degrees(line, end + 1) != nil || line.lower(end + 1) == "gas" else {
            return Reading(.measure, to: end, spoken)
        }
        spoken.append(.comma)
        return Reading(.measure, to: end + 1, spoken)
    }

    /// A number that a letter for a scale touches.
    private static func degrees(_ line: Line, _ i: Int) -> (number: Line.Number, scale: String)? {
        guard let number = line.number(i), line.touches(number.end) || isMeasured(line, i),
            let scale = line.letters(number.end), scales[scale] != nil,
            line.ends(number.end + 1) || line.joined(number.end + 1, "/")
        else { return nil }
        return (number, scale)
    }

    /// Temp 38.5 C
    private static func isMeasured(_ line: Line, _ i: Int) -> Bool {
        let names: Set<String> = ["temp", "temperature", "temps", "fever", "oven", "bake"]
        return (max(0, i - 3)..<i).contains { line.lower($0).map(names.contains) == true }
    }

    private static let weather: Set<String> = [
        "outside", "inside", "oven", "preheat", "preheated", "bake", "baked", "roast", "heat", "heated", "temperature",
        "temperatures", "temp", "temps", "weather", "hot", "cold", "warm", "cool", "high", "low", "highs", "lows",
        "boil", "boils", "freezing", "fever", "forecast", "sunny", "cloudy", "feels", "fan", "air", "water", "wash",
        "thermostat", "minus", "below", "humidity", "drops", "dropped", "reach", "reached", "chilly", "rain", "snow",
        "internal", "broil", "grill", "smoker", "fridge", "freezer", "melts", "degrees",
    ]

    /// Another word of weather and cooking in the line, another temperature, or figures that nothing else has.
    private static func isTemperature(_ line: Line, _ i: Int, _ number: Line.Number, _ scale: String) -> Bool {
        if number.whole.utf8.count > 3 || line.touches(i) && line.isDash(i - 1) && line.touches(i - 1) { return false }
        let near = max(0, i - 10)..<min(line.count, number.end + 10)
        if near.contains(where: { line.lower($0).map(weather.contains) == true || line.symbol($0, "°") }) {
            return true
        }
        let other = near.first { $0 != i && line.digits($0) != nil && !line.touches($0) && degrees(line, $0) != nil }
        if other != nil || line.symbol(i - 1, "/") || line.joined(number.end + 1, "/") { return true }
        return scale == "F" && (number.fraction != nil || number.whole.utf8.count > 2)
    }
}
