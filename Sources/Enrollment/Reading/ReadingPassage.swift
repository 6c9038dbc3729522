public import SpeechSignal

/// A passage to read aloud for a new voice: about 45 seconds with the sounds of a language, and the consent of its
/// speaker.
///
/// ```swift
/// let passage = ReadingPassage(.italian)
/// for line in passage.lines { print(line) }
/// recording.transcript = passage.text
/// ```
public struct ReadingPassage: Sendable, Equatable {
    /// Maximum seconds of a transcribed recording that are used for adaptation.
    public static let longest = 180.0

    /// The language, one of each that there is a passage for.
    public static let languages: [Language] = [
        .americanEnglish, .europeanSpanish, .italian, .french, .brazilianPortuguese,
    ]

    /// What it is in.
    public let language: Language
    /// The sentence with which the speaker agrees; the first line.
    public let consent: String
    /// What is read, line by line.
    public let lines: [String]

    /// - Parameters:
    ///   - language: any region
    ///   - consent: what the speaker says instead of the usual sentence, which names nobody; nothing if it has no words
    public init(_ language: Language, consent: String? = nil) {
        let passage = Self.passages[language.code] ?? Self.english
        let words = (consent ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let sentence = words.contains(where: \.isLetter) ? words : passage.consent
        self.language = language
        self.consent = sentence
        lines = [sentence.last?.isPunctuation == true ? sentence : "\(sentence)."] + passage.lines
    }

    /// All of it, a line each.
    public var text: String { lines.joined(separator: "\n") }

    private typealias Passage = (consent: String, lines: [String])

    private static let passages: [String: Passage] = [
        "en": english, "es": spanish, "it": italian, "fr": french, "pt": portuguese,
    ]

    private static let english: Passage = (
        "I agree to a voice being made from this recording.",
        [
            "Last Thursday my brother and I drove out to the old lighthouse on the northern shore.",
            "The air was cold and clear, and a huge white ship was moving slowly towards the harbor.",
            "Have you ever watched the waves from up there? It is a pleasure, as long as the wind behaves.",
            "We climbed a hundred and five narrow steps, and George counted each of them aloud.",
            "At the top, a young woman in a blue jacket offered us hot soup, brown bread and oranges.",
            "She said she usually works alone, but enjoys the noise that visitors bring.",
            "What a view! You could see all the way to the city, if it weren't for the fog.",
            "Then we put our things together, thanked her for everything, and took the path through the woods.",
        ]
    )

    private static let spanish: Passage = (
        "Estoy de acuerdo en que se haga una voz con esta grabación.",
        [
            "El jueves pasado mi hermano y yo fuimos en coche al viejo faro de la costa norte.",
            "Hacía frío, el cielo estaba limpio y un enorme barco blanco entraba despacio en el puerto.",
            "¿Has mirado alguna vez las olas desde allí arriba? Es un placer, siempre que el viento ayude.",
            "Subimos ciento cinco escalones muy estrechos, y Jorge los contó todos en voz alta.",
            "Arriba, una mujer joven con chaqueta azul nos ofreció sopa caliente, pan con queso y naranjas.",
            "Nos dijo que casi siempre trabaja sola, pero que le gusta el ruido que traen los niños.",
            "¡Qué vista! Se veía la ciudad entera, aunque la niebla ya bajaba por la montaña.",
            "Luego recogimos nuestras cosas, le dimos las gracias y volvimos por el camino del bosque.",
        ]
    )

    private static let italian: Passage = (
        "Sono d'accordo che da questa registrazione venga creata una voce.",
        [
            "Giovedì scorso io e mio fratello siamo andati in macchina al vecchio faro sulla costa nord.",
            "L'aria era fredda e limpida, e un'enorme nave bianca entrava lentamente nel porto.",
            "Hai mai guardato le onde da lassù? È un piacere, purché il vento sia gentile.",
            "Abbiamo salito centocinque gradini molto stretti, e Giorgio li ha contati tutti ad alta voce.",
            "In cima, una giovane donna con la giacca azzurra ci ha offerto zuppa calda, formaggio e qualche arancia.",
            "Ci ha detto che di solito lavora da sola, ma le piace il rumore che fanno i figli degli ospiti.",
            "Che meraviglia! Si vedeva tutta la città, anche se la nebbia scendeva già dalla montagna.",
            "Poi abbiamo raccolto le nostre cose e siamo tornati per il sentiero del bosco.",
        ]
    )

    private static let french: Passage = (
        "J'accepte qu'une voix soit créée à partir de cet enregistrement.",
        [
            "Jeudi dernier, mon frère et moi sommes allés en voiture jusqu'au vieux phare de la côte nord.",
            "L'air était froid et pur, et un énorme bateau blanc entrait lentement dans le port.",
            "Avez-vous déjà regardé les vagues de là-haut ? C'est un plaisir, pourvu que le vent soit gentil.",
            "Nous avons monté cent cinq marches très étroites, et Georges les a toutes comptées à voix haute.",
            "En haut, une jeune femme en veste bleue nous a offert de la soupe chaude, du pain brun et huit oranges.",
            "Elle nous a dit qu'elle travaille souvent seule, mais qu'elle aime le bruit que font les enfants.",
            "Quelle vue ! On voyait toute la ville, même si le brouillard descendait déjà de la montagne.",
            "Puis nous avons ramassé nos affaires, et nous sommes rentrés par le chemin du bois.",
        ]
    )

    private static let portuguese: Passage = (
        "Concordo que uma voz seja criada a partir desta gravação.",
        [
            "Na quinta-feira passada, meu irmão e eu fomos de carro até o velho farol da costa norte.",
            "O ar estava frio e limpo, e um enorme navio branco entrava devagar no porto.",
            "Você já olhou as ondas lá de cima? É um prazer, desde que o vento ajude.",
            "Subimos cento e cinco degraus muito estreitos, e o Jorge contou todos em voz alta.",
            "No alto, uma jovem de jaqueta azul nos ofereceu sopa quente, pão com queijo e oito laranjas.",
            "Ela disse que quase sempre trabalha sozinha, mas gosta do barulho que as crianças trazem.",
            "Que vista! Dava para ver a cidade inteira, embora a neblina já descesse da montanha.",
            "Depois juntamos as nossas coisas, agradecemos por tudo e voltamos pelo caminho do bosque.",
        ]
    )
}
