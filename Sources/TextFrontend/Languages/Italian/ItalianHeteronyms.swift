/// Words whose spelling has two stresses, by their neighbours: prìncipi and princìpi, sùbito and subìto.
enum ItalianHeteronyms {
    /// The word at `i` as a dictionary marks it; nil where it is no heteronym.
    ///
    /// - Parameter words: small letters; nil for punctuation
    static func marked(_ words: [String?], at i: Int) -> String? {
        guard let word = words[i] else { return nil }
        // dell'ancora, l'ambito
        let bare = word.split(separator: "'").last.map(String.init) ?? word
        guard let entry = entries[bare] else { return nil }
        let isElided = bare.utf8.count < word.utf8.count
        let before = isElided ? String(word.dropLast(bare.count)) : i > 0 ? words[i - 1] ?? "" : ""
        let after = i + 1 < words.count ? words[i + 1] ?? "" : ""
        let chosen = entry.cases.first { $0.fits(before, after) }?.marked ?? entry.usual
        return isElided ? before.replacing("'", with: "") + chosen : chosen
    }

    private struct Case: Sendable {
        var marked: String
        /// What stands before or after it, or a class of words that do.
        var before: Set<String> = []
        var after: Set<String> = []

        func fits(_ previous: String, _ next: String) -> Bool { before.contains(previous) || after.contains(next) }
    }

    private struct Entry: Sendable {
        var usual: String
        var cases: [Case]
    }

    // MARK: Classes

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    /// Before a noun in the singular, in the plural, and adjectives that stand so.
    private static let singular = words(
        "il lo la un uno una del dello della al allo alla dal dallo dalla nel nello nella sul sullo sulla col questo questa quel quello "
            + "quella mio mia tuo tua suo sua nostro nostra vostro vostra ogni qualche nessun nessuno nessuna alcun altro altra primo prima "
            + "ultimo ultima nuovo nuova grande gran vecchio vecchia buon bel bella stesso stessa proprio quale quell' l' un' dell' all' "
            + "dall' nell' sull' quest' di da con per senza ex giovane bravo certo vero tal tale")
    private static let plural = words(
        "i gli le dei degli delle ai agli alle dai dagli dalle nei negli nelle sui sugli sulle questi queste quei quegli quelle miei mie tuoi "
            + "tue suoi sue nostri nostre vostri vostre alcuni alcune molti molte pochi poche tanti tante tutti tutte altri altre due tre "
            + "quattro cinque sei sette otto nove dieci primi prime nuovi nuove grandi stessi stesse propri loro di con per senza")
    private static let nouns = singular.union(plural)
    /// Before a participle.
    private static let auxiliaries = words(
        "ho hai ha abbiamo avete hanno avevo avevi aveva avevamo avevate avevano ebbe ebbero avrò avrai avrà avremo avrete avranno avrei "
            + "avresti avrebbe avremmo avreste avrebbero abbia abbiano avesse avessero avendo aver avere è sono era erano sia siano fu "
            + "stato stata viene venne essere l'ha l'ho l'hanno l'aveva l'abbiamo m'ha mai già sempre")
    /// Before a finite verb.
    private static let clitics = words(
        "mi ti si ci vi non lo li ne che chi io tu egli lei lui noi voi loro se quando come dove cosa mai spesso sempre me te ce ve glielo gliela "
            + "poi e")
    private static let subjects = words("si non che chi mi ti ci vi ne lo li gli le io tu egli lui lei noi voi loro come dove quando se")

    // MARK: The words

    private static func noun(_ usual: String, otherwise: String, before: Set<String> = nouns, after: Set<String> = []) -> Entry {
        Entry(usual: otherwise, cases: [Case(marked: usual, before: before, after: after)])
    }

