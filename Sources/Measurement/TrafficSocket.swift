import CTraffic
import Glibc
import Linux
import Quantities

/// A socket of a network namespace: it stays there whichever thread uses it.
///
/// Every wait on it ends after 100 ms, so that loops see their clock and their stop flag.
final class TrafficSocket: Sendable {
  enum Kind: Sendable { case stream, datagram, echo }

  private let descriptor: Descriptor
  private let label: String
  var number: Int32 { descriptor.rawValue }

  /// Made in the namespace for the family of `address`, and bound to `local` where there is one.
  init(_ kind: Kind, in namespace: NetworkNamespace, for address: IPAddress, local: IPAddress? = nil) throws {
    let family = address.version == 4 ? AF_INET : AF_INET6
    let type: Int32
    var networkProtocol: Int32 = 0
    switch kind {
    case .stream: type = Int32(SOCK_STREAM.rawValue)
    case .datagram: type = Int32(SOCK_DGRAM.rawValue)
    case .echo:
      type = Int32(SOCK_RAW.rawValue)
      networkProtocol = Int32(address.version == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)
    }
    let made = try namespace.perform {
      try check(
        socket(family, type | Int32(SOCK_CLOEXEC.rawValue), networkProtocol), "create socket in", namespace.label)
    }
    descriptor = Descriptor(owning: made)
    label = namespace.label
    let patience = timeval(tv_sec: 0, tv_usec: 100_000)
    try set(SOL_SOCKET, SO_RCVTIMEO, patience)
    try set(SOL_SOCKET, SO_SNDTIMEO, patience)
    if let local { try bind(to: local) }
  }

  /// A new address of IPv6 cannot be bound until no duplicate has answered (RFC 4862 section 5.4).
  private func bind(to address: IPAddress) throws(SystemError) {
    let local = SocketAddress(address)
    for _ in 0..<100 {
      if local.withPointer({ Glibc.bind(number, $0, local.length) }) == 0 { return }
      guard errno == EADDRNOTAVAIL, address.version == 6 else { break }
      usleep(25_000)
    }
    let code = errno
    throw SystemError(operation: "bind in \(label)", object: "\(address)", errno: code)
  }

  /// The port that it was bound to.
  func port() throws(SystemError) -> UInt16 { try SocketAddress.port(of: number) }

  /// Send and receive buffers of `octets` beyond the system's limits (`SO_RCVBUFFORCE`, socket(7)), and no
  /// fragments: what does not fit the path is refused.
  func enlarge(to octets: Int32, version: Int) throws(SystemError) {
    try set(SOL_SOCKET, SO_RCVBUFFORCE, octets)
    try set(SOL_SOCKET, SO_SNDBUFFORCE, octets)
    if version == 4 {
      try set(Int32(IPPROTO_IP), IP_MTU_DISCOVER, IP_PMTUDISC_DO)
    } else {
      try set(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO)
    }
  }

  /// Of a raw ICMP socket: only answers come in (raw(7); RFC 3542 section 3.2).
  func filterEchoReplies(version: Int) throws(SystemError) {
    if version == 4 {
      // ICMP_FILTER: every type but 0 is blocked.
      try set(Int32(SOL_RAW), 1, ~UInt32(1))
    } else {
      // ICMP6_FILTER: a bit for each type, set where it is blocked; 129 is the echo reply.
      var blocked = [UInt32](repeating: .max, count: 8)
      blocked[129 / 32] &= ~(1 << UInt32(129 % 32))
      try check(setsockopt(number, Int32(IPPROTO_ICMPV6), 1, blocked, 32), "filter", "ICMPv6 in \(label)")
    }
  }

  /// Connects; a stream within 5 s.
  func connect(to address: IPAddress, port: UInt16 = 0) throws(SystemError) {
    let remote = SocketAddress(address, port: port)
    // SO_SNDTIMEO bounds connect(2), too, which may then be asked again for how it went.
    for _ in 0..<50 {
      if remote.withPointer({ Glibc.connect(number, $0, remote.length) }) == 0 || errno == EISCONN { return }
      guard errno == EINPROGRESS || errno == EALREADY || errno == EAGAIN || errno == EINTR else { break }
    }
    let code = errno
    throw SystemError(operation: "connect from \(label) to", object: "\(address)", errno: code)
  }

  func listen() throws(SystemError) { try check(Glibc.listen(number, 64), "listen in", label) }

  /// The next connection, within 5 s.
  func accept() throws(SystemError) -> TrafficSocket {
    for _ in 0..<50 {
      let accepted = ct_accept(number)
      if accepted >= 0 { return try TrafficSocket(owning: accepted, label) }
      guard errno == EAGAIN || errno == EINTR else { break }
    }
    let code = errno
    throw SystemError(operation: "accept in", object: label, errno: code)
  }

  private init(owning number: Int32, _ label: String) throws(SystemError) {
    descriptor = Descriptor(owning: number)
    self.label = label
    try set(SOL_SOCKET, SO_RCVTIMEO, timeval(tv_sec: 0, tv_usec: 100_000))
  }

  /// What is unsent when it is closed is thrown away, so that a slow path does not work on after its time.
  func dropOnClose() throws(SystemError) { try set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0)) }

  private func set<Value: BitwiseCopyable>(_ level: Int32, _ option: Int32, _ value: Value) throws(SystemError) {
    let result = withUnsafeBytes(of: value) {
      setsockopt(number, level, option, $0.baseAddress, socklen_t($0.count))
    }
    try check(result, "set option \(option) of socket in", label)
  }
}
