import Identity
import Quantities
import WebServer

extension ServiceCore {
  /// Who asks: by a bearer token, else by a client certificate, else by the socket's credentials.
  ///
  /// - Returns: Nil where nobody is named.
  /// - Throws: A problem where somebody is named wrongly, and the route wants to know.
  func identify(_ request: Incoming, isNeeded access: Route.Access) throws -> Principal? {
    if case .anybody = access { return nil }
    if let header = request.header("Authorization") {
      return try self.access.principal(token: try Self.bearer(header), at: now())
    }
    let settings = self.access.policy.settings
    switch request.peer {
    case .local(let user, let group, _):
      let account = accounts.account(user, group)
      return try settings.principal(uid: user, gid: group, name: account.name, groupNames: account.groups)
    case .remote(_, let certificates) where !certificates.isEmpty:
      guard let verifier = self.settings.verifier() else { return nil }
      return try settings.principal(
        certificate: try verifier.verify(chain: certificates, at: now(), purpose: .client))
    case .remote: return nil
    }
  }

  private static func bearer(_ header: String) throws(Problem) -> String {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Call.unauthenticated }
    return String(parts[1])
  }
}
