/// An exact decimal number with a unit, such as `2.5Gbit/s`, as a person writes it.
///
/// Digits with at most one point, then, after at most one space, the unit. No sign, no exponent: what a
/// quantity cannot be cannot be written.
struct Decimal {
  /// Value times 10 to the power of `places`.
  var digits: UInt128
  var places: Int
  var unit: Substring

  /// More digits than a number may have here; `digits` are then cut off.
  private var isTooLong = false

  /// Nil where the text does not begin with such a number.
  init?(_ text: String) {
    var digits: UInt128 = 0
    var places = 0
    var count = 0
    var seenPoint = false
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      if character == ".", !seenPoint, count > 0 {
        seenPoint = true
      } else if let digit = character.asciiDigit {
        count += 1
        if seenPoint { places += 1 }
        if count <= 30 { digits = digits * 10 + UInt128(digit) }
      } else {
        break
      }
      index = text.index(after: index)
    }
    guard count > 0, !seenPoint || places > 0 else { return nil }
    if index < text.endIndex, text[index] == " " {
      index = text.index(after: index)
      guard index < text.endIndex else { return nil }
    }
    isTooLong = count > 30
    self.digits = digits
    self.places = places
    unit = text[index...]
  }

  /// The number times `factor` as a whole number; nil where it is not whole, does not fit into 63 bits, or has
  /// more than 30 digits.
  func scaled(by factor: UInt64) -> UInt64? {
    guard !isTooLong else { return nil }
    let divisor = (0..<places).reduce(UInt128(1)) { power, _ in power * 10 }
    let product = digits.multipliedFullWidth(by: UInt128(factor))
    // Otherwise the quotient would not fit into 128 bits.
    guard product.high < divisor else { return nil }
    let (quotient, remainder) = divisor.dividingFullWidth(product)
    guard remainder == 0, quotient <= UInt128(Int64.max) else { return nil }
    return UInt64(quotient)
  }

  /// The shortest text for `value` thousandths, such as `0.5`.
  static func text(thousandths value: UInt64) -> String {
    let rest = value % 1000
    guard rest > 0 else { return "\(value / 1000)" }
    var fraction = String(String(1000 + rest).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    return "\(value / 1000).\(fraction)"
  }
}

extension Character {
  /// 0 to 9 for an ASCII digit.
  var asciiDigit: UInt8? {
    guard let value = asciiValue, (48...57).contains(value) else { return nil }
    return value - 48
  }
}

/// A unit's name and how many of the base unit it is.
struct Unit {
  var name: String
  var factor: UInt64

  /// Compares octets: to Swift's `==` the Kelvin sign is a K.
  func isNamed(_ text: Substring) -> Bool { name.utf8.elementsEqual(text.utf8) }
}

extension Array where Element == Unit {
  /// Reads `text` in one of these units.
  func parse(_ text: String, as kind: String, example: String) throws(Problem) -> UInt64 {
    guard let number = Decimal(text) else {
      throw Problem(
        .invalid, "bad-quantity", "'\(text.excerpt)' is not a \(kind): it does not begin with a plain number.",
        remedy: "Write a number and a unit, such as \(example).")
    }
    guard let unit = first(where: { $0.isNamed(number.unit) }) else {
      let found = number.unit.isEmpty ? "it has no unit" : "'\(String(number.unit).excerpt)' is no unit of it"
      throw Problem(
        .invalid, "bad-unit", "'\(text.excerpt)' is not a \(kind): \(found).",
        remedy: count > 1
          ? "Use one of \(map(\.name).joined(separator: ", ")), as in \(example)."
          : "Write a plain number, such as \(example).")
    }
    guard let value = number.scaled(by: unit.factor) else {
      throw Problem(
        .invalid, "quantity-out-of-range",
        "'\(text.excerpt)' is too large, or too fine, for a \(kind).",
        remedy: count > 1
          ? "Write a whole number of the smallest unit (\(self[0].name)), below 2^63 of it."
          : "Write less than 2^63 / \(self[0].factor), in steps of 1/\(self[0].factor).")
    }
    return value
  }

  /// The shortest text: the largest unit of those with `isPreferred` that divides `value`.
  func text(_ value: UInt64, among preferred: [String]) -> String {
    let units = filter { preferred.contains($0.name) }.sorted { $0.factor > $1.factor }
    let unit = value == 0 ? units.last : units.first { value % $0.factor == 0 }
    guard let unit else { return "\(value)\(self[0].name)" }
    return "\(value / unit.factor)\(unit.name)"
  }
}

extension String {
  /// At most 60 characters of it, for messages; control characters, which could steer a terminal, become `?`.
  public var excerpt: String {
    let start = prefix(60).unicodeScalars.prefix(240)
    return String(String.UnicodeScalarView(start.map(\.shown))) + (start.endIndex < endIndex ? "…" : "")
  }
}

extension Unicode.Scalar {
  fileprivate var shown: Unicode.Scalar { properties.generalCategory == .control ? "?" : self }
}
