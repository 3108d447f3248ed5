/// A server and how to talk to it.
struct Server: Sendable {
  var endpoint: Endpoint
  /// What stands before each path.
  var prefix: String
  var tls: ClientTLS
  var limits: WebLimits

  init(_ endpoint: Endpoint, _ tls: ClientTLS?, _ limits: WebLimits) throws {
    self.endpoint = endpoint
    prefix = try endpoint.prefix()
    self.tls = tls ?? ClientTLS()
    self.limits = limits
  }
}
