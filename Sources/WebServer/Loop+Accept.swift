import CMicroHTTPD
import CWeb
import Glibc
import Linux
import Synchronization

extension Loop {
  /// The next connection's number; small ones are the loop's own tokens.
  private static let nextNumber = Atomic<UInt64>(16)

  /// Takes in those who wait, not too many at once: others wait for their answers.
  func acceptConnections() {
    guard drainsUntil == nil, let listener = listening?.descriptor.rawValue else { return }
    for _ in 0..<64 {
      var name = SocketAddress()
      let descriptor = name.withMutablePointer { web_server_accept(listener, $0, $1) }
      guard descriptor >= 0 else {
        // No room for it in the kernel or in this process: it waits, and the loop does not spin.
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) { pauseAccepting() }
        return
      }
      admit(descriptor, name)
    }
  }

  func acceptAgainIfDue() {
    guard let time = acceptsAgainAt, time <= now, let listener = listening?.descriptor.rawValue else { return }
    acceptsAgainAt = nil
    setListener(listener, EPOLLIN.rawValue)
  }

  private func pauseAccepting() {
    guard let listener = listening?.descriptor.rawValue else { return }
    acceptsAgainAt = now + Self.sweepPeriod
    setListener(listener, 0)
  }

  private func setListener(_ listener: Int32, _ events: UInt32) {
    var event = epoll_event(events: events, data: epoll_data(u64: Token.listener))
    // The listener is in the set as long as it is open.
    _ = epoll_ctl(epoll.rawValue, EPOLL_CTL_MOD, listener, &event)
  }

  private func admit(_ descriptor: Int32, _ name: SocketAddress) {
    let (peer, origin) = Self.peer(of: descriptor, name)
    guard connections.count < limits.connections, countsByOrigin[origin, default: 0] < limits.connectionsOfOnePeer
    else { return turnAway(descriptor) }
    sendAtOnce(descriptor)
    let number = Self.nextNumber.add(1, ordering: .relaxed).oldValue
    joining = Connection(
      number: number, descriptor: descriptor, isTLS: isTLS, origin: origin, peer: peer, since: now)
    // It closes the descriptor itself where it cannot take it.
    _ = name.withPointer { MHD_add_connection(daemon, descriptor, $0, $1) }
    joining = nil
  }

  /// Without this, TLS handshakes wait 40 ms for the client's delayed acknowledgement (tcp(7)).
  private func sendAtOnce(_ descriptor: Int32) {
    var on: Int32 = 1
    // A Unix socket knows no such delay, nor the option.
    _ = setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Says why, where that costs nothing, and closes.
  private func turnAway(_ descriptor: Int32) {
    if !isTLS {
      let bytes = rawAnswer(to: .tooMany)
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      _ = send(descriptor, bytes, bytes.count, flags)
      // What is unread would make the kernel reset the connection, and the answer with it.
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
        _ = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      }
    }
    _ = close(descriptor)
  }

  private static func peer(of descriptor: Int32, _ name: SocketAddress) -> (Peer, origin: String) {
    guard name.family == AF_UNIX else {
      let address = name.text
      return (.remote(address: address, certificates: []), address)
    }
    let credentials = web_server_credentials(descriptor)
    let peer = Peer.local(user: credentials.user, group: credentials.group, process: credentials.process)
    return (peer, "user \(credentials.user)")
  }

  func joined(_ connection: Connection) {
    connections[connection.number] = connection
    unaskedCount += 1
    countsByOrigin[connection.origin, default: 0] += 1
  }

  func left(_ connection: Connection) {
    guard connections.removeValue(forKey: connection.number) != nil else { return }
    if !connection.hasAsked { unaskedCount -= 1 }
    let count = countsByOrigin[connection.origin, default: 1] - 1
    countsByOrigin[connection.origin] = count > 0 ? count : nil
  }
}
