import Foundation
import Infrastructure
import Languages
import Quantities

/// The repository's folder.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: repository.appending(path: path))) }

func read(_ text: String, _ environment: [String: String] = [:]) throws(Problem) -> VirtualInfrastructure {
  try InfrastructureReader.read(text: Array(text.utf8), file: "lab.vc.yaml", environment: environment)
}

func readSubstrate(_ text: String, _ environment: [String: String] = [:]) throws(Problem) -> Substrate {
  try SubstrateReader.read(text: Array(text.utf8), file: "grid.substrate.yaml", environment: environment)
}

func example(_ name: String) throws -> VirtualInfrastructure {
  try InfrastructureReader.read(text: bytes(of: "examples/\(name)"), file: name, environment: [:])
}

extension VirtualInfrastructure {
  /// The endpoint `NODE:INTERFACE`, or nil.
  func endpoint(_ text: String) -> Endpoint? {
    networks.flatMap(\.endpoints).first { "\($0.node):\($0.interface)" == text }
  }

  /// Addresses of all endpoints: `NODE:INTERFACE ADDRESS… via GATEWAY…`, in order.
  var endpointLines: [String] {
    networks.flatMap(\.endpoints).map { endpoint in
      let via = endpoint.gateways.map { " via \($0)" }.joined()
      return "\(endpoint.node):\(endpoint.interface) "
        + endpoint.addresses.map(\.description).joined(separator: " ") + via
    }
  }
}
