/// A file of the Studio, the page with which people speak and make voices in a browser.
///
/// The files live in `Page/` as they are written, and are embedded in the program: an installed binary needs no folder
/// beside it.
public struct StudioFile: Sendable {
    /// Where it is served: `/` for the page itself, `/studio/NAME` for what it loads.
    public let path: String
    public let mediaType: String
    public let bytes: [UInt8]
    /// A strong validator, in quotes, which changes with the bytes.
    public let entityTag: String

    private init(_ name: String, _ bytes: [UInt8]) {
        path = name == "index.html" ? "/" : "/studio/\(name)"
        mediaType = Self.mediaType(of: name)
        self.bytes = bytes
        entityTag = "\"\(String(Self.hash(bytes), radix: 36))\""
    }

    /// All files, the page first.
    public static let all = [
        StudioFile("index.html", PackageResources.index_html),
        StudioFile("api.js", PackageResources.api_js),
        StudioFile("base.css", PackageResources.base_css),
        StudioFile("chevron.svg", PackageResources.chevron_svg),
        StudioFile("colors.js", PackageResources.colors_js),
        StudioFile("dom.js", PackageResources.dom_js),
        StudioFile("downloads.js", PackageResources.downloads_js),
        StudioFile("enroll.js", PackageResources.enroll_js),
        StudioFile("face.js", PackageResources.face_js),
        StudioFile("icon.svg", PackageResources.icon_svg),
        StudioFile("lanes.js", PackageResources.lanes_js),
        StudioFile("language.js", PackageResources.language_js),
        StudioFile("main.js", PackageResources.main_js),
        StudioFile("mix.js", PackageResources.mix_js),
        StudioFile("player.js", PackageResources.player_js),
        StudioFile("reading.js", PackageResources.reading_js),
        StudioFile("recorder-worklet.js", PackageResources.recorder_worklet_js),
        StudioFile("recorder.js", PackageResources.recorder_js),
        StudioFile("speak.js", PackageResources.speak_js),
        StudioFile("spectrum.js", PackageResources.spectrum_js),
        StudioFile("take.js", PackageResources.take_js),
        StudioFile("theme.js", PackageResources.theme_js),
        StudioFile("timeline.js", PackageResources.timeline_js),
        StudioFile("views.css", PackageResources.views_css),
        StudioFile("voices.js", PackageResources.voices_js),
        StudioFile("wav.js", PackageResources.wav_js),
    ]

    private static func mediaType(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a of 64 bits: equal files have equal tags in every build.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
