import Foundation
import Testing

/// A line of `show -f json`.
struct ShownRow: Decodable {
  var node: String
  var host: String
  var interface: String?
  var mac: String?
  var addresses: [String]?
  var network: String?
  var vlan: Int?
  var state: String
}

/// A line of `substrate vlans -f json`.
struct ShownVLAN: Decodable {
  var site: String
  var vlan: Int
  var infrastructure: String
}

extension TestInstallation {
  /// What `show` says of an infrastructure.
  func rows(_ name: String) throws -> [ShownRow] {
    try JSONDecoder().decode([ShownRow].self, from: Data(succeed("show", name, "-f", "json").utf8))
  }

  /// Who holds which VLAN.
  func vlans() throws -> [ShownVLAN] {
    try JSONDecoder().decode([ShownVLAN].self, from: Data(succeed("substrate", "vlans", "-f", "json").utf8))
  }
}
