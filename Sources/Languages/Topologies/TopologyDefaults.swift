import Infrastructure
import Quantities

/// What a published topology does not say, since it knows only places and the links between them.
public struct TopologyDefaults: Hashable, Sendable {
  /// Hosts at each site, `0 ... 10,000`; site `brno` gets `brno-1`, `brno-2` …
  public var hosts: Int
  /// Of each host.
  public var kind: Host.Kind
  /// Of each host.
  public var cpu: Cores
  /// Of each host.
  public var memory: ByteCount
  /// Of each host; nil is not limited.
  public var storage: ByteCount?
  /// Of each host's cable; nil is not limited.
  public var uplink: Bitrate?
  /// Of a link whose rate the file does not give; nil is not limited.
  public var rate: Bitrate?
  /// For each kilometre of a link whose latency the file does not give. Light takes 4.9 µs in fibre with a
  /// refractive index of 1.47.
  public var latencyPerKilometre: Duration
  /// Of each site.
  public var vlans: VLANSet

  /// One emulated host a site with 32 cores and 128 GiB, 10 Gbit/s a link, 5 µs a km, VLANs 100 to 1099.
  public init(
    hosts: Int = 1, kind: Host.Kind = .emulated, cpu: Cores = Cores(thousandths: 32_000),
    memory: ByteCount = ByteCount(bytes: 128 << 30), storage: ByteCount? = nil, uplink: Bitrate? = nil,
    rate: Bitrate? = Bitrate(bitsPerSecond: 10_000_000_000), latencyPerKilometre: Duration = .microseconds(5),
    vlans: VLANSet = VLANSet((100...1099).compactMap { VLANID($0) })
  ) {
    self.hosts = hosts
    self.kind = kind
    self.cpu = cpu
    self.memory = memory
    self.storage = storage
    self.uplink = uplink
    self.rate = rate
    self.latencyPerKilometre = latencyPerKilometre
    self.vlans = vlans
  }
}
