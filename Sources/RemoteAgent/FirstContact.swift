import Linux
import Quantities
import WebClient

/// Finds out whom to believe before there is anything to go by but what a person was given.
struct FirstContact {
  private let options: AgentOptions

  init(_ options: AgentOptions) { self.options = options }

  /// PEM of the authority that must have signed the controllers' certificates.
  ///
  /// Throws `no-authority`, `bad-fingerprint`, `authority-unreadable` or `authority-differs`, or what is wrong with
  /// the connection.
  func authority() throws -> String {
    switch options.trust {
    case nil:
      throw Problem(
        .invalid, "no-authority", "It is not said which authority the controllers' certificates must be of.",
        remedy: "Give '--ca FILE' or '--fingerprint SHA256', as 'virtcloud host enrol' prints it.")
    case .file(let path)?: return try read(path)
    case .fingerprint(let text)?: return try find(HostCertificate.fingerprint(parsing: text))
    }
  }

  private func read(_ path: String) throws -> String {
    do {
      let text = try TextFile.read(path)
      _ = try HostCertificate(pem: text)
      return text
    } catch {
      throw Problem(
        .invalid, "authority-unreadable", "The file '\(path)' holds no certificate that can be read.",
        remedy: "Copy the authority's certificate (PEM) from a controller.")
    }
  }

  /// The certificate of that fingerprint among those that a controller shows; nothing but a handshake is sent.
  private func find(_ fingerprint: String) throws -> String {
    var failure: (any Error)?
    for address in options.controllers {
      do {
        let chain = try PeerCertificates.read(from: Endpoint(address))
        for pem in chain {
          let certificate = try HostCertificate(pem: pem)
          if certificate.fingerprint == fingerprint { return pem }
        }
        throw Problem(
          .refused, "authority-differs",
          "\(address) is not the controller that was meant: none of its certificates has the fingerprint \(fingerprint).",
          remedy: "Compare the fingerprint with what 'virtcloud host enrol' printed; somebody may stand in between.")
      } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    return ""
  }
}
