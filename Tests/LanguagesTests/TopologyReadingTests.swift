import Foundation
import Infrastructure
import Languages
import Quantities
import Testing

/// A file of the folder `Topologies`.
func topology(_ name: String) throws -> [UInt8] {
  let folder = try #require(Bundle.module.url(forResource: "Topologies", withExtension: nil))
  return [UInt8](try Data(contentsOf: folder.appending(path: name)))
}

func nodeLink(_ text: String, _ defaults: TopologyDefaults = TopologyDefaults()) throws(Problem) -> Substrate {
  try NodeLinkReader.read(text: Array(text.utf8), file: "net.json", defaults: defaults)
}

func graphML(_ text: String, _ defaults: TopologyDefaults = TopologyDefaults()) throws(Problem) -> Substrate {
  try GraphMLReader.read(text: Array(text.utf8), file: "net.graphml", defaults: defaults)
}

extension Substrate {
  /// `brno--praha 10Gbit/s 1ms` for each link.
  var linkLines: [String] {
    links.map { "\($0.ends.first)--\($0.ends.second) \($0.rate?.description ?? "unlimited") \($0.latency.text)" }
  }
}

struct TopologyReadingTests {
  @Test(arguments: [("Cesnet200706", 38, 45), ("Geant2012", 37, 58), ("Renater2010", 37, 48)])
  func publishedTopologiesAreWhole(name: String, sites: Int, links: Int) throws {
    let substrate = try NodeLinkReader.read(text: topology("\(name).json"), file: "x/\(name).json")
    #expect(substrate.name.description == name.lowercased())
    #expect(substrate.sites.count == sites && substrate.links.count == links && substrate.hosts.count == sites)
    let names = substrate.sites.map(\.name) + substrate.hosts.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(substrate.links.map { Set([$0.ends.first, $0.ends.second]) }).count == links)
    // The lengths in the file and those between its positions agree, so both readings give about the same.
    var bare = String(decoding: try topology("\(name).json"), as: UTF8.self)
    bare.replace("\"dist\"", with: "\"length\"")
    for (given, computed) in zip(substrate.links, try nodeLink(bare).links) {
      let difference = given.latency - computed.latency
      let tolerance = Duration.microseconds(60) + given.latency / 50
      #expect((.zero - tolerance...tolerance).contains(difference), "\(given) \(computed)")
    }
  }

  @Test func placesAreCalledByTheirNames() throws {
    let substrate = try NodeLinkReader.read(text: topology("Cesnet200706.json"), file: "Cesnet200706.json")
    #expect(
      substrate.sites.prefix(9).map(\.name.description) == [
        "hradec-kralove", "ceska-trebova", "jindrichuv-hradec", "pardubice", "vyskov", "zlin", "olomouc", "brno",
        "breclav-lednice",
      ])
    #expect(substrate.hosts[7].name.description == "brno-1" && substrate.hosts[7].site.description == "brno")
    // The first link: 101.54 km at 5 µs.
    #expect(substrate.linkLines[0] == "hradec-kralove--praha 10Gbit/s 507us700ns")
    #expect(substrate.sites[0].vlans.description == "100-1099")
    let host = substrate.hosts[0]
    #expect(host.cpu.description == "32" && host.memory.description == "128GiB" && host.kind == .emulated)
    #expect(host.storage == nil && host.uplink == nil)
  }

  @Test func theTopologyZooIsRead() throws {
    let substrate = try GraphMLReader.read(text: topology("Example.graphml"), file: "Example.graphml")
    #expect(substrate.name.description == "tri-cities-friends")
    #expect(substrate.sites.map(\.name.description) == ["brno", "praha", "brno-2", "site-3"])
    // `brno-2` is a site, so the hosts of Brno get other names only where they would clash: one host does not.
    #expect(substrate.hosts.map(\.name.description) == ["brno-1", "praha-1", "brno-2-1", "site-3-1"])
    // Parallel edges are one; Brno and Prague are 186 km apart, Brno and Bratislava 122 km.
    #expect(substrate.links.count == 3)
    #expect(substrate.links[0].rate == Bitrate(bitsPerSecond: 12_500_000_000))
    #expect((.microseconds(925)...(.microseconds(935))).contains(substrate.links[0].latency))
    #expect(substrate.links[1].rate == TopologyDefaults().rate)
    #expect((.microseconds(605)...(.microseconds(615))).contains(substrate.links[1].latency))
    #expect(substrate.linkLines[2] == "site-3--praha 155Mbit/s 0s")
  }

  @Test func plainNodeLinkIsReadWithLinksOrEdges() throws {
    for key in ["links", "edges"] {
      let substrate = try nodeLink(
        """
        {"directed": false, "multigraph": true, "graph": {}, "nodes": [{"id": 0}, {"id": "b"}, {"id": [1, 2]}, {"id": 9}],
         "\(key)": [{"source": 0, "target": "b", "key": 0, "rate": "1Gbit/s", "latency": "5ms"},
          {"source": "b", "target": 0, "key": 1, "rate": "500Mbit/s", "latency": "7ms"}, {"source": [1, 2], "target": 0}]}
        """)
      #expect(substrate.name.description == "net")
      #expect(substrate.sites.map(\.name.description) == ["site-0", "b", "1-2", "site-9"])
      #expect(substrate.linkLines == ["site-0--b 1500Mbit/s 7ms", "1-2--site-0 10Gbit/s 0s"])
    }
  }

  @Test func theSmallerDirectionOfADirectedGraphCounts() throws {
    let text = #"""
      {"directed": true, "nodes": [{"id": "a"}, {"id": "b"}, {"id": "c"}], "links": [
       {"source": "a", "target": "b", "rate": "1Gbit/s"}, {"source": "a", "target": "b", "rate": "2Gbit/s"},
       {"source": "b", "target": "a", "rate": "2Gbit/s"}, {"source": "b", "target": "c", "rate": "4Gbit/s"}]}
      """#
    #expect(try nodeLink(text).linkLines == ["a--b 2Gbit/s 0s", "b--c 4Gbit/s 0s"])
    let unlimited = try nodeLink(text.replacing(#", "rate": "2Gbit/s""#, with: ""), TopologyDefaults(rate: nil))
    #expect(unlimited.linkLines == ["a--b unlimited 0s", "b--c 4Gbit/s 0s"])
  }

  @Test func defaultsFillWhatIsNotSaid() throws {
    let defaults = TopologyDefaults(
      hosts: 3, kind: .real, cpu: Cores(thousandths: 1500), memory: ByteCount(bytes: 1 << 30),
      storage: ByteCount(bytes: 5), uplink: Bitrate(bitsPerSecond: 7), rate: Bitrate(bitsPerSecond: 9),
      latencyPerKilometre: .microseconds(4), vlans: VLANSet([VLANID(7)].compactMap(\.self)))
    let substrate = try nodeLink(
      #"{"nodes": [{"id": "a"}, {"id": "a 2"}], "links": [{"source": "a", "target": "a 2", "dist": 10}]}"#, defaults)
    // Host a-2 would have the name of site a-2.
    #expect(
      substrate.hosts.map(\.name.description)
        == ["a-host-1", "a-host-2", "a-host-3", "a-2-1", "a-2-2", "a-2-3"])
    #expect(substrate.linkLines == ["a--a-2 9bit/s 40us"])
    let host = substrate.hosts[5]
    #expect(host.kind == .real && host.cpu == defaults.cpu && host.memory == defaults.memory)
    #expect(
      host.storage == defaults.storage && host.uplink == defaults.uplink && substrate.sites[0].vlans == defaults.vlans)
    #expect(try nodeLink(#"{"nodes": [{"id": "a"}], "links": []}"#, TopologyDefaults(hosts: 0)).hosts.isEmpty)
  }

  @Test(arguments: [
    ("Hradec Králové", "hradec-kralove"), ("  Łódź!  ", "lodz"), ("Straße", "strasse"), ("Москва", "moskva"),
    ("L'Aquila", "laquila"), ("北京", "bei-jing"), ("Kostelec n C.L", "kostelec-n-c-l"), ("---", "site-7"),
    ("\u{1F600}", "site-7"), ("Ærø/Ørsted", "aero-orsted"),
    ("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "llanfairpwllgwyngyllgogerychwyrndrobwlll"),
  ])
  func namesOfPlacesBecomeNames(label: String, name: String) throws {
    let substrate = try nodeLink(#"{"nodes": [{"id": 7, "name": "\#(label)"}], "links": []}"#)
    #expect(substrate.sites[0].name.description == name)
  }

  @Test func equalNamesAreNumbered() throws {
    let nodes = (0..<2000).map { #"{"id": \#($0), "name": "\#($0 % 2 == 0 ? "Brno" : "BRNO")"}"# }.joined(
      separator: ",")
    let substrate = try nodeLink(#"{"nodes": [\#(nodes)], "links": []}"#, TopologyDefaults(hosts: 2))
    let names = substrate.sites.map(\.name) + substrate.hosts.map(\.name)
    #expect(Set(names).count == 6000 && substrate.sites[1999].name.description == "brno-2000")
  }
}
