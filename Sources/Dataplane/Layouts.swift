import Quantities

// Keys and values as `virtcloud.bpf.c` lays them out.

/// `struct trunk`, `struct member`: an interface and a VLAN.
struct Place: BitwiseCopyable, Hashable {
  var interface: UInt32
  var vlan: UInt32

  init(interface: UInt32 = 0, vlan: VLANID? = nil) {
    self.interface = interface
    self.vlan = UInt32(vlan?.rawValue ?? 0)
  }

  init(_ member: Dataplane.Domain.Member) {
    self.init(interface: member.interface, vlan: member.vlan)
  }
}

/// `struct membership`: a domain and, where it has two members, the other one.
struct Membership: BitwiseCopyable, Equatable {
  var domain: UInt32
  var peer = Place()

  /// - Parameter index: the member's place in the domain.
  init(_ domain: Dataplane.Domain, _ index: Int) {
    self.domain = domain.number
    if domain.members.count == 2 { peer = Place(domain.members[1 - index]) }
  }
}

/// `struct domain`: the count, then room for 64 members.
struct DomainValue: BitwiseCopyable, Equatable {
  var count: UInt32
  var members: InlineArray<64, Place>

  init(_ domain: Dataplane.Domain) {
    count = UInt32(domain.members.count)
    members = InlineArray(repeating: Place())
    for (index, member) in domain.members.enumerated() {
      members[index] = Place(member)
    }
  }

  static func == (a: DomainValue, b: DomainValue) -> Bool {
    a.count == b.count && a.members.indices.allSatisfy { a.members[$0] == b.members[$0] }
  }
}

extension MACAddress {
  /// Six octets as on the wire, then two zeros, as a number of this machine.
  var wireOrder: UInt64 { (rawValue << 16).bigEndian }
}
