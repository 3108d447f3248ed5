import Glibc
import Quantities

/// The program that carries tunnels of one software, where Debian has it.
public struct TunnelSoftware: Hashable, Sendable {
  /// Absolute path of the program.
  public let program: String
  /// The Debian package that has it.
  public let package: String

  public init(_ software: TunnelSpec.Software) {
    switch software {
    case .openVPN: self = TunnelSoftware(program: "/usr/sbin/openvpn", package: "openvpn")
    case .wireGuard: self = TunnelSoftware(program: "/usr/bin/wireguard-go", package: "wireguard-go")
    }
  }

  init(program: String, package: String) {
    self.program = program
    self.package = package
  }

  /// True where the program is installed.
  public var isInstalled: Bool { access(program, X_OK) == 0 }

  /// Throws `tunnel-software-missing` where the program is not installed. `wire` is the wire's name.
  public func demand(for wire: String) throws(Problem) {
    guard !isInstalled else { return }
    throw Problem(
      .refused, "tunnel-software-missing",
      "Wire \(wire) cannot be encrypted: \(program) is not installed on this host.",
      remedy: "Install the Debian package '\(package)', or choose another type for the wire.")
  }
}
