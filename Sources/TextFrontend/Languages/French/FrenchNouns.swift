/// What the spelling of a French word shows: its gender before a number, whether it elides, whether capitals make a
/// word.
enum FrenchNouns {
    private static let feminineEndings = [
        "tion", "sion", "aison", "té", "ette", "elle", "esse", "ence", "ance", "ense", "ure", "ie", "ée", "ade", "ude",
        "euse",
        "trice", "ine", "ille", "otte", "elle", "eille", "aille", "onne", "enne", "ane", "ière", "ise", "oire", "ale",
        "ole",
        "une", "ique", "aine", "asse", "ousse", "ace", "ive", "ote",
    ]
    private static let masculine: Set<String> = [
        "siècle", "mètre", "litre", "homme", "membre", "article", "chapitre", "gramme", "kilogramme", "kilomètre",
        "centimètre", "millimètre", "décimètre", "hectolitre", "centilitre", "millilitre", "arbre", "ange", "an",
        "mois",
        "côté", "été", "comté", "traité", "pâté", "comité", "député", "arrêté", "musée", "lycée", "trophée", "génie",
        "incendie", "parapluie", "territoire", "laboratoire", "observatoire", "exemple", "exemplaire", "étage",
        "virage", "voyage", "village", "visage", "message", "passage", "degré", "titre", "verre", "livre", "centre",
        "nombre", "ordre", "signe", "type", "genre", "groupe", "cercle", "angle", "oncle", "élève", "monde", "mode",
        "code", "poste", "texte", "terme", "contexte", "problème", "système", "thème", "poème", "programme",
        "domaine", "capitaine", "magazine", "monde", "vase", "contrôle", "rôle", "pôle", "symbole", "pétrole",
        "espace", "stade", "grade", "malaise", "service", "exercice", "office", "bénéfice", "indice", "silence",
        "sixième", "cinquième", "quart", "tiers", "volume", "costume", "légume", "parfum", "murmure", "augure",
        "gigaoctet", "octet", "franc", "point", "euro", "dollar", "cent", "centime", "million", "milliard", "mille",
        "dixième", "huitième", "domicile", "fleuve", "royaume", "meuble", "immeuble", "couple", "peuple", "ouvrage",
        "ménage",
    ]
    private static let feminine: Set<String> = [
        "fois", "heure", "minute", "seconde", "maison", "main", "fin", "voix", "nuit", "chose", "femme", "fille",
        "personne", "page", "semaine", "année", "ligne", "place", "voiture", "tonne", "livre", "mort", "vis", "dent",
        "grande", "petite", "bonne", "vieille", "seule", "longue", "jolie", "grosse", "haute", "certaine", "mer",
        "fleur", "couleur", "heures", "mère", "sœur", "tante", "reine", "table", "chaise", "ville", "rue",
        "route", "porte", "fenêtre", "chambre", "lettre", "carte", "branche", "bouteille", "tasse", "cuillère",
        "cuillerée", "pomme", "poire", "banane", "orange", "tomate", "carotte", "poule", "vache", "chèvre", "abeille",
        "étoile", "planète", "lune", "école", "église", "équipe", "entreprise", "usine", "banque", "île", "plage",
        "montagne", "forêt", "ferme", "victime", "vie", "image", "note", "étape", "tranche", "feuille", "tête",
        "jambe", "caisse", "boîte", "robe", "jupe", "chemise", "pièce", "marche", "douzaine", "dizaine", "centaine",
        "candidate", "étudiante", "élection", "loi", "part", "clé", "clef", "fraise", "fourchette", "assiette",
        "langue", "classe", "phrase", "syllabe", "consonne", "voyelle", "réponse", "idée", "tâche", "course", "balle",
        "arme", "guerre", "bataille", "bombe", "colonne", "rangée", "série", "espèce", "forme", "marque", "méthode",
        "plante", "herbe", "rose", "goutte", "pluie", "vague", "calorie", "once", "acre", "voie", "nouvelle", "brebis",
        "souris", "perdrix", "noix", "croix", "paix", "faim", "soif", "façon", "leçon", "chanson", "saison", "raison",
        "boisson", "prison", "moisson", "toison", "cloison", "dot", "cour", "tour", "peau", "eau", "foi", "colombe",
    ]

    /// The gender that a number before the word agrees with.
    static func gender(_ word: String) -> Gender {
        let singular = word.hasSuffix("s") ? String(word.dropLast()) : word
        if feminine.contains(word) || feminine.contains(singular) { return .feminine }
        if masculine.contains(word) || masculine.contains(singular) { return .masculine }
        return feminineEndings.contains { singular.hasSuffix($0) } ? .feminine : .masculine
    }

    private static let vowels = Set("aeiouyàâäéèêëîïôöùûüœæ".unicodeScalars)

    /// Whether "de" before the word is "d'".
    static func elides(_ word: String) -> Bool { word.unicodeScalars.first.map { vowels.contains($0) } ?? false }

    /// ONU, OTAN: four letters or more in which vowels and consonants alternate; "SNCF" and "PSG" are spelled.
    static func isPronounceable(_ acronym: String) -> Bool {
        let letters = Array(acronym.lowercased().unicodeScalars)
        guard letters.count > 3 else { return false }
        let isVowel = letters.map { vowels.contains($0) }
        for (before, after) in zip(isVowel, isVowel.dropFirst()) where !before && !after { return false }
        return isVowel.contains(true) && isVowel.contains(false)
    }
}
