import API
import Identity
import Linux
import Quantities
import Synchronization
import WebServer

/// How often everybody may ask: so many requests a second for each user, for each agent, and for each address from
/// which somebody comes whom nobody knows. Who was quiet may ask for a second's worth at once.
///
/// The superuser of this machine is never refused: somebody must be able to look. Safe from any thread.
final class RequestMeter: Sendable {
  /// Who is counted by what.
  enum Kind: String, CaseIterable, Sendable { case user, agent, address }

  /// Agents have work to do whatever users may; what they ask for follows from what is built.
  static let agentRate = 1000

  private struct State {
    var users, agents, addresses: TokenBuckets
    var refused: [Kind: UInt64] = [:]
  }

  /// False: nobody is counted.
  private let isLimited: Bool
  private let state: Mutex<State>
  private let clock: @Sendable () -> UInt64

  /// - Parameters:
  ///   - rate: Requests a second; nil is as many as anybody likes.
  ///   - clock: Nanoseconds that never go back.
  init(rate: Int?, clock: @escaping @Sendable () -> UInt64 = { Clock.monotonic }) {
    self.clock = clock
    isLimited = rate != nil
    let rate = rate ?? 1
    let agentRate = max(rate, Self.agentRate)
    state = Mutex(
      State(
        users: TokenBuckets(rate: rate), agents: TokenBuckets(rate: agentRate), addresses: TokenBuckets(rate: rate)))
  }

  /// Counts a request; what to answer instead where it is one too many.
  ///
  /// - Parameter principal: Nil where nobody is named, or wrongly.
  func refusal(of request: Incoming, by principal: Principal?) -> Response? {
    guard isLimited else { return nil }
    let (kind, key): (Kind, String)
    switch (principal, request.peer) {
    case (_, .local(0, _, _)): return nil
    case (let principal?, _): (kind, key) = (principal.agentHost == nil ? .user : .agent, principal.user.description)
    case (nil, .local(let user, _, _)): (kind, key) = (.address, "unix \(user)")
    case (nil, .remote(let address, _)): (kind, key) = (.address, Self.network(of: address))
    }
    let now = clock()
    let wait = state.withLock { state -> UInt64? in
      let wait =
        switch kind {
        case .user: state.users.take(key, at: now)
        case .agent: state.agents.take(key, at: now)
        case .address: state.addresses.take(key, at: now)
        }
      if wait != nil { state.refused[kind, default: 0] += 1 }
      return wait
    }
    return wait.map { Self.answer(kind == .address ? "this address" : key, waiting: $0) }
  }

  private static func answer(_ who: String, waiting nanoseconds: UInt64) -> Response {
    let seconds = max(1, (nanoseconds + 999_999_999) / 1_000_000_000)
    let problem = Problem(
      .failed, "too-many-requests", "There were too many requests of \(who) within a second.",
      remedy: "Ask again in \(Duration.seconds(Int64(seconds)).text), and wait for news instead of asking often.")
    return Response(ProblemDocument(problem), headers: [("Retry-After", "\(seconds)")])
  }

  /// What of an address tells people apart: of IPv6 the network, for who has one address has 2⁶⁴.
  static func network(of address: String) -> String {
    guard let bytes = NumericAddress.bytes(ofIPv6: address) else { return address }
    let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
    if isMapped { return bytes[12...].map { "\($0)" }.joined(separator: ".") }
    return stride(from: 0, to: 8, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
      .joined(separator: ":")
  }

  /// How many are counted now, of one kind.
  func count(of kind: Kind) -> Int {
    state.withLock { state in
      switch kind {
      case .user: state.users.count
      case .agent: state.agents.count
      case .address: state.addresses.count
      }
    }
  }

  func write(to metrics: inout MetricText) {
    let refused = state.withLock { $0.refused }
    metrics.begin(
      "virtcloud_requests_limited_total", .counter, "Requests refused because there were too many, by what is counted.")
    for kind in Kind.allCases {
      metrics.sample("virtcloud_requests_limited_total", [("by", kind.rawValue)], refused[kind] ?? 0)
    }
  }
}
