import Glibc
import Linux
import Quantities

/// The key files of one wire, in a folder of its own; no two wires share a key.
///
/// Each end has a private key on the curve P-256 and a certificate signed with it. An end accepts its peer by the
/// certificate's SHA-256 fingerprint alone, so there is no authority whose key could open other wires. A symmetric
/// key of the wire's own (`tls-crypt`) keeps strangers from speaking to the handshake at all.
public struct TunnelKeys: Hashable, Sendable {
  /// The wire's key name.
  public let key: String
  /// The folder in which the wire's folder stands.
  public let directory: String

  public init(key: String, directory: String) {
    self.key = key
    self.directory = directory
  }

  /// The wire's folder, mode 0700.
  public var folder: String { directory + "/" + key }
  /// Private key of an end: PEM, PKCS #8, mode 0600.
  public func privateKey(of role: TunnelSpec.Role) -> String { "\(folder)/\(role.rawValue).key" }
  /// Certificate of an end: PEM, mode 0600.
  public func certificate(of role: TunnelSpec.Role) -> String { "\(folder)/\(role.rawValue).crt" }
  /// The wire's symmetric key: OpenVPN's static key format 1, mode 0600.
  public var handshakeKey: String { folder + "/handshake.key" }

  /// The files that a whole folder has.
  private var files: [String] {
    TunnelSpec.Role.allCases.flatMap { [privateKey(of: $0), certificate(of: $0)] } + [handshakeKey]
  }

  /// True where the wire has its keys.
  public var isMade: Bool { files.allSatisfy { access($0, F_OK) == 0 } }

  /// Makes the keys of both ends, or finds them made; another process may do the same at the same time.
  ///
  /// They appear whole, by a rename, or not at all. Throws `SystemError`, `tunnel-key-name`, `cryptography-failed`.
  public func make() throws {
    try checkName()
    if isMade { return }
    try PrivateFile.makeFolders(directory)
    let draft = "\(directory)/.\(key).\(getpid())"
    try PrivateFile.removeFolder(draft)
    try check(mkdir(draft, 0o700), "create folder", draft)
    do {
      let whole = TunnelKeys(key: "." + key + ".\(getpid())", directory: directory)
      try whole.writeFiles(naming: key)
      // What stands there and is not whole was not made by us: a made folder is never changed, only removed.
      if !isMade { try PrivateFile.removeFolder(folder) }
      if rename(draft, folder) != 0 {
        let code = errno
        guard code == ENOTEMPTY || code == EEXIST, isMade else {
          throw SystemError(operation: "rename folder", object: draft, errno: code)
        }
        try PrivateFile.removeFolder(draft)
      }
    } catch {
      // The first error tells more than that of the removal.
      _ = try? PrivateFile.removeFolder(draft)
      throw error
    }
  }

  /// Removes the keys; true where there were some. Half-made ones of a killed process go too.
  @discardableResult
  public func remove() throws -> Bool {
    try checkName()
    for name in try PrivateFile.names(in: directory) where name.hasPrefix(".\(key).") {
      let isDraft = name.dropFirst(key.utf8.count + 2).allSatisfy(\.isNumber)
      if isDraft { try PrivateFile.removeFolder(directory + "/" + name) }
    }
    return try PrivateFile.removeFolder(folder)
  }

  /// SHA-256 fingerprint of an end's certificate, `AB:CD:…`, as `--peer-fingerprint` has it.
  public func fingerprint(of role: TunnelSpec.Role) throws -> String {
    try Certificate.fingerprint(pem: try TextFile.read(certificate(of: role)))
  }

  private func writeFiles(naming name: String) throws {
    for role in TunnelSpec.Role.allCases {
      let pair = try Certificate.make(commonName: "\(name) \(role.rawValue)")
      try PrivateFile.write(pair.privateKey, to: privateKey(of: role))
      try PrivateFile.write(pair.certificate, to: certificate(of: role))
    }
    try PrivateFile.write(try HandshakeKey.make(), to: handshakeKey)
  }

  /// A key is a file's name and part of a certificate's: 1 to 40 letters, digits, `-`, `_`, `.`.
  private func checkName() throws(Problem) {
    let isSafe = key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
      default: false
      }
    }
    guard isSafe, (1...40).contains(key.utf8.count), !key.hasPrefix(".") else {
      throw Problem(
        .invalid, "tunnel-key-name", "'\(key)' cannot name the keys of a wire.",
        remedy: "Use 1 to 40 letters, digits, '-', '_' and '.', not beginning with '.'.")
    }
  }
}
