/// A picture as what is drawn on it, one over the other; a unit is a pixel at usual resolution, y grows downwards.
///
/// Charts are drawn once, as such a value, and written in either format.
struct Drawing {
  struct Point: Hashable {
    var x, y: Double
  }

  enum Anchor: String { case start, middle, end }

  struct Text {
    var string: String
    /// On the base line, at the anchor.
    var at: Point
    var size = 11.0
    var anchor = Anchor.start
    var colour = Colour.black
    var isBold = false
    /// Reads upwards instead of to the right.
    var isUpright = false
  }

  enum Element {
    /// A filled polygon; `hint` is shown to who points at it.
    case area([Point], Colour, border: Colour?, hint: String?)
    case line([Point], Colour, width: Double, dashes: [Double])
    case text(Text)
  }

  var width, height: Double
  /// Read out by what shows it to the blind.
  var title: String
  private(set) var elements: [Element] = []

  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  mutating func rectangle(
    _ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ colour: Colour, border: Colour? = nil,
    hint: String? = nil
  ) {
    area(
      [Point(x: left, y: top), Point(x: right, y: top), Point(x: right, y: bottom), Point(x: left, y: bottom)], colour,
      border: border, hint: hint)
  }

  mutating func area(_ points: [Point], _ colour: Colour, border: Colour? = nil, hint: String? = nil) {
    elements.append(.area(points, colour, border: border, hint: hint))
  }

  mutating func line(_ points: [Point], _ colour: Colour, width: Double = 1, dashes: [Double] = []) {
    elements.append(.line(points, colour, width: width, dashes: dashes))
  }

  mutating func text(
    _ string: String, _ x: Double, _ y: Double, size: Double = 11, anchor: Anchor = .start, colour: Colour = .black,
    isBold: Bool = false, isUpright: Bool = false
  ) {
    self.text(
      Text(
        string: string, at: Point(x: x, y: y), size: size, anchor: anchor, colour: colour, isBold: isBold,
        isUpright: isUpright))
  }

  mutating func text(_ text: Text) {
    if !text.string.isEmpty { elements.append(.text(text)) }
  }
}
