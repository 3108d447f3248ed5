import Foundation
import Quantities

/// Makes names of what people call places: `Hradec Králové` is `hradec-kralove`.
enum PlaceName {
  /// So that `-` and six digits of a host or of a second place of the same name fit into a name's 63 characters.
  static let maximumLength = 40
  /// What counts of a label; a transliteration takes time with its length.
  private static let maximumLabel = 120

  /// Letters and digits of `label` in lower-case ASCII, everything between them a hyphen; other scripts are
  /// transliterated (ICU's `Any-Latin; Latin-ASCII`). Nil where nothing is left.
  static func folded(_ label: String) -> String? {
    let start = String(String.UnicodeScalarView(label.unicodeScalars.prefix(maximumLabel)))
    let latin =
      start.utf8.allSatisfy { $0 < 0x80 }
      ? start : start.applyingTransform(StringTransform("Any-Latin; Latin-ASCII"), reverse: false) ?? start
    var name: [UInt8] = []
    for byte in latin.utf8 where name.count < maximumLength {
      switch byte {
      case 0x61...0x7a, 0x30...0x39: name.append(byte)
      case 0x41...0x5a: name.append(byte | 0x20)
      // An apostrophe is part of a word: L'Aquila is laquila.
      case 0x27, 0x60: continue
      case 0..<0x80: if name.last ?? 0x2d != 0x2d { name.append(0x2d) }
      default: continue
      }
    }
    while name.last == 0x2d { name.removeLast() }
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
  }

  /// What a file is called, without folders and ending: `data/Cesnet200706.json` is `cesnet200706`.
  static func ofFile(_ path: String) -> String? {
    let base = path.split(separator: "/").last ?? ""
    return folded(String(base.split(separator: ".", omittingEmptySubsequences: true).first ?? base))
  }
}
