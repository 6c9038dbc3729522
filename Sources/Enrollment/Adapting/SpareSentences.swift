import SpeechSignal
internal import TextFrontend

/// Sentences of a language that nobody is asked to read: how they fit a recording is what chance gives, and the untuned
/// voice says them to stay where it is.
enum SpareSentences {
    /// Their phonemes, with pads at both ends.
    ///
    /// - Throws: `FrontendError` where the language is not there or its data cannot be read
    static func phonemes(_ language: Language, _ frontend: TextFrontend) throws -> [Phonemes] {
        let text: String
        switch language {
        case .americanEnglish, .britishEnglish: return Calibration.phonemes
        case .europeanSpanish, .latinAmericanSpanish: text = spanish
        case .italian: text = italian
        case .french, .belgianFrench, .swissFrench: text = french
        case .brazilianPortuguese: text = portuguese
        }
        return try frontend.sentences(in: text, reading: ReadingStyle(language: language))
            .map { [.pad] + $0.phonemes + [.pad] }
    }

    private static let spanish = """
        El domingo compramos queso fresco, uvas y una botella de vino en el mercado. ¿Quién habría pensado que el \
        barco nuevo de mi padre llevaría cinco cajas grandes? La estación estaba casi vacía cuando llegó el último \
        tren, con media hora de retraso. Ella guarda un tarro de botones encima de la lavadora, junto a una \
        fotografía muy vieja.
        """

    private static let italian = """
        Domenica abbiamo comprato formaggio fresco, uva e una bottiglia di vino al mercato. Chi avrebbe pensato che \
        la barca nuova di mio padre potesse portare cinque grandi casse? La stazione era quasi vuota quando arrivò \
        l'ultimo treno, con mezz'ora di ritardo. Lei tiene un barattolo di bottoni sopra la lavatrice, accanto a \
        una fotografia molto vecchia.
        """

    private static let french = """
        Dimanche, nous avons acheté du fromage frais, du raisin et une bouteille de vin au marché. Qui aurait pensé \
        que le nouveau bateau de mon père porterait cinq grandes caisses ? La gare était presque vide quand le \
        dernier train est arrivé, avec une demi-heure de retard. Elle garde un pot de boutons au-dessus de la \
        machine à laver, à côté d'une très vieille photo.
        """

    private static let portuguese = """
        No domingo compramos queijo fresco, uvas e uma garrafa de vinho na feira. Quem teria pensado que o barco novo \
        do meu pai levaria cinco caixas grandes? A estação estava quase vazia quando chegou o último trem, com meia \
        hora de atraso. Ela guarda um pote de botões em cima da máquina de lavar, ao lado de uma fotografia muito \
        antiga.
        """
}
