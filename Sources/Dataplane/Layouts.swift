import Quantities

// Values as `virtcloud.bpf.c` lays them out.

/// `struct trunk`, `struct member`: two 32-bit words.
struct Words2: BitwiseCopyable, Hashable {
  var first: UInt32
  var second: UInt32
}

/// `struct domain`: the count, then room for 64 members.
struct DomainValue: BitwiseCopyable, Equatable {
  var count: UInt32
  var members: InlineArray<64, Words2>

  init(_ domain: Dataplane.Domain) {
    count = UInt32(domain.members.count)
    members = InlineArray(repeating: Words2(first: 0, second: 0))
    for (index, member) in domain.members.enumerated() {
      members[index] = Words2(first: member.interface, second: UInt32(member.vlan.rawValue))
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
