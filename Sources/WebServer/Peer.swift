/// Who is at the other end of a connection.
public enum Peer: Hashable, Sendable {
  /// A process of this machine, as the kernel knew it when it connected (`SO_PEERCRED`, unix(7)).
  case local(user: UInt32, group: UInt32, process: Int32)
  /// Somebody on the network: the numeric address without its port, and the certificates that the client sent,
  /// each in DER, its own first; none where it sent none. TLS has proven that the client holds the key of the first;
  /// whether anybody vouches for it, still and today, is for the receiver to find out: a session that is taken up
  /// again shows what it showed at first.
  case remote(address: String, certificates: [[UInt8]])
}
