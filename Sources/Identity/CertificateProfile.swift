import COpenSSL
import Quantities

/// What kind of certificate the cloud's own authority makes: its name and extensions (RFC 5280 section 4.2).
enum CertificateProfile {
  case authority(name: String)
  case server(names: [AlternativeName])
  case host(Name)
  case user(UserName)

  /// Where the authority's own certificates are told apart from each other.
  static let (agents, users, servers) = ("agents", "users", "servers")

  var subject: DistinguishedName {
    let (common, organization) =
      switch self {
      case .authority(let name): (name, "virtcloud")
      case .server(let names): (Self.commonName(names), Self.servers)
      case .host(let name): (name.description, Self.agents)
      case .user(let name): (name.description, Self.users)
      }
    return DistinguishedName(parts: [
      [.init(type: "CN", value: common)], [.init(type: "O", value: organization)],
    ])
  }

  /// Numeric identifiers and values as libcrypto's configuration has them, `x509v3_config(5)`. Every text in them
  /// is a value that has been checked: nothing here can bring in further options.
  var extensions: [(Int32, String)] {
    let ours: [(Int32, String)] =
      switch self {
      case .authority:
        [(NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign,cRLSign")]
      case .server(let names):
        Self.leaf("serverAuth") + [(NID_subject_alt_name, names.map(\.description).joined(separator: ","))]
      case .host(let name): Self.leaf("clientAuth") + [(NID_subject_alt_name, "DNS:\(name)")]
      case .user: Self.leaf("clientAuth")
      }
    let identifier: [(Int32, String)] = [(NID_subject_key_identifier, "hash")]
    return identifier + [(NID_authority_key_identifier, "keyid")] + ours
  }

  private static func leaf(_ purpose: String) -> [(Int32, String)] {
    [
      (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
      (NID_ext_key_usage, purpose),
    ]
  }

  /// A common name has 64 characters at most; clients look at the alternative names only.
  private static func commonName(_ names: [AlternativeName]) -> String {
    let texts = names.map { name in
      switch name {
      case .dns(let text): text
      case .ip(let address): address.description
      }
    }
    return texts.first { $0.utf8.count <= 64 } ?? "server"
  }
}
