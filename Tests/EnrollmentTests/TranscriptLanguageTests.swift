import AudioIO
import Enrollment
import Foundation
import SpeechSignal
import Synthesis
import Testing

/// Transcripts in other languages than English.
@Suite struct TranscriptLanguageTests {
    private static let texts = [
        "pt-BR": (
            said: """
            O porto estava calmo quando o primeiro barco chegou. Ninguém o esperava antes do meio-dia, e o velho riu. \
            Andamos ao longo do muro, contando as gaivotas.
            """,
            other: """
            A minha irmã comprou três livros novos na cidade. Você quer ver o que eles trouxeram da montanha? \
            Depois do jantar, ficamos muito tempo ouvindo a chuva cair.
            """
        ),
        "es-ES": (
            said: """
            El puerto estaba tranquilo cuando llegó el primer barco. Nadie lo esperaba antes del mediodía, y el viejo \
            se rió. Caminamos a lo largo del muro, contando las gaviotas.
            """,
            other: """
            Mi hermana compró tres libros nuevos en la ciudad. ¿Quieres ver lo que trajeron de la montaña? Después \
            de la cena nos quedamos mucho tiempo escuchando la lluvia.
            """
        ),
    ]

    /// What was said is understood; a text that nobody said is told from it by sentences of the same language.
    @Test(arguments: [("pt-BR", "tiago"), ("es-ES", "dora")]) func isUnderstood(tag: String, voice: String) async throws
    {
        let language = try Language(tag: tag)
        let text = try #require(Self.texts[tag])
        var options = SpeechOptions()
        options.language = language
        var samples: [Float] = []
        for try await chunk in try Material.synthesizer().speak(text.said, voice: voice, options: options) {
            samples += chunk.samples
        }
        // A tape that runs too slowly: nobody whom the networks have heard.
        var recording = try Material.recording(
            try AudioClip(samples: samples, sampleRate: 22_300).resampled(to: Material.rate).samples)
        recording.transcript = text.said
        let request = AdaptationRequest(frontend: try Material.frontend(), language: language)
        let report = try #require(
            try await Material.enroller().measure([recording], adaptation: request).adaptation)
        print("\(tag): \(report.pieces) pieces, misfits \(report.misfits), \(report.keptBecause ?? "adapted")")
        #expect(report.pieces >= 2 && report.leftOut.isEmpty, "\(report.leftOut.map(\.description))")
        #expect(report.readings.first?.sentences.allSatisfy(\.isUnderstood) == true)

        recording.transcript = text.other
        let misread = try #require(
            try await Material.enroller().measure([recording], adaptation: request).adaptation)
        #expect(!misread.isAdapted && !misread.leftOut.isEmpty, "misfits \(misread.misfits)")
    }
}
