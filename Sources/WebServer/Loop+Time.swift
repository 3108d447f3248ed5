import CMicroHTTPD
import CWeb
import Glibc

/// Who is slow, who has left, and how the server stops.
extension Loop {
  func sweepIfDue() {
    guard now >= nextSweep else { return }
    nextSweep = now + Self.sweepPeriod
    acceptAgainIfDue()
    if !lingering.isEmpty { endLingering() }
    for connection in connections.values where !connection.isDismissed { look(at: connection) }
  }

  private func look(at connection: Connection) {
    let age = now - connection.since
    switch connection.phase {
    case .receiving:
      let isFresh = connection.exchange == nil
      if drainsUntil != nil, isFresh { return connection.dismiss() }
      if age >= Int64(limits.requestSeconds) * 1000 { refuseRaw(connection, .tooSlow(limits.requestSeconds)) }
    case .answering:
      // Whoever suspended a connection does not see its client leave.
      if connection.isSuspended { watch(connection, for: .hangUp) }
    case .idle:
      // Quick clients are never watched: it would cost two system calls a request. Those who come back slowly are,
      // because libmicrohttpd does not say when the first bytes of a request come.
      if drainsUntil != nil { return connection.dismiss() }
      if age >= Self.sweepPeriod { watch(connection, for: .data) }
    }
  }

  /// Lets the loop's own epoll tell, once, of what a client does.
  func watch(_ connection: Connection, for watch: Connection.Watch) {
    guard connection.watch != watch else { return }
    let events: EPOLL_EVENTS = watch == .data ? EPOLLIN : EPOLLRDHUP
    var event = epoll_event(
      events: events.rawValue | EPOLLONESHOT.rawValue, data: epoll_data(u64: connection.number))
    let operation = connection.isRegistered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
    guard epoll_ctl(epoll.rawValue, operation, connection.descriptor, &event) == 0 else { return }
    connection.isRegistered = true
    connection.watch = watch
  }

  /// The client of a watched connection has sent something, or left.
  func noticed(_ connection: Connection, _ events: UInt32) {
    connection.watch = .nothing
    switch connection.phase {
    case .idle:
      (connection.phase, connection.since) = (.receiving, now)
    case .answering where connection.isSuspended:
      guard events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 else { return }
      connection.exchange?.end(isGone: true)
      connection.dismiss()
      resume(connection)
    case .answering, .receiving: break
    }
  }

  func suspend(_ connection: Connection) {
    guard let handle = connection.handle, !connection.isSuspended else { return }
    MHD_suspend_connection(handle)
    connection.isSuspended = true
  }

  func resume(_ connection: Connection) {
    guard let handle = connection.handle, connection.isSuspended else { return }
    connection.isSuspended = false
    MHD_resume_connection(handle)
  }

  /// Nobody comes in any more; those who are in get their answers.
  func beginDraining() {
    drainsUntil = now + Int64(limits.drainSeconds) * 1000
    nextSweep = now
    closeListener()
    for connection in connections.values { connection.exchange?.stream?.finish() }
  }

  private func closeListener() {
    guard let listening = listening.take() else { return }
    _ = epoll_ctl(epoll.rawValue, EPOLL_CTL_DEL, listening.descriptor.rawValue, nil)
    listening.close()
  }

  /// Closes what is left. libmicrohttpd must not be stopped while a connection is suspended.
  func end() {
    for connection in connections.values {
      connection.exchange?.end(isGone: true)
      connection.dismiss()
      resume(connection)
    }
    MHD_run(daemon)
    MHD_stop_daemon(daemon)
    daemon = nil
    lingering = [:]
    mailbox.close()
  }
}
