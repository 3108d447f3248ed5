import Quantities

/// A name of a server beside its distinguished name (subjectAltName, RFC 5280 section 4.2.1.6).
public enum AlternativeName: Hashable, Codable, Sendable, CustomStringConvertible {
  /// A host's name, in lower case.
  case dns(String)
  case ip(IPAddress)

  /// As libcrypto's configuration has it: `DNS:cloud.lab.fr`, `IP:10.0.0.1`.
  public var description: String {
    switch self {
    case .dns(let name): "DNS:\(name)"
    case .ip(let address): "IP:\(address)"
    }
  }

  /// Reads an IP address, or a host's name (RFC 1123, 253 octets at most). Throws `bad-server-name`.
  public init(parsing text: String) throws(Problem) {
    if let address = try? IPAddress(parsing: text) {
      self = .ip(address)
      return
    }
    let name = text.lowercased()
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard name.utf8.count <= 253, labels.allSatisfy({ Name(String($0)) != nil }) else {
      throw Problem(
        .invalid, "bad-server-name", "'\(text.excerpt)' is neither the name of a host nor an IP address.",
        remedy: "Write one such as cloud.lab.fr or 10.0.0.1.")
    }
    self = .dns(name)
  }
}
