import CBPF
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@testable import Dataplane

@Suite("Loading programs and finding them again", KernelTest.requireRoot, .serialized)
struct LoadingTests {
  private static let mac = MACAddress(rawValue: 0x0200_0000_0001)

  private static func anchors(_ device: TestDevice) throws -> [String?] {
    try device.socket.filters(on: 1, .egress).sorted { $0.priority < $1.priority }.map(\.name)
  }

  @Test("empty tables load nothing; a role loads its own programs and maps alone")
  func loadsLazily() throws {
    let device = try TestDevice("host")
    try device.dataplane.setGuests([])
    try device.dataplane.setTrunks([])
    try device.dataplane.setDomains([])
    #expect(try device.dataplane.counters().values.allSatisfy { $0 == 0 })
    #expect(try Self.anchors(device) == [])
    try device.dataplane.setGuests([.init(interface: 20, mac: Self.mac)])
    #expect(try Self.anchors(device) == ["guard", "tag", "untag"])
    let site = try TestDevice("switch")
    try site.dataplane.setDomains([.init(number: 1, members: [.init(interface: 9, vlan: try vlan(5))])])
    #expect(try Self.anchors(site) == ["forward"])
  }

  @Test("a later process finds tables and programs, and attaching again leaves one filter")
  func findsAgain() throws {
    let device = try TestDevice("host")
    try device.makeNetwork(10)
    try device.dataplane.setGuests([.init(interface: 20, mac: Self.mac), .init(interface: 21, mac: Self.mac)])
    let before = try device.socket.filters(on: 11, .egress).map(\.programID)
    let later = try Dataplane(socket: device.socket)
    let table = try #require(HashMap<UInt32, PortValue>(try later.programs(.host).map("ports")))
    #expect(try table.entries().mapValues(\.mac) == [20: Self.mac.wireOrder, 21: Self.mac.wireOrder])
    var batch = NetlinkBatch()
    try later.attach(.tag, to: 11, in: &batch)
    try device.socket.commit(batch)
    #expect(try device.socket.filters(on: 11, .egress).map(\.programID) == before && before.count == 1)
    // Emptied by the later one, empty for the earlier.
    try later.setGuests([])
    #expect(try HashMap<UInt32, PortValue>(device.dataplane.programs(.host).map("ports"))?.entries().isEmpty == true)
  }