    private static let entries: [String: Entry] = [
        "ancora": Entry(
            usual: "ancóra",
            cases: [
                Case(
                    marked: "àncora",
                    before: words("l' un' dell' all' dall' nell' sull' quell' quest' gettare gettata levare levata getta gettò gettano levò"),
                    after: [])
            ]),
        "principi": Entry(
            usual: "princìpi",
            cases: [
                Case(marked: "prìncipi", before: words("giovani due tre quattro sette antichi"), after: words("azzurri ereditari tedeschi romani italiani e del d'europa indiani cristiani")),
            ]),
        "subito": Entry(
            usual: "sùbito",
            cases: [
                Case(
                    marked: "subìto",
                    before: auxiliaries.subtracting(words("è sono era erano sia siano fu viene venne mai già sempre essere stato stata")), after: []),
                Case(marked: "subìto", before: words("danno torto"), after: words("gravi ingenti pesanti")),
            ]),
        "subita": Entry(usual: "subìta", cases: []), "subiti": Entry(usual: "subìti", cases: []),
        "capitano": Entry(
            usual: "capitàno",
            cases: [Case(marked: "càpitano", before: words("che mi ti ci vi gli le spesso cose non si quando come dove disgrazie incidenti"), after: [])]),
        "desideri": Entry(usual: "desìderi", cases: [Case(marked: "desidèri", before: nouns, after: [])]),
        "nocciolo": Entry(usual: "nòcciolo", cases: [Case(marked: "nocciòlo", before: words("di albero legno"), after: [])]),
        "leggere": Entry(usual: "lèggere", cases: [Case(marked: "leggère", before: words("le delle più molto troppo armi piogge ferite metropolitane ali così sono erano"), after: [])]),
        "compito": Entry(usual: "cómpito", cases: []),
        "ambito": Entry(usual: "àmbito", cases: [Case(marked: "ambìto", before: words("più molto tanto così"), after: words("premio trofeo riconoscimento titolo"))]),
        "viola": Entry(usual: "viòla", cases: [Case(marked: "vìola", before: words("che non si chi lo li ne chiunque"), after: words("la il le i gli l'accordo ogni i"))]),
        "perdono": Entry(usual: "perdóno", cases: [Case(marked: "pèrdono", before: words("che non si ne lo la li le ci spesso foglie alberi essi loro mi vi"), after: words("la il i le gli tempo sangue acqua molto"))]),
        "benefici": Entry(usual: "benefìci", cases: [Case(marked: "benèfici", before: words("effetti molto più"), after: [])]),
        "decade": Entry(usual: "dècade", cases: [Case(marked: "decàde", before: words("che non si"), after: [])]),
        "seguito": Entry(usual: "séguito", cases: [Case(marked: "seguìto", before: auxiliaries, after: words("da dal dalla dai dalle dagli dall'altro"))]),
        "circuito": Entry(usual: "circùito", cases: [Case(marked: "circuìto", before: auxiliaries, after: [])]),
        "tendine": Entry(usual: "tèndine", cases: [Case(marked: "tendìne", before: words("le delle alle dalle sulle tra"), after: [])]),
        "nettare": Entry(usual: "nèttare", cases: []),
        "balia": Entry(usual: "bàlia", cases: [Case(marked: "balìa", before: words("in"), after: words("di del della delle dei"))]),
        "mendico": Entry(usual: "mendìco", cases: []),
        "impari": Entry(usual: "impàri", cases: [Case(marked: "ìmpari", before: words("lotta battaglia sfida"), after: [])]),
        "isolano": Entry(usual: "isolàno", cases: [Case(marked: "ìsolano", before: words("che si non li lo ci"), after: [])]),
        "pagano": Entry(usual: "pàgano", cases: [Case(marked: "pagàno", before: words("il un del mondo tempio rito culto dio"), after: [])]),
        "predico": Entry(usual: "predìco", cases: []),
        "presidi": Entry(usual: "presìdi", cases: [Case(marked: "prèsidi", before: words("dirigenti professori"), after: words("delle"))]),
        "retina": Entry(usual: "rètina", cases: []),
        "scrivano": Entry(usual: "scrivàno", cases: [Case(marked: "scrìvano", before: words("che si non loro"), after: [])]),
        "tenere": Entry(usual: "tenére", cases: [Case(marked: "tènere", before: words("le più foglie età molto parole carni"), after: words("foglie braccia parole carezze"))]),
        "volano": Entry(usual: "vólano", cases: [Case(marked: "volàno", before: words("il un del al dal"), after: [])]),
        "mormorio": Entry(usual: "mormorìo", cases: []), "brusio": Entry(usual: "brusìo", cases: []),
        "ronzio": Entry(usual: "ronzìo", cases: []), "fruscio": Entry(usual: "fruscìo", cases: []),
        "calpestio": Entry(usual: "calpestìo", cases: []), "tremolio": Entry(usual: "tremolìo", cases: []),
        "rubino": Entry(usual: "rubìno", cases: [Case(marked: "rùbino", before: words("che non si mi ci vi"), after: [])]),
        "arbitri": Entry(usual: "àrbitri", cases: []),
        "condomini": Entry(usual: "condomìni", cases: [Case(marked: "condòmini", before: words("i dei ai tra fra altri"), after: [])]),
        "malefici": Entry(usual: "malefìci", cases: []),
        "frutteti": Entry(usual: "fruttéti", cases: []),
        "cantino": Entry(usual: "càntino", cases: []),
        "bacino": Entry(usual: "bacìno", cases: [Case(marked: "bàcino", before: words("si che"), after: [])]),
        "turbine": Entry(usual: "tùrbine", cases: [Case(marked: "turbìne", before: words("le delle due tre alle dalle"), after: [])]),
        "pesca": Entry(usual: "pésca", cases: [Case(marked: "pèsca", before: words("una"), after: words("matura noce gialla bianca sciroppata"))]),
        "pesche": Entry(usual: "pèsche", cases: []),
        "venti": Entry(usual: "vénti", cases: [Case(marked: "vènti", before: words("i dei forti ai dai rosa"), after: words("forti alisei contrari gelidi"))]),
        "legge": Entry(usual: "légge", cases: [Case(marked: "lègge", before: subjects, after: words("un il libri i molto poco ad"))]),
        "botte": Entry(usual: "bótte", cases: [Case(marked: "bòtte", before: words("le di delle a"), after: [])]),
        "collega": Entry(usual: "collèga", cases: [Case(marked: "colléga", before: words("che si lo li ci"), after: [])]),
        "accetta": Entry(usual: "accètta", cases: [Case(marked: "accétta", before: words("un'"), after: [])]),
        "foro": Entry(usual: "fóro", cases: [Case(marked: "fòro", before: [], after: words("romano competente boario italico"))]),
        "torta": Entry(usual: "tórta", cases: []),
        "affetto": Entry(usual: "affètto", cases: []),
        "menti": Entry(usual: "ménti", cases: [Case(marked: "mènti", before: words("non mi tu ci se perché"), after: [])]),
        "corso": Entry(usual: "córso", cases: []),
        "scopo": Entry(usual: "scòpo", cases: []),
        "colto": Entry(usual: "còlto", cases: [Case(marked: "cólto", before: words("uomo molto pubblico linguaggio più"), after: [])]),
        "volto": Entry(usual: "vólto", cases: []),
        "sete": Entry(usual: "séte", cases: []),
        "rosa": Entry(usual: "ròsa", cases: []),
        "fosse": Entry(usual: "fósse", cases: [Case(marked: "fòsse", before: words("le delle nelle alle"), after: [])]),
    ]
}
