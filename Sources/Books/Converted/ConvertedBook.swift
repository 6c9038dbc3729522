import Files
import Foundation

/// Books in formats that other programs read: PDF with poppler's pdftotext, DOCX and ODT with pandoc.
enum ConvertedBook {
    static func pdf(_ url: URL) throws(BookError) -> Book {
        let text = try Converter(program: "pdftotext", package: "poppler-utils").output(
            ["-enc", "UTF-8", url.path(percentEncoded: false), "-"], of: url)
        var book = PlainTextBook.read(PDFText.joined(text), name: url.deletingPathExtension().lastPathComponent)
        book.loss =
            "a PDF has no chapters: headings, notes, tables and columns may be out of place; an EPUB of "
            + "the same book reads better"
        return book
    }

    /// - Parameter kind: pandoc's name of the format
    static func document(_ url: URL, kind: String) throws(BookError) -> Book {
        let text = try Converter(program: "pandoc", package: "pandoc").output(
            ["--sandbox", "--from", kind, "--to", "gfm", "--wrap", "none", "--", url.path(percentEncoded: false)],
            of: url)
        var book = MarkdownBook.read(text, name: url.deletingPathExtension().lastPathComponent)
        book.loss =
            "chapters begin at heading styles; pictures, text boxes, notes and headers are omitted, and tracked changes "
            + "are accepted"
        return book
    }
}

/// A program that writes text to its standard output, under limits.
private struct Converter {
    let program: String
    /// Debian's package that has it.
    let package: String

    /// Seconds of processor time, and kilobytes of memory.
    private static let (seconds, kilobytes) = (120, 4 << 20)

    func output(_ arguments: [String], of url: URL) throws(BookError) -> String {
        let path = url.relativePath
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let places = folders.map { "\($0)/\(program)" }
        guard let found = places.first(where: { access($0, X_OK) == 0 }) else {
            throw .noConverter(path: path, program: program, package: package)
        }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let limits = "ulimit -t \(Self.seconds) -v \(Self.kilobytes) -c 0; exec \"$0\" \"$@\""
        process.arguments = ["-c", limits, found] + arguments
        process.standardInput = FileHandle.nullDevice
        let (output, complaints) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, complaints)
        let bytes: Data
        let complaint: Data
        do {
            try withSignalsUnblocked { try process.run() }
            // Complaints are short, and a pipe holds them until the output is read.
            bytes = try output.fileHandleForReading.read(upToCount: Book.longest + 1) ?? Data()
            try output.fileHandleForReading.close()
            complaint = try complaints.fileHandleForReading.read(upToCount: 4_096) ?? Data()
        } catch {
            throw .notConverted(path: path, program: program, reason: error.localizedDescription)
        }
        process.waitUntilExit()
        guard bytes.count <= Book.longest else { throw .tooLarge(path: path, limit: Book.longest) }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let line = String(decoding: complaint, as: UTF8.self).split(whereSeparator: \.isNewline).joined(
                separator: " ")
            throw .notConverted(
                path: path, program: program,
                reason: line.isEmpty ? "it exited with status \(process.terminationStatus)" : line)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
