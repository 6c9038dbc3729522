/// What a Portuguese word's form says about the gender of nouns behind numbers.
enum PortugueseNouns {
    /// The gender of a noun behind a number, by its ending and by lists; nil: most likely no noun.
    static func gender(_ word: String) -> Gender? {
        let lower = word.lowercased()
        guard lower.unicodeScalars.count > 2, !others.contains(lower) else { return nil }
        let single = singular(lower)
        if feminine.contains(single) { return .feminine }
        if masculine.contains(single) { return .masculine }
        if masculineEndings.contains(where: single.hasSuffix) { return .masculine }
        if single.hasSuffix("a") || feminineEndings.contains(where: single.hasSuffix) { return .feminine }
        return .masculine
    }

    private static func singular(_ word: String) -> String {
        for (plural, single) in [("ções", "ção"), ("sões", "são"), ("gens", "gem"), ("zes", "z"), ("res", "r")]
        where word.hasSuffix(plural) {
            return word.dropLast(plural.count) + single
        }
        return word.hasSuffix("s") ? String(word.dropLast()) : word
    }

    private static let feminineEndings = ["ção", "são", "dade", "tude", "gem", "ície", "ã", "ese", "ise", "triz"]
    /// Nouns from Greek in -ma, and the like.
    private static let masculineEndings = ["ema", "oma", "grama", "ista", "nauta"]
    private static let masculine: Set<String> = [
        "dia", "mapa", "planeta", "cometa", "clima", "drama", "dogma", "fantasma", "enigma", "panda", "sofá", "guarda",
        "atleta", "poeta", "artista", "paradigma", "estigma", "carisma", "prisma", "colega", "pijama", "belga",
        "talismã",
        "imã", "ímã", "galã", "fã", "personagem", "quilo", "euro", "amanhã", "gorila", "guia", "taxista", "copiloto",
        "dálmata", "pirata",
        "diplomata", "democrata", "acrobata", "psicopata", "nazista", "burocrata", "vira-lata", "autodidata",
    ]
    private static let feminine: Set<String> = [
        "mão", "foto", "moto", "noite", "tarde", "classe", "parte", "lei", "flor", "série", "chave", "fonte", "morte",
        "sorte", "rede", "parede", "sede", "vez", "voz", "luz", "cruz", "raiz", "ordem", "crise", "tese", "base",
        "frase", "fase", "pele", "torre", "nave", "ave", "mulher", "mãe", "cor", "dor", "catedral", "capital", "filial",
        "espécie", "superfície", "paz", "carne", "gente", "mente", "ponte", "neve", "febre", "greve", "tribo", "libra",
        "milha", "polegada", "hora", "semana", "colher", "nuvem", "irmã", "maçã", "manhã", "árvore",
        "estante", "gripe", "dose", "posse", "marge", "vertente", "equipe", "célula", "internet", "noz", "tosse",
    ]
    /// Words that follow a number and are no noun.
    private static let others: Set<String> = [
        "que", "com", "por", "para", "são", "foi", "foram", "era", "eram", "está", "estão", "mais", "menos", "mil",
        "como", "mas", "sem", "sobre", "entre", "desde", "até", "segundo", "quando", "onde", "porque", "pois", "também",
        "ainda", "muito", "das", "dos", "nas", "nos", "uma", "ser", "tem", "têm", "será", "serão", "havia", "pode",
        "podem", "deve", "devem", "todo", "toda", "este", "esta", "esse", "essa", "cada", "qual", "janeiro",
        "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
        "dezembro", "meio", "meia", "primeiro", "contra", "milhão", "milhões", "bilhão", "bilhões", "trilhão",
        "trilhões", "aos", "pela", "pelo", "não", "depois", "antes", "aqui", "agora", "hoje", "vezes",
    ]
}
