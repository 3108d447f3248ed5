import Linux
import Machines
import Planning
import Quantities

/// What the kernel says of one device: a plain value, so that the difference to a plan is pure.
public struct Observation: Hashable, Sendable {
  /// False where the device's namespace is not there.
  public var exists: Bool
  /// Links of the device's namespace by interface name, without `lo`.
  public var links: [String: ObservedLink]
  /// Running machines by infrastructure number and machine key.
  public var machines: [UInt32: [String: ObservedMachine]]
  /// Classes of the links that are shaped, by interface name and minor number.
  public var shapes: [String: [UInt16: LinkClass]] = [:]

  public init(
    exists: Bool = false, links: [String: ObservedLink] = [:], machines: [UInt32: [String: ObservedMachine]] = [:]
  ) {
    self.exists = exists
    self.links = links
    self.machines = machines
  }
}

/// A link as the kernel has it.
public struct ObservedLink: Hashable, Sendable {
  public var index: Int32
  /// `bridge`, `veth` …
  public var kind: String
  public var group: UInt32
  public var mtu: Int
  public var isUp: Bool
  /// Interface name of the bridge that it is a port of.
  public var master: String?
  /// IFLA_LINK: index of a veth's other end.
  public var peerIndex: Int32?
  public var alias: String?

  public init(
    index: Int32, kind: String, group: UInt32, mtu: Int, isUp: Bool, master: String? = nil, peerIndex: Int32? = nil,
    alias: String? = nil
  ) {
    self.index = index
    self.kind = kind
    self.group = group
    self.mtu = mtu
    self.isUp = isUp
    self.master = master
    self.peerIndex = peerIndex
    self.alias = alias
  }
}

/// A running machine: its init, and what its interfaces and routes are.
public struct ObservedMachine: Hashable, Sendable {
  /// Process id of its init, as this machine counts.
  public var pid: Int32
  /// Addresses that VirtCloud gave, by interface index in the machine.
  public var addresses: [Int32: Set<IPPrefix>]
  /// Interfaces that are up, by index in the machine.
  public var upInterfaces: Set<Int32>
  /// Largest IP packet of each interface.
  public var sizes: [Int32: Int] = [:]
  /// Routes that VirtCloud made.
  public var routes: Set<RoutePlan>
  /// What it may use; nil is not limited, or not known.
  public var allowance: MachineAllowance

  public init(
    pid: Int32, addresses: [Int32: Set<IPPrefix>] = [:], upInterfaces: Set<Int32> = [], routes: Set<RoutePlan> = [],
    allowance: MachineAllowance = MachineAllowance()
  ) {
    self.pid = pid
    self.addresses = addresses
    self.upInterfaces = upInterfaces
    self.routes = routes
    self.allowance = allowance
  }
}
