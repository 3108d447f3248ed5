import WebServer

/// A request as the router sees it: apart from the web server, so that it can be made of anything.
struct Incoming: Sendable {
  /// `GET`, `PUT` … as it came.
  var method: String
  /// The path's segments, decoded.
  var path: [String]
  /// The path as it came.
  var rawPath: String
  var query: [(name: String, value: String)]
  var body: [UInt8]
  var peer: Peer
  /// A header's value; names know no case.
  var header: @Sendable (String) -> String?

  init(_ request: Request) {
    method = request.method
    path = request.path
    rawPath = request.rawPath
    query = request.query
    body = request.body
    peer = request.peer
    header = { request.header($0) }
  }

  init(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [], headers: [String: String] = [:],
    body: [UInt8] = [], peer: Peer
  ) {
    self.method = method
    self.path = path.split(separator: "/").map(String.init)
    rawPath = path
    self.query = query
    self.body = body
    self.peer = peer
    let known = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { _, last in last })
    header = { known[$0.lowercased()] }
  }

  /// The first value of a query's parameter.
  func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// `unix`, or the peer's address.
  var from: String {
    switch peer {
    case .local: "unix"
    case .remote(let address, _): address
    }
  }
}
