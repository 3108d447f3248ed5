import CCairo

/// How long text gets in the font that pictures use; one measure belongs to one thread.
final class TextMeasure {
  private let surface: OpaquePointer?
  private let context: OpaquePointer?

  init() {
    surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
    context = cairo_create(surface)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// From the start of the text to its end, in units of the drawing.
  func width(_ text: String, size: Double = 11, isBold: Bool = false) -> Double {
    Self.choose(isBold, size, context)
    return Self.advance(text, context)
  }

  /// The text, else as much of its beginning as fits with an ellipsis; empty where not even two characters fit.
  func fitted(_ text: String, into width: Double, size: Double = 11) -> String {
    let text = String(text.prefix(200))
    if self.width(text, size: size) <= width { return text }
    var (fits, tooLong) = (0, text.count)
    while tooLong - fits > 1 {
      let middle = (fits + tooLong) / 2
      if self.width(text.prefix(middle) + "…", size: size) <= width { fits = middle } else { tooLong = middle }
    }
    return fits >= 2 ? text.prefix(fits) + "…" : ""
  }

  /// Sets the font.
  static func choose(_ isBold: Bool, _ size: Double, _ context: OpaquePointer?) {
    cairo_select_font_face(
      context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, size)
  }

  static func advance(_ text: String, _ context: OpaquePointer?) -> Double {
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, shown(text), &extents)
    return extents.x_advance
  }

  /// Without control characters, which have no shape, and of which a NUL would end the text.
  static func shown(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
