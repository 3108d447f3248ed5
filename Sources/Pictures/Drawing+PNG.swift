import CCairo
import Quantities

extension Drawing {
  /// Largest width and height in pixels that cairo's image surfaces take.
  private static let maximumPixels = 32_000.0
  /// 128 million pixels take half a gigabyte.
  private static let maximumArea = 128e6

  /// As PNG, two pixels a unit, or one where that would be too large.
  ///
  /// Throws `picture-too-large`, or `picture-failed` where cairo has no memory.
  func png() throws(Problem) -> [UInt8] {
    let scale = [2.0, 1.0].first {
      max(width, height) * $0 <= Self.maximumPixels && width * height * $0 * $0 <= Self.maximumArea
    }
    guard let scale else {
      throw Problem(
        .invalid, "picture-too-large", "The picture has \(Int(width)) times \(Int(height)) pixels, too many for PNG.",
        remedy: "Write it as SVG, or draw a part of it.")
    }
    let surface = cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, Int32((width * scale).rounded(.up)), Int32((height * scale).rounded(.up)))
    defer { cairo_surface_destroy(surface) }
    let context = cairo_create(surface)
    defer { cairo_destroy(context) }
    cairo_scale(context, scale, scale)
    cairo_set_source_rgb(context, 1, 1, 1)
    cairo_paint(context)
    for element in elements { Self.draw(element, context) }
    try Self.check(cairo_status(context))
    cairo_surface_flush(surface)
    return try Self.encoded(surface)
  }

  private static func draw(_ element: Element, _ context: OpaquePointer?) {
    switch element {
    case .area(let points, let colour, let border, _):
      trace(points, context)
      cairo_close_path(context)
      use(colour, context)
      cairo_fill_preserve(context)
      if let border {
        use(border, context)
        cairo_set_line_width(context, 1)
        cairo_set_dash(context, nil, 0, 0)
        cairo_stroke(context)
      }
      cairo_new_path(context)
    case .line(let points, let colour, let width, let dashes):
      trace(points, context)
      use(colour, context)
      cairo_set_line_width(context, width)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_dash(context, dashes, Int32(dashes.count), 0)
      cairo_stroke(context)
    case .text(let text): draw(text, context)
    }
  }

  private static func draw(_ text: Text, _ context: OpaquePointer?) {
    TextMeasure.choose(text.isBold, text.size, context)
    use(text.colour, context)
    let length = TextMeasure.advance(text.string, context)
    let shift = text.anchor == .start ? 0 : text.anchor == .middle ? length / 2 : length
    cairo_save(context)
    cairo_translate(context, text.at.x, text.at.y)
    if text.isUpright { cairo_rotate(context, -Double.pi / 2) }
    cairo_move_to(context, -shift, 0)
    cairo_show_text(context, TextMeasure.shown(text.string))
    cairo_restore(context)
    cairo_new_path(context)
  }

  private static func trace(_ points: [Point], _ context: OpaquePointer?) {
    for point in points { cairo_line_to(context, point.x, point.y) }
  }

  private static func use(_ colour: Colour, _ context: OpaquePointer?) {
    cairo_set_source_rgb(context, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255)
  }

  private static func encoded(_ surface: OpaquePointer?) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { target in
      // The pointer is used only until this call returns.
      cairo_surface_write_to_png_stream(
        surface,
        { target, data, length in
          guard let data else { return CAIRO_STATUS_WRITE_ERROR }
          target?.assumingMemoryBound(to: [UInt8].self).pointee.append(
            contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
          return CAIRO_STATUS_SUCCESS
        }, target)
    }
    try check(status)
    return bytes
  }

  private static func check(_ status: cairo_status_t) throws(Problem) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    throw Problem(
      .failed, "picture-failed",
      "Cairo could not draw the picture: \(String(cString: cairo_status_to_string(status))).",
      remedy: "Free some memory, or write it as SVG.")
  }
}
