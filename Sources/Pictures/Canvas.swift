import CCairo
import Foundation

/// A picture to draw on, in pixels from the top left; cairo behind it.
final class Canvas {
    struct Color {
        var red: Double
        var green: Double
        var blue: Double

        static let ink = Color(red: 0.13, green: 0.14, blue: 0.17)
        static let faint = Color(red: 0.82, green: 0.83, blue: 0.86)
        static let wave = Color(red: 0.16, green: 0.36, blue: 0.60)
        static let pitch = Color(red: 0.80, green: 0.25, blue: 0.18)
    }

    enum Alignment { case left, center, right }

    let width: Int
    let height: Int
    private let surface: OpaquePointer
    private let context: OpaquePointer

    init(width: Int, height: Int) throws {
        self.width = width
        self.height = height
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            let context = cairo_create(surface)
        else { throw PictureError(reason: "out of memory") }
        self.surface = surface
        self.context = context
        try check(cairo_surface_status(surface))
        cairo_set_source_rgb(context, 1, 1, 1)
        cairo_paint(context)
        "DejaVu Sans".withCString {
            cairo_select_font_face(context, $0, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
        }
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func line(_ points: [(x: Double, y: Double)], color: Color, width: Double = 1) {
        guard let first = points.first else { return }
        cairo_set_source_rgb(context, color.red, color.green, color.blue)
        cairo_set_line_width(context, width)
        cairo_move_to(context, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
        cairo_stroke(context)
    }

    func rectangle(x: Double, y: Double, width: Double, height: Double, color: Color) {
        cairo_set_source_rgb(context, color.red, color.green, color.blue)
        cairo_rectangle(context, x, y, width, height)
        cairo_fill(context)
    }

    /// Writes text with its baseline at y; with a limit in pixels, text that does not fit is left out.
    func text(_ text: String, x: Double, y: Double, size: Double, align: Alignment = .left, limit: Double? = nil) {
        cairo_set_source_rgb(context, Color.ink.red, Color.ink.green, Color.ink.blue)
        cairo_set_font_size(context, size)
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, text, &extents)
        if let limit, extents.x_advance > limit { return }
        let shift: Double =
            switch align {
            case .left: 0
            case .center: extents.x_advance / 2
            case .right: extents.x_advance
            }
        cairo_move_to(context, x - shift, y)
        cairo_show_text(context, text)
    }

    /// The picture as a PNG file.
    func png() throws -> [UInt8] {
        cairo_surface_flush(surface)
        try check(cairo_status(context))
        let bytes = Bytes()
        let status = cairo_surface_write_to_png_stream(
            surface,
            { user, data, count in
                let bytes = Unmanaged<Bytes>.fromOpaque(user!).takeUnretainedValue()
                bytes.all += UnsafeBufferPointer(start: data, count: Int(count))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(bytes).toOpaque())
        try check(status)
        return bytes.all
    }

    private final class Bytes { var all: [UInt8] = [] }

    private func check(_ status: cairo_status_t) throws {
        guard status != CAIRO_STATUS_SUCCESS else { return }
        throw PictureError(reason: String(cString: cairo_status_to_string(status)))
    }
}
