import API
import Quantities
import Synchronization
import WebClient

/// Talks to the controllers of one cloud; each call blocks its thread.
///
/// Any of the controllers may be asked: those that do not lead send on to the one that does. Safe from any thread.
public final class CloudClient: Sendable {
  /// Brings a controller of this machine back to life; false where that is not to be done.
  public typealias Revival = @Sendable () throws -> Bool

  /// Where the controllers are, in the order in which they are tried.
  public let endpoints: [Endpoint]
  let controllers: [WebClient]
  private let token: String?
  let revive: Revival?
  /// Which of them answered last.
  let current = Atomic<Int>(0)
  /// One of them has answered: whoever is silent now is lost, and not just misnamed.
  let hasAnswered = Atomic<Bool>(false)

  /// A client of at least one controller. Nothing is sent yet.
  ///
  /// - Parameter revive: Called when none answers; what waits is sent again then.
  /// - Throws: `Problem` `endpoint-invalid`.
  public init(_ endpoints: [Endpoint], credentials: Credentials = Credentials(), revive: Revival? = nil) throws {
    precondition(!endpoints.isEmpty, "a client has somebody to talk to")
    self.endpoints = endpoints
    self.revive = revive
    token = credentials.token
    // A controller that does not lead names the one that does.
    let limits = WebLimits(redirects: 3)
    controllers = try endpoints.map { try WebClient(base: $0, tls: credentials.tls, limits: limits) }
  }

  /// What goes with every request.
  func headers(accepting type: String) -> [WebHeader] {
    [WebHeader("Accept", type)] + (token.map { [WebHeader("Authorization", "Bearer \($0)")] } ?? [])
  }
}

/// Who somebody is to a controller, and whom they trust.
public struct Credentials: Hashable, Sendable {
  /// A bearer token, `vct_…`.
  public var token: String?
  /// The client's certificate and the authorities of controllers; nil is those that the system trusts.
  public var tls: ClientTLS?

  /// Nil is without a token, and with what the system trusts.
  public init(token: String? = nil, tls: ClientTLS? = nil) { (self.token, self.tls) = (token, tls) }
}