  @Test("thousands of entries are replaced by thousands; a full table is refused by the kernel in words")
  func manyEntries() throws {
    let device = try TestDevice("host")
    func ports(_ range: Range<UInt32>) -> [Dataplane.GuestPort] {
      range.map { .init(interface: $0, mac: MACAddress(rawValue: 0x0200_0000_0000 + UInt64($0))) }
    }
    for range in [2..<5000, 3000..<9000, 9000..<9001, 9000..<9001] as [Range<UInt32>] {
      try device.dataplane.setGuests(ports(range))
      let table = try #require(HashMap<UInt32, PortValue>(try device.dataplane.programs(.host).map("ports")))
      #expect(
        try table.entries().mapValues(\.mac)
          == Dictionary(uniqueKeysWithValues: ports(range).map { ($0.interface, $0.mac.wireOrder) }))
    }
    let failure = try #require(throws: SystemError.self) { try device.dataplane.setGuests(ports(2..<40000)) }
    #expect(failure.errno == E2BIG && failure.object == "meters")
  }

  @Test(
    "an address that no interface can have is refused", arguments: [0, 0x0100_5e00_0001, 0xffff_ffff_ffff] as [UInt64])
  func refusesAddress(mac: UInt64) throws {
    let device = try TestDevice("host")
    let problem = try #require(throws: Problem.self) {
      try device.dataplane.setGuests([.init(interface: 2, mac: MACAddress(rawValue: mac))])
    }
    #expect(problem.code == "invalid-mac")
  }

  @Test("a map of another layout is refused, not misread")
  func refusesOtherLayout() throws {
    let device = try TestDevice("host")
    let map = try device.dataplane.programs(.host).map("ports")
    #expect(HashMap<UInt32, UInt32>(map) == nil && HashMap<UInt64, UInt64>(map) == nil)
    #expect(throws: Problem.self) { try device.dataplane.programs(.host).map("nosuch") }
  }

  @Test("Swift lays values out as C does")
  func layouts() throws {
    #expect(MemoryLayout<PlaceKey>.stride == 8 && MemoryLayout<DomainValue>.stride == 8 + 64 * 16)
    #expect(MACAddress(rawValue: 0x0102_0304_0506).wireOrder == 0x0000_0605_0403_0201)
    let (host, site) = (try TestDevice("host"), try TestDevice("switch"))
    func sizes(_ device: TestDevice, _ role: Dataplane.Role, _ name: String) throws -> [Int] {
      let map = try device.dataplane.programs(role).map(name)
      return [map.keySize, map.valueSize]
    }
    func layout<Key, Value>(_: Key.Type, _: Value.Type) -> [Int] {
      [MemoryLayout<Key>.stride, MemoryLayout<Value>.stride]
    }
    #expect(try sizes(host, .host, "ports") == layout(UInt32.self, PortValue.self))
    #expect(try sizes(host, .host, "networks") == layout(UInt32.self, NetworkValue.self))
    #expect(try sizes(host, .host, "exits") == layout(ExitKey.self, WayValue.self))
    #expect(try sizes(host, .host, "arrivals") == layout(ArrivalKey.self, OriginValue.self))
    #expect(try sizes(host, .host, "residents") == layout(StationKey.self, UInt32.self))
    #expect(try sizes(host, .host, "addresses") == layout(DeclaredKey.self, UInt32.self))
    #expect(try sizes(host, .host, "meters") == layout(UInt32.self, MeterValue.self))
    #expect(try sizes(host, .host, "slots") == layout(SlotKey.self, StationKey.self))
    #expect(try sizes(host, .host, "tallies") == layout(PairKey.self, TallyValue.self))
    #expect(try sizes(site, .switch, "domains") == layout(UInt32.self, DomainValue.self))
    #expect(try sizes(site, .switch, "memberships") == layout(PlaceKey.self, Membership.self))
    #expect(try sizes(site, .switch, "routes") == layout(RouteKey.self, MemberValue.self))
  }

  /// A descriptor that stayed open would keep its program or map alive, too.
  @Test("programs and maps end with their namespace")
  func leavesNothing() throws {
    let (programs, maps) = try Self.loadFindAndForget()
    #expect(programs.count == 4 && maps.count == Dataplane.Role.allCases.flatMap(\.maps).count)
    // The thread that enters namespaces stays in the last one until it is called elsewhere.
    try NetworkNamespace.current().perform {}
    // The kernel takes a namespace down some time after its last user is gone.
    func areGone() throws -> Bool { try !programs.contains(where: Self.isProgram) && !maps.contains(where: Self.isMap) }
    for _ in 0..<500 where try !areGone() { usleep(10_000) }
    #expect(try areGone())
  }

  private static func loadFindAndForget() throws -> (programs: [UInt32], maps: Set<UInt32>) {
    let device = try TestDevice("host")
    for role in Dataplane.Role.allCases { _ = try device.dataplane.programs(role) }
    _ = try Dataplane(socket: device.socket).programs(.switch)
    let programs = try device.socket.filters(on: 1, .egress).compactMap(\.programID)
    return (programs, try Set(programs.flatMap { try BPFCall.maps(ofProgram: BPFCall.program(id: $0)) }))
  }

  private static func isProgram(_ id: UInt32) throws -> Bool {
    try isThere { () throws(SystemError) in _ = try BPFCall.program(id: id) }
  }

  private static func isMap(_ id: UInt32) throws -> Bool {
    try isThere { () throws(SystemError) in _ = try BPFCall.map(id: id) }
  }

  private static func isThere(_ open: () throws(SystemError) -> Void) throws -> Bool {
    do {
      try open()
      return true
    } catch  where error.isNotFound {
      return false
    }
  }
}
