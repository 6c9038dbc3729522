import HTTPTypes

extension HTTPField.Name {
    /// The voice that speaks, whatever name it was asked for by.
    static let starlingVoice = known("X-Starling-Voice")
    /// The model that speaks.
    static let starlingModel = known("X-Starling-Model")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let secFetchMode = known("Sec-Fetch-Mode")
    static let secFetchDest = known("Sec-Fetch-Dest")
    static let allowPrivateNetwork = known("Access-Control-Allow-Private-Network")
    static let requestPrivateNetwork = known("Access-Control-Request-Private-Network")

    /// A name of letters and hyphens, which every header may have.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header") }
        return field
    }
}
