/// An opaque colour; each part `0 ... 255`.
struct Colour: Hashable, Sendable {
  var red, green, blue: UInt8

  init(_ rgb: UInt32) {
    red = UInt8(truncatingIfNeeded: rgb >> 16)
    green = UInt8(truncatingIfNeeded: rgb >> 8)
    blue = UInt8(truncatingIfNeeded: rgb)
  }

  static let white = Colour(0xffffff)
  static let black = Colour(0x000000)
  /// Text that is not the point.
  static let grey = Colour(0x555555)
  /// Lines behind the data.
  static let grid = Colour(0xdddddd)
  /// Every second row.
  static let stripe = Colour(0xf5f5f5)

  /// Colours that people with any colour vision tell apart (Okabe and Ito, *Color Universal Design*, 2008), without
  /// their yellow, which is faint on white.
  private static let palette = [
    0x0072b2, 0xe69f00, 0x009e73, 0xd55e00, 0x56b4e9, 0xcc79a7, 0x333333,
  ].map { Colour($0) }

  /// How many there are before they repeat, lighter.
  static let count = palette.count

  /// The colour of the thing at this position, from 0: every second time round they are lighter.
  static func number(_ position: Int) -> Colour {
    let colour = palette[position % palette.count]
    return position / palette.count % 2 == 0 ? colour : colour.mixed(with: .white, part: 0.55)
  }

  /// This colour with `part` of the other, `0 ... 1`.
  func mixed(with other: Colour, part: Double) -> Colour {
    func mix(_ mine: UInt8, _ others: UInt8) -> UInt8 {
      UInt8(min(255, max(0, (Double(mine) * (1 - part) + Double(others) * part).rounded())))
    }
    var result = self
    (result.red, result.green, result.blue) = (mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
    return result
  }

  /// Black or white, whichever is easier to read on it (relative luminance of WCAG 2.1, with gamma taken as 2).
  var ink: Colour {
    func light(_ part: UInt8) -> Double { Double(part) * Double(part) / (255 * 255) }
    let luminance = 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue)
    return luminance > 0.28 ? .black : .white
  }

  /// `#rrggbb`.
  var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
