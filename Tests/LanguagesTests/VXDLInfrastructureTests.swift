import Infrastructure
import Languages
import Quantities
import Testing

struct VXDLInfrastructureTests {
  private func convert(_ name: String) throws -> (infrastructure: VirtualInfrastructure, remarks: [String]) {
    try vxdlFile(name).infrastructure()
  }

  private func mbit(_ rate: UInt64) -> Bitrate { Bitrate(bitsPerSecond: rate * 1_000_000) }

  @Test func twoNodes() throws {
    let (lab, remarks) = try convert("two-nodes")
    #expect(lab.name.description == "test" && lab.nodes.map(\.name.description) == ["node-test", "node-test-2"])
    #expect(lab.lease == Lease(start: try Timestamp(parsing: "2010-04-21T08:00:00Z"), duration: .seconds(4 * 3600)))
    #expect(lab.nodes[0].storage == ByteCount(bytes: 300_000_000_000) && lab.nodes[1].storage == .zero)
    #expect(lab.nodes.allSatisfy { $0.cpu.thousandths == 1000 && $0.memory.bytes == 1_000_000_000 })
    #expect(lab.nodes[0].labels["vxdl/id"] == "node test")
    #expect(lab.labels["vxdl/owner"] == "0C7F0E6F-5599-4DF4-B1FC-AE48E61FDD67")
    #expect(lab.labels["vxdl/user/1"] == "userLyon")
    let link = try #require(lab.networks.first)
    #expect(link.kind == .wire && link.name.description == "link-test" && link.maximumLatency == .milliseconds(10))
    // Nothing is promised in the direction that the file does not speak of.
    #expect(link.rate == RateRange(minimum: mbit(10)) && link.reverseRate == RateRange())
    #expect(link.endpoints.map { "\($0.node):\($0.interface)" } == ["node-test:eth0", "node-test-2:eth0"])
    #expect(remarks.isEmpty)
  }

  @Test func batchRequest() throws {
    let (lab, remarks) = try convert("virtual-0")
    #expect(lab.nodes.map(\.cpu.thousandths) == [7000, 5000, 5000, 8000] && remarks.isEmpty)
    #expect(lab.nodes.map(\.location) == ["1", "2", "2", "9"])
    // Both directions alike are one rate.
    #expect(lab.networks[0].rate == RateRange(fixed: mbit(4)) && lab.networks[0].reverseRate == nil)
    #expect(lab.networks[1].maximumLatency == .milliseconds(100))
  }

  @Test func accessPointsAreNotedAndTheirLinksLeftOut() throws {
    let (lab, remarks) = try convert("full-example")
    #expect(lab.nodes.count == 10 && lab.nodes.count { $0.kind == .router } == 2)
    #expect(lab.networks.count == 9 && lab.labels.keys.filter { $0.hasPrefix("vxdl/access-point/") }.count == 3)
    #expect(remarks.count { $0.contains("left out, for it ends at the vAccessPoint 'ap'") } == 2)
    #expect(remarks.count { $0.contains("controlPlane is only noted") } == 2)
    #expect(lab.endpoint("vr1:eth4")?.node.description == "vr1" && lab.endpoint("vr1:eth5") == nil)
  }

  @Test func secondDialect() throws {
    let (lab, _) = try convert("second-dialect")
    #expect(lab.name.description == "loopslice4" && lab.lease.duration == .seconds(864_000))
    #expect(lab.nodes.map(\.name.description) == ["node0", "node1", "node2", "node3"])
    #expect(lab.nodes[0].memory.bytes == 256_000_000 && lab.nodes[0].image == .host)
    #expect(lab.nodes[0].labels["vxdl/image"] == "Debian Squeeze")
    let last = try #require(lab.networks.last)
    #expect(last.rate == RateRange(maximum: Bitrate(bitsPerSecond: 10_240_000)))
    #expect(last.reverseRate == RateRange(maximum: mbit(1000)) && last.maximumLatency == .milliseconds(20))
    #expect(lab.networks[1].maximumLatency == .seconds(1))
  }

  /// From VXDL, to the model, to VXDL and to the model again: the second time nothing changes.
  @Test(arguments: vxdlFiles) func theWayBackKeepsTheModel(name: String) throws {
    let (lab, _) = try convert(name)
    let (document, remarks) = try VXDLDocument.describing(lab)
    let reread = try readVXDL(VXDLWriter.text(document))
    #expect(reread == document && remarks.isEmpty)
    #expect(try reread.infrastructure().infrastructure == lab)
    let original = try vxdlFile(name)
    #expect(document.dialect == original.dialect && document.common.id == original.common.id)
    #expect(document.common.startDate?.time == original.common.startDate?.time)
    #expect(document.common.totalTime == original.common.totalTime)
    #expect(document.resources.count == original.resources.count && document.owner == original.owner)
  }

