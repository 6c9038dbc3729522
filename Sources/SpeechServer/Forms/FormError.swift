/// What can be wrong with a body of multipart/form-data.
package enum FormError: Error, Sendable, Equatable {
    /// The Content-Type names no usable boundary.
    case noBoundary
    /// The body does not follow RFC 7578; the reason is a phrase.
    case malformed(reason: String)
    /// The body ends in the middle.
    case unfinished
    /// More bytes than are taken.
    case tooLarge(limit: Int)
    /// A field without a file name is longer than texts may be.
    case fieldTooLong(name: String, limit: Int)
    /// More files than are taken.
    case tooManyFiles(limit: Int)
}
