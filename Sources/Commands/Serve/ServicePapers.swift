import Controller
import Glibc
import Identity
import Linux

/// By what a controller proves who it is, and whom it believes: its own authority, and certificates in files.
struct ServicePapers {
  private let folder: String

  /// - Parameter stateDirectory: Its own authority is kept below it, mode 0700.
  init(stateDirectory: String) { folder = stateDirectory + "/pki" }

  /// The cloud's own authority, which is made where it is missing.
  func authority() throws -> CertificateAuthority {
    let path = folder + "/authority.pem"
    if access(path, F_OK) == 0 { return try CertificateAuthority(Credential.load(path)) }
    for folder in [String(folder[..<(folder.lastIndex(of: "/") ?? folder.endIndex)]), folder]
    where mkdir(folder, 0o700) != 0 && errno != EEXIST {
      throw SystemError(operation: "make folder", object: folder, errno: errno)
    }
    let made = try CertificateAuthority.make(name: "VirtCloud at \(ThisMachine.name)", at: .now)
    try made.credential().write(to: path)
    return made
  }

  /// What clients' certificates are verified by.
  ///
  /// - Parameters:
  ///   - trust: PEM files of other authorities.
  ///   - lists: PEM files of revocation lists.
  static func verifier(
    _ authority: CertificateAuthority, trust: [String], lists: [String]
  ) throws -> CertificateVerifier {
    try CertificateVerifier(
      authorities: [authority.certificatePEM()], foreign: try trust.map { try TextFile.read($0) },
      revocationLists: try lists.map { try TextFile.read($0) })
  }
}
