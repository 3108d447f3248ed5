import CTraffic
import Linux

/// The thread that sends a flow of numbered datagrams.
enum FlowSender {
  struct Sent: Sendable {
    /// Taken by the kernel, and refused by it.
    var sent, refused: UInt64
    /// When the last datagram was sent, in ns of `MeasurementClock`.
    var last: UInt64
  }

  /// - Parameters:
  ///   - interval: ns between two datagrams; 0 is as fast as they are taken.
  ///   - tick: ns to sleep at least between two bursts.
  static func start(
    _ pair: DatagramPair, flow: UInt64, payload: Int, begin: UInt64, until end: UInt64, interval: Double,
    tick: UInt64, stop: StopFlag
  ) throws -> TrafficThread<Sent> {
    try TrafficThread {
      var sender = ct_sender()
      sender.socket = pair.sender.number
      sender.payload = UInt32(payload)
      sender.flow = flow
      sender.begin = begin
      sender.until = end
      sender.interval = interval
      sender.tick = tick
      sender.stop = UnsafePointer(stop.pointer)
      try check(ct_send_flow(&sender), "send", "datagrams of \(payload) octets")
      withExtendedLifetime(stop) {}
      return Sent(sent: sender.sent, refused: sender.refused, last: sender.last)
    }
  }
}

/// The thread that counts what arrives of a flow.
enum FlowReceiver {
  struct Received: Sendable {
    var received, misordered: UInt64
    /// When the first and the last arrived, in ns of `MeasurementClock`.
    var first, last: UInt64
    /// Datagrams that arrived in each bin.
    var bins: [UInt64]
  }

  /// Ends at the first 100 ms of silence after `stop` is raised, and at `end` at the latest.
  static func start(
    _ pair: DatagramPair, flow: UInt64, payload: Int, until end: UInt64, _ stop: StopFlag,
    bins count: Int = 0, of width: UInt64 = 0, after begin: UInt64 = 0
  ) throws -> TrafficThread<Received> {
    try TrafficThread {
      var receiver = ct_receiver()
      receiver.socket = pair.receiver.number
      receiver.payload = UInt32(payload)
      receiver.flow = flow
      receiver.until = end
      receiver.stop = UnsafePointer(stop.pointer)
      receiver.begin = begin
      receiver.bin = width
      receiver.bin_count = count
      var bins = [UInt64](repeating: 0, count: count)
      try bins.withUnsafeMutableBufferPointer { buffer in
        receiver.bins = buffer.baseAddress
        try check(ct_receive_flow(&receiver), "receive", "datagrams")
      }
      withExtendedLifetime(stop) {}
      return Received(
        received: receiver.received, misordered: receiver.misordered, first: receiver.first, last: receiver.last,
        bins: bins)
    }
  }
}
