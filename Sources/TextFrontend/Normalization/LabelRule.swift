/// Numbers that name a thing rather than count it: Boeing 747, Room 101, v2.0.1, PO Box 123, ISBN, post codes.
enum LabelRule {
    /// Three or four figures after these are read in pairs: seven forty seven, one oh one.
    private static let paired: Set<String> = [
        "highway", "hwy", "room", "flight", "boeing", "airbus", "suite", "apartment", "apt", "route", "interstate",
        "unit", "bus", "tram", "train", "exit", "ste", "rte", "locker", "gate", "form", "http", "error", "port", "k",
        "bwv", "porsche", "carrera", "op", "rm", "rt", "xbox", "fahrenheit",
    ]
    /// Figures after these are said one by one.
    private static let spelled: Set<String> = [
        "isbn", "issn", "imei", "otp", "upc", "ein", "ssn", "iban", "vin", "extension", "ext", "upc", "postcode", "zip",
        "cvv", "cvc", "pin",
    ]
    /// Three figures after these are a number to dial.
    private static let dialled: Set<String> = [
        "call", "dial", "calling", "called", "dialed", "dialled", "phone", "text",
    ]

    /// Of these also what is written small: port 8080.
    private static let small: Set<String> = ["flight", "exit", "error", "port", "room", "route", "gate", "op", "rm"]
    /// A number and a letter after these: Room 12A, seat 3C.
    private static let lettered: Set<String> = [
        "seat", "row", "platform", "flat", "runway", "figure", "fig", "figs", "table", "section", "question", "page",
        "building", "house", "door", "lot", "block", "schedule", "grade", "class", "year", "stand", "bay", "pier",
        "chapter",
    ]
    /// Five figures and more after these are said one by one.
    private static let numbered: Set<String> = [
        "no", "number", "invoice", "ticket", "tracking", "confirmation", "reference", "ref", "case", "badge", "permit",
    ]

