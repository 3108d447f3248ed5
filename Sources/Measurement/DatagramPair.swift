import CTraffic
import Glibc
import Linux
import Quantities

/// The two UDP sockets of a path, the sender's connected to the receiver's.
struct DatagramPair: Sendable {
  let sender: TrafficSocket
  let receiver: TrafficSocket
  /// What tells this pair's datagrams from others.
  let flow: UInt64

  /// Buffers of 4 MB each, so that a receiver that sleeps for a moment is not what is measured.
  init(_ path: TrafficPath, buffer: Int32 = 4 << 20) throws {
    receiver = try TrafficSocket(.datagram, in: path.to, for: path.destination, local: path.destination)
    sender = try TrafficSocket(.datagram, in: path.from, for: path.destination, local: path.source)
    try receiver.enlarge(to: buffer, version: path.destination.version)
    try sender.enlarge(to: buffer, version: path.destination.version)
    try sender.connect(to: path.destination, port: receiver.port())
    flow = UInt64.random(in: 1...UInt64.max)
  }

  /// Sends until something arrives, so that neighbours, bridges and caches know the path; 5 s at most.
  func warmUp(to destination: IPAddress) throws {
    let hello = [UInt8](repeating: 0, count: 16)
    var answer = [UInt8](repeating: 0, count: 64)
    for _ in 0..<50 {
      // An error here is the absence of a path, which the receiver's silence tells.
      _ = send(sender.number, hello, hello.count, 0)
      if recv(receiver.number, &answer, answer.count, 0) > 0 { return drain() }
    }
    throw SystemError(operation: "reach", object: "\(destination)", errno: SystemError.noAnswer)
  }

  /// Takes what the warm-up left behind.
  private func drain() {
    var answer = [UInt8](repeating: 0, count: 64)
    while recv(receiver.number, &answer, answer.count, Int32(MSG_DONTWAIT)) > 0 {}
  }
}

/// Sizes of datagrams.
enum Payload {
  /// Throws `bad-payload` for octets of payload that cannot be measured with.
  static func validate(_ payload: Int, _ range: ClosedRange<Int> = 16...65507) throws(Problem) {
    guard !range.contains(payload) else { return }
    throw Problem(
      .invalid, "bad-payload", "Datagrams cannot have \(payload) octets of payload here.",
      remedy: "Ask for \(range.lowerBound) to \(range.upperBound).")
  }
}
