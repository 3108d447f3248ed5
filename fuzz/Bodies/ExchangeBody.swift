import Infrastructure
import Languages
import Quantities

/// The formats in which others keep topologies and virtual infrastructures.
enum ExchangeBody {
  static func run(_ input: [UInt8]) {
    if let document = try? VXDLReader.read(text: input, file: "f") {
      _ = try? document.infrastructure()
      _ = try? document.substrate()
    }
    _ = try? GraphMLReader.read(text: input, file: "f")
    _ = try? NodeLinkReader.read(text: input, file: "f")
  }
}