    /// Digits after a word that makes them a label.
    static func readDigits(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i), i > 0, !line.touches(i) || line.symbol(i - 1, "#") else { return nil }
        var before = i - 1
        while before >= 0, line.symbol(before, ".") || line.symbol(before, "#") || line.symbol(before, ":") {
            before -= 1
        }
        if digits.utf8.count == 3, isListed(line, i), line.ends(i + 1) {
            return Reading(.telephone, to: i + 1, words: NumberWords.digits(digits))
        }
        if isAccount(line, i - 1) { return chain(line, at: i) }
        guard let word = line.lower(before) else { return nil }
        if spelled.contains(word) { return chain(line, at: i) }
        // The ISBN is 978-…, but "the extension is 300 feet".
        if word == "is" || word == "number", let named = line.lower(before - 1), spelled.contains(named),
            !named.hasPrefix("ext")
        {
            return chain(line, at: i)
        }
        let count = digits.utf8.count
        if let code = code(line, at: i, before: before) { return code }
        let stands = line.ends(i + 1) && !(line.joined(i + 1, ",") && line.touches(i + 2)) || line.isDash(i + 1)
        if word == "box", line.lower(before - 1) == "po" || line.symbol(before - 1, ".") {
            return Reading(.address, to: i + 1, words: NumberWords.digits(digits))
        }
        if digits == "911", stands, !["porsche", "carrera", "the", "of"].contains(word) || isEmergency(line, i),
            !isCounted(line, i + 1)
        {
            return Reading(.telephone, to: i + 1, words: NumberWords.digits(digits))
        }
        if (4...6).contains(count), ["text", "dial", "texting", "call"].contains(word), stands, !isCounted(line, i + 1)
        {
            return Reading(.telephone, to: i + 1, words: NumberWords.digits(digits))
        }
        if count == 3, dialled.contains(word), stands, !line.isDash(i + 1), !isCounted(line, i + 1) {
            return Reading(.telephone, to: i + 1, words: NumberWords.digits(digits))
        }
        if symbolBefore(line, i, "#"), count > 4 {
            return Reading(.serial, to: i + 1, words: NumberWords.digits(digits))
        }
        if count > 4, numbered.contains(word), stands, !digits.hasSuffix("000") {
            return Reading(.serial, to: i + 1, words: NumberWords.digits(digits))
        }
        // Room 12A
        if count < 5, paired.contains(word) || lettered.contains(word), line.touches(i + 1),
            let letter = line.letters(i + 1), letter.utf8.count == 1, line.tokens[i + 1].isCapitalized, line.ends(i + 2)
        {
            return Reading(.serial, to: i + 2, [Spoken](words: NumberWords.paired(digits)) + [.letters(letter)])
        }
        // No. 21-1234, a court's docket
        if word == "no", count == 2, line.joined(i + 1, "-"), line.touches(i + 2), let more = line.digits(i + 2),
            (3...5).contains(more.utf8.count), line.ends(i + 3)
        {
            return Reading(.serial, to: i + 3, words: NumberWords.cardinal(digits) + NumberWords.paired(more))
        }
        if line.isDash(i + 1), line.digits(i + 2)?.utf8.count == 2, line.isDash(i + 3) { return nil }
        let isName = line.tokens[before].isCapitalized || small.contains(word)
        if (3...4).contains(count), digits.first != "0", paired.contains(word), isName, stands, !isCounted(line, i + 1),
            before == i - 1 || line.symbol(i - 1, ".")
        {
            var words = NumberWords.paired(digits)
            var end = i + 1
            // Boeing 737-800
            if line.joined(end, "-"), line.touches(end + 1), let more = line.digits(end + 1), line.ends(end + 2),
                word == "boeing"
            {
                words += NumberWords.cardinal(more)
                end += 2
            }
            return Reading(.serial, to: end, words: words)
        }
        // Python 101, but "About 101 people"
        let next = line.lower(i + 1) ?? ""
        if digits == "101", before == i - 1, line.tokens[before].isCapitalized, stands,
            !isLower(line, i + 1) || ["is", "was", "for", "class", "course", "and", "at", "in"].contains(next)
        {
            return Reading(.serial, to: i + 1, words: NumberWords.paired(digits))
        }
        // RTX 4090, ISO 9001: four figures after capitals.
        if count == 4, before == i - 1, let text = line.letters(before), text.utf8.count > 1, stands,
            text == text.uppercased(), digits.first != "0", line.tables.currencies[text] == nil,
            !isLower(line, i + 1) || line.lower(before - 1) == "flight", !CardinalRule.isSpelledLabel(line, at: i)
        {
            return Reading(.serial, to: i + 1, words: NumberWords.paired(digits))
        }
        return nil
    }

    /// What a code of figures belongs to: order 112-7654321, confirmation code 48213.
    private static let coded: Set<String> = [
        "order", "confirmation", "tracking", "invoice", "account", "ticket", "reference", "ref", "code", "id",
        "passcode", "booking", "serial", "item", "sku", "membership", "policy", "claim", "locator", "reservation",
        "verification", "barcode", "registration", "receipt", "transaction", "batch", "parcel", "package", "pkg",
        "shipment", "license", "licence", "passport", "access", "security", "area", "dialing", "part",
    ]

    /// Meeting ID: 873 2214 9901
    private static func groups(_ line: Line, at i: Int) -> Reading? {
        var spoken: [Spoken] = []
        var at = i
        while let digits = line.digits(at), (2...5).contains(digits.utf8.count), at == i || !line.touches(at),
            !line.touches(at + 1) || line.ends(at + 1)
        {
            if at > i { spoken.append(.comma) }
            spoken += [Spoken](words: NumberWords.digits(digits))
            at += 1
            if line.touches(at) { break }
        }
        return at > i + 1 ? Reading(.serial, to: at, spoken) : nil
    }

    /// Figures one by one after a word that has a code; with hyphens or blanks in groups.
    private static func code(_ line: Line, at i: Int, before: Int) -> Reading? {
        var at = before
        if let word = line.lower(at), ["number", "no", "is", "code", "id", "num", "nr"].contains(word),
            let other = line.lower(at - 1),
            coded.contains(other)
        {
            at -= 1
        }
        guard let word = line.lower(at), coded.contains(word), let digits = line.digits(i) else { return nil }
        if let groups = groups(line, at: i) { return groups }
        let isChain =
            line.joined(i + 1, "-") && line.touches(i + 2)
            && (line.digits(i + 2) != nil || line.letters(i + 2)?.utf8.count == 1)
        if word == "code", line.lower(at - 1) == "area", digits.utf8.count == 3 { return chain(line, at: i) }
        if word == "area", line.lower(at + 1) != "code" { return nil }
        if word == "area" || ["security", "access"].contains(word) && at < before { return chain(line, at: i) }
        if word == "item" || word == "part" || word == "batch" {
            guard isChain || digits.utf8.count > 4 else { return nil }
        } else {
            guard digits.utf8.count > 3 || isChain && digits.utf8.count > 1 else { return nil }
        }
        // "order 1500 units" counts, and so does "account 2,000".
        guard !line.joined(i + 1, ","), !line.joined(i + 1, "."), !line.joined(i + 1, "/"), !line.joined(i + 1, "%"),
            !isCounted(line, i + 1), !line.touches(i + 1) || isChain || line.ends(i + 1)
        else { return line.joined(i + 1, ".") && line.ends(i + 2) && !line.touches(i + 2) ? chain(line, at: i) : nil }
        return chain(line, at: i)
    }

    /// 911 after "Dial 112, 999 or": the numbers of a list that begins with a call.
    private static func isListed(_ line: Line, _ i: Int) -> Bool {
        var k = i - 1
        var numbers = 0
        while k >= 0, i - k < 16 {
            if line.digits(k)?.utf8.count == 3 {
                numbers += 1
            } else if !line.symbol(k, ","), !["or", "and", "then"].contains(line.lower(k) ?? "") {
                break
            }
            k -= 1
        }
        return numbers > 0 && line.lower(k).map(dialled.contains) == true
    }

    /// the 911 operator
    private static func isEmergency(_ line: Line, _ i: Int) -> Bool {
        [
            "call", "calls", "caller", "callers", "dispatcher", "dispatchers", "operator", "operators", "emergency",
            "system", "center", "service", "tape", "tapes", "line", "lines",
        ]
        .contains(line.lower(i + 1) ?? "")
    }

    /// IBAN DE89 3704 0044: a group of an account's number, whose first two letters are a country's.
    private static func isAccount(_ line: Line, _ before: Int) -> Bool {
        var k = before
        while k > 0, before - k < 16, line.kind(k) == .digits || line.letters(k)?.utf8.count == 2 { k -= 1 }
        return k < before && line.lower(k) == "iban"
    }

    private static func symbolBefore(_ line: Line, _ i: Int, _ sign: Unicode.Scalar) -> Bool {
        line.symbol(i - 1, sign)
    }

    /// A word in lower case follows that the number may count.
    private static func isLower(_ line: Line, _ i: Int) -> Bool {
        line.letters(i)?.first?.isLowercase == true && !line.touches(i)
    }

    private static func isCounted(_ line: Line, _ i: Int) -> Bool {
        guard let next = line.letters(i), !line.touches(i) else { return false }
        return next.hasSuffix("s") && next.first?.isLowercase == true && next.utf8.count > 3
    }

    /// Digits and hyphens one by one, a pause at each hyphen: 978-0-306-40615-7.
    private static func chain(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.digits(i) else { return nil }
        var spoken = [Spoken](words: NumberWords.digits(first))
        var end = i + 1
        while end < line.count {
            if line.joined(end, "-"), line.touches(end + 1) {
                if let more = line.digits(end + 1) {
                    spoken += [.comma] + [Spoken](words: NumberWords.digits(more))
                } else if let more = line.letters(end + 1), more.utf8.count == 1 {
                    spoken += [.comma, .letters(more.uppercased())]
                } else {
                    break
                }
                end += 2
            } else {
                break
            }
        }
        return Reading(.serial, to: end, spoken)
    }

    /// SW1A 1AA, M1 4BT: letters spelled, figures one by one.
    static func readPostcode(_ line: Line, at i: Int) -> Reading? {
        guard let area = line.letters(i), area.utf8.count <= 2, area == area.uppercased(), !line.touches(i),
            line.touches(i + 1), let district = line.digits(i + 1), district.utf8.count <= 2
        else { return nil }
        var at = i + 2
        var letter: String?
        if line.touches(at), let text = line.letters(at), text.utf8.count == 1 {
            letter = text.uppercased()
            at += 1
        }
        guard !line.touches(at), let sector = line.digits(at), sector.utf8.count == 1, line.touches(at + 1),
            let unit = line.letters(at + 1), unit.utf8.count == 2, unit == unit.uppercased(), line.ends(at + 2)
        else { return nil }
        var spoken: [Spoken] = [.letters(area)] + [Spoken](words: NumberWords.digits(district))
        if let letter { spoken.append(.letters(letter)) }
        spoken += [.comma] + [Spoken](words: NumberWords.digits(sector)) + [.letters(unit)]
        return Reading(.address, to: at + 2, spoken)
    }
}
