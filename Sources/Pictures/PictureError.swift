/// Why a picture cannot be drawn; its description is one line with the remedy.
public struct PictureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Cairo's.
    public var reason: String

    public var description: String {
        "cannot draw the picture: \(reason); install libcairo2 and fonts-dejavu-core"
    }
}