  @Test func everythingComesBack() throws {
    let (lab, _) = try readVXDL(VXDLRoundTripTests.everything).infrastructure()
    #expect(
      lab.timeline == [
        TimelineEvent(
          after: .seconds(3600), nodes: [try name("n-1"): .init(memory: ByteCount(bytes: 2_000_000_000))])
      ])
    #expect(lab.nodes.map(\.name.description) == ["n-1", "r", "s", "w-1", "w-2", "w-3"])
    #expect(lab.nodes.map(\.location) == ["r1", "Lyon", "Lyon", "r2", "r2", "r2"])
    // A set and a scale: the most is wanted, the least would do.
    let (wanted, least) = (lab.nodes[0], try #require(lab.nodes[0].least))
    #expect(wanted.isExclusive && lab.nodes[2].storage == .zero)
    #expect(least.cpu == Cores(thousandths: 2000) && wanted.cpu == Cores(thousandths: 4000))
    #expect(least.storage?.bytes == 1_000_000_000_000 && wanted.storage.bytes == 9_000_000_000_000)
    #expect(
      lab.networks.map { "\($0.name) \($0.endpoints[0].node)-\($0.endpoints[1].node)" } == [
        "wl-1 w-1-r", "wl-2 w-2-r", "wl-3 w-3-r", "l n-1-r",
      ])
    #expect(try VXDLDocument(lab).infrastructure().infrastructure == lab)
  }

  @Test func arraysAreWrittenOut() throws {
    let (lab, _) = try readVXDL(
      description(
        """
        <vNode><id>hub</id></vNode><vNode><id>w-2</id></vNode>
        <vArray><id>farm</id><cardinality>3</cardinality><vNode><id>w</id></vNode><vNode><id>disk</id></vNode>
          <vLink><id>in</id><source>w</source><destination>disk</destination></vLink></vArray>
        <vLink><id>out</id><source>hub</source><destination>w</destination></vLink>
        <vLink><id>all</id><source>farm</source><destination>w-2</destination></vLink>
        """)
    ).infrastructure()
    #expect(
      lab.nodes.map { $0.labels["vxdl/id"] } == [
        "hub", "w-2", "w-1", "disk-1", "w-2-copy", "disk-2", "w-3", "disk-3",
      ])
    let ends = lab.networks.map { "\($0.name) \($0.endpoints[0].node) \($0.endpoints[1].node)" }
    #expect(
      ends.prefix(6) == [
        "in-1 w-1 disk-1", "in-2 w-2-copy disk-2", "in-3 w-3 disk-3", "out-1 hub w-1", "out-2 hub w-2-copy",
        "out-3 hub w-3",
      ])
    #expect(ends.count == 12 && ends.last == "all-6 disk-3 w-2")
  }

  /// Each kind of amount, as a rate, as memory and as latency.
  @Test func amounts() throws {
    func rate(_ amount: String) throws -> RateRange? {
      try readVXDL(linked("<bandwidth><forward>\(amount)<unit>Mbps</unit></forward></bandwidth>")).infrastructure()
        .infrastructure.networks.first?.rate
    }
    #expect(try rate("<simple>2.5</simple>") == RateRange(fixed: Bitrate(bitsPerSecond: 2_500_000)))
    #expect(try rate("<set>9</set><set>4</set>") == RateRange(fixed: mbit(4)))
    #expect(try rate("<interval><min>1</min><max>9</max></interval>") == RateRange(minimum: mbit(1), maximum: mbit(9)))
    #expect(try rate("<interval><min>0</min></interval>") == RateRange())
    #expect(
      try rate("<scale><min>1</min><max>9</max><step>2</step></scale>") == RateRange(minimum: mbit(1), maximum: mbit(9))
    )
    func latency(_ amount: String) throws -> Duration? {
      try readVXDL(linked("<latency>\(amount)<unit>us</unit></latency>")).infrastructure()
        .infrastructure.networks.first?.maximumLatency
    }
    #expect(try latency("<set>9</set><set>4</set>") == .microseconds(9))
    #expect(try latency("<interval><min>3</min></interval>") == nil)
  }

  /// A rate that changes in one direction leaves the other as it was.
  @Test func timeline() throws {
    let text = linked(
      """
      <bandwidth><forward><simple>1</simple><unit>Mbps</unit></forward>
        <forward><event>late</event><simple>3</simple><unit>Mbps</unit></forward>
        <forward><event>now</event><simple>2</simple><unit>Mbps</unit></forward>
        <reverse><simple>2</simple><unit>Mbps</unit></reverse></bandwidth>
      """
    ).replacing(
      "</virtualInfrastructure>",
      with: """
        <timeline><event><id>late</id><delay>7.5</delay></event><event><id>now</id><delay>0</delay></event>
        <event><id>idle</id><delay>3</delay></event></timeline></virtualInfrastructure>
        """)
    let (lab, remarks) = try readVXDL(text).infrastructure()
    #expect(
      lab.networks[0].rate == RateRange(fixed: mbit(2)) && lab.networks[0].reverseRate == RateRange(fixed: mbit(2)))
    #expect(
      lab.timeline == [
        TimelineEvent(after: .milliseconds(7500), networks: [try name("l"): .init(rate: RateRange(fixed: mbit(3)))])
      ])
    #expect(remarks.count == 3 && lab.labels["vxdl/event/1"] == "late")
    #expect(try VXDLDocument(lab).infrastructure().infrastructure == lab)
  }

  /// Different ids never get the same name, and an id that is a name keeps it.
  @Test func names() throws {
    let ids = ["Node 1", "node-1", "node_1", "--", "é", String(repeating: "x", count: 80), "node-1-2"]
    let text = description(ids.map { "<vNode><id>\($0)</id></vNode>" }.joined())
    let (lab, _) = try readVXDL(text).infrastructure()
    #expect(
      lab.nodes.map(\.name.description) == [
        "node-1-3", "node-1", "node-1-4", "node", "node-2", String(repeating: "x", count: 63), "node-1-2",
      ])
    #expect(lab.nodes.map { $0.labels["vxdl/id"] } == ids)
  }

  private func name(_ text: String) throws -> Name { try Name(parsing: text) }
}
