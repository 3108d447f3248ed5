import Foundation
import Quantities

/// The JSON Schemas (draft 2020-12) by which editors complete and check the files.
public enum PublishedSchema: String, CaseIterable, Sendable {
  case infrastructure = "virtual-infrastructure.schema"
  case substrate = "substrate.schema"
  case service = "service.schema"
  case agent = "agent.schema"

  /// The schema's text: JSON in UTF-8. Throws `installation-incomplete`.
  public func text() throws(Problem) -> [UInt8] {
    guard let url = Bundle.module.url(forResource: rawValue, withExtension: "json", subdirectory: "Schemas"),
      let data = try? Data(contentsOf: url)  // Either way the remedy is to install it again.
    else {
      throw Problem(
        .failed, "installation-incomplete", "The file \(rawValue).json of this installation cannot be read.",
        remedy: "Install virtcloud again.")
    }
    return [UInt8](data)
  }
}
