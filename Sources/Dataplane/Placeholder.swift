import Linux
import Quantities
public final class Dataplane {
  public enum Hook { case `guard`, tag, untag, forward }
  public struct GuestPort { public init(interface: UInt32, mac: MACAddress) {} }
  public struct Trunk { public init(port: UInt32, vlan: VLANID, uplink: UInt32) {} }
  public struct Domain { public struct Member { public init(interface: UInt32, vlan: VLANID) {} }
    public init(number: UInt32, members: [Member]) {} }
  public init(in namespace: NetworkNamespace, socket: NetlinkSocket) throws {}
  public func attach(_ hook: Hook, to index: UInt32, in batch: inout NetlinkBatch) throws {}
  public func setGuestPorts(_ ports: [GuestPort]) throws {}
  public func setTrunks(_ ports: [Trunk]) throws {}
  public func setDomains(_ ports: [Domain]) throws {}
}
