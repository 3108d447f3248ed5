import CGnuTLS
import CMicroHTTPD
import CWeb

/// libmicrohttpd's callbacks in C, which only find the loop and the exchange again.
extension Loop {
  static func set(_ options: inout web_server_options) {
    options.begin = { context, target, handle in
      Loop.of(context)?.begin(target, handle).map { Unmanaged.passRetained($0).toOpaque() }
    }
    options.handle = { context, handle, url, method, version, upload, size, state in
      guard let loop = Loop.of(context), let handle, let size, let kept = state?.pointee else { return .NO }
      let exchange = Unmanaged<Exchange>.fromOpaque(kept).takeUnretainedValue()
      let bytes = UnsafeRawBufferPointer(start: upload, count: upload == nil ? 0 : size.pointee)
      size.pointee = 0
      return loop.advance(
        exchange, handle, line: RequestLine(target: url, method: method, version: version), upload: bytes)
    }
    options.completed = { context, _, state, reason in
      guard let loop = Loop.of(context), let state, let kept = state.pointee else { return }
      state.pointee = nil
      let exchange = Unmanaged<Exchange>.fromOpaque(kept).takeRetainedValue()
      loop.completed(exchange, isWhole: reason == .REQUEST_TERMINATED_COMPLETED_OK)
    }
    options.connected = { context, handle, kept, what in
      guard let loop = Loop.of(context), let handle, let kept else { return }
      what == .CONNECTION_NOTIFY_STARTED ? loop.opened(handle, kept) : loop.closed(kept)
    }
    options.refuse = { context, status in
      Loop.of(context).flatMap { $0.makeRefusal(of: Int(status)) }
    }
    options.refuse_length = { context, status in
      Loop.of(context)?.refuseLength(Int(status)) ?? false
    }
    options.identity = { session, _, _, _, _, certificates, count, key in
      // What libmicrohttpd keeps in a session is its connection.
      guard let handle = gnutls_session_get_ptr(session).map(OpaquePointer.init),
        let identity = Loop.connection(of: handle)?.identity
      else { return -1 }
      certificates?.pointee = identity.certificates
      count?.pointee = identity.count
      key?.pointee = identity.key
      return 0
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Loop? {
    context.map { Unmanaged<Loop>.fromOpaque($0).takeUnretainedValue() }
  }

  private func opened(_ handle: OpaquePointer, _ kept: UnsafeMutablePointer<UnsafeMutableRawPointer?>) {
    guard let connection = joining else { return }
    connection.handle = handle
    kept.pointee = Unmanaged.passRetained(connection).toOpaque()
    if isTLS, let session = web_server_session(handle) {
      connection.identity = mailbox.identity
      gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST)
      tickets?.use(for: session)
    }
    joined(connection)
  }

  private func closed(_ kept: UnsafeMutablePointer<UnsafeMutableRawPointer?>) {
    guard let pointer = kept.pointee else { return }
    kept.pointee = nil
    let connection = Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue()
    connection.handle = nil
    // Else the copy of a descriptor that lingers would keep the registration alive.
    if connection.isRegistered { _ = epoll_ctl(epoll.rawValue, EPOLL_CTL_DEL, connection.descriptor, nil) }
    left(connection)
    if connection.lingers { linger(connection) }
  }
}
