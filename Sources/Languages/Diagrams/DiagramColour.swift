/// A colour that people with any colour vision tell from the others (Okabe and Ito, *Color Universal Design*, 2008),
/// without their yellow, which is faint on white.
public enum DiagramColour: String, Hashable, Sendable, CaseIterable {
  case blue = "#0072B2"
  case vermilion = "#D55E00"
  case green = "#009E73"
  case purple = "#CC79A7"
  case orange = "#E69F00"
  case sky = "#56B4E9"
  case black = "#000000"

  /// The colour of the thing at this position, from 0; they come round again after the seventh.
  public static func number(_ position: Int) -> DiagramColour {
    allCases[((position % allCases.count) + allCases.count) % allCases.count]
  }

  /// `#RRGGBB`.
  public var hex: String { rawValue }
}
