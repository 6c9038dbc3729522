/// What a Spanish word's form says about the gender of nouns behind numbers.
enum SpanishNouns {
    /// The gender of a noun after a number, by its ending and by lists; nil: most likely no noun.
    static func gender(_ word: String) -> Gender? {
        let lower = word.lowercased()
        guard lower.unicodeScalars.count > 2, !others.contains(lower) else { return nil }
        if feminine.contains(lower) { return .feminine }
        if masculine.contains(lower) { return .masculine }
        var single = lower
        if lower.hasSuffix("es"), lower.unicodeScalars.count > 4 {
            single = String(lower.dropLast(2))
            if feminine.contains(single) || feminine.contains(single + "e") { return .feminine }
            if single.hasSuffix("c"), feminine.contains(single.dropLast() + "z") { return .feminine }
            if feminineEndings.contains(where: single.hasSuffix) { return .feminine }
        } else if lower.hasSuffix("s") {
            single = String(lower.dropLast())
            if feminine.contains(single) { return .feminine }
            if masculine.contains(single) { return .masculine }
        }
        if masculineEndings.contains(where: single.hasSuffix) { return .masculine }
        if single.hasSuffix("a") || feminineEndings.contains(where: single.hasSuffix) { return .feminine }
        return .masculine
    }

    private static let feminineEndings = ["ción", "sión", "cion", "sion", "xion", "xión", "dad", "tad", "tud", "umbre"]
    /// Nouns from Greek in -ma, and the like.
    private static let masculineEndings = ["ema", "oma", "grama", "ista", "nauta"]
    private static let masculine: Set<String> = [
        "día", "mapa", "planeta", "cometa", "clima", "drama", "dogma", "fantasma", "enigma", "panda", "yoga", "sofá",
        "gorila",
        "policía", "guardia", "atleta", "poeta", "artista", "paradigma", "estigma", "reuma", "carisma", "prisma",
        "asma",
        "dálmata", "cura", "colega", "pijama", "belga", "euro", "kilo",
    ]
    private static let feminine: Set<String> = [
        "mano", "foto", "moto", "radio", "noche", "tarde", "clase", "calle", "parte", "ley", "flor", "serie", "llave",
        "nube",
        "fuente", "muerte", "suerte", "red", "pared", "sed", "sede", "vez", "voz", "luz", "cruz", "raíz", "imagen",
        "imágen",
        "orden", "crisis", "tesis", "base", "frase", "fase", "señal", "cárcel", "piel", "miel", "torre", "clave",
        "nave",
        "ave", "sangre", "costumbre", "mujer", "madre", "labor", "razón", "sal", "catedral", "capital", "sucursal",
        "central", "especie", "superficie", "virgen", "margen", "nariz", "paz", "pez", "hélice", "índice", "leche",
        "carne",
        "gente", "mente", "corriente", "pendiente", "serpiente", "noticia", "dosis", "síntesis", "hipótesis", "tribu",
        "diócesis", "metrópolis", "hectárea", "onza", "libra", "yarda", "milla", "pulgada", "hora", "semana",
    ]
    /// Words that follow a number and are not nouns.
    private static let others: Set<String> = [
        "del", "las", "los", "que", "con", "por", "para", "son", "fue", "fueron", "era", "eran", "hay", "está", "están",
        "más", "menos", "mil", "como", "pero", "sin", "sobre", "entre", "desde", "hasta", "hacia", "según", "cuando",
        "donde", "porque", "aunque", "pues", "también", "tampoco", "ya", "aún", "muy", "ante", "bajo", "tras",
        "durante",
        "mediante", "una", "uno", "unos", "unas", "sus", "mis", "tus", "nos", "les", "ser", "tiene", "tienen", "será",
        "serán", "había", "habían", "puede", "pueden", "debe", "deben", "todo", "toda", "este", "esta", "ese", "esa",
        "ha", "han",
        "fueran", "sino", "cada", "cual", "cuyo", "cuya", "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre", "medio", "primero", "contra", "además",
        "millón", "millones", "billón", "billones",
    ]
}
