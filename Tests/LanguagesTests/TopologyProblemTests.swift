import Infrastructure
import Languages
import Quantities
import Testing

/// Malformed and hostile topologies get an answer that says where.
struct TopologyProblemTests {
  struct Fault: CustomTestStringConvertible {
    var text: String
    var code: String
    var place: String
    var defaults = TopologyDefaults()
    var testDescription: String { String(text.prefix(60)) }

    init(_ text: String, _ code: String, _ place: String, _ defaults: TopologyDefaults = TopologyDefaults()) {
      (self.text, self.code, self.place, self.defaults) = (text, code, place, defaults)
    }
  }

  private static func links(_ link: String) -> String { #"{"nodes": [{"id": "a"}, {"id": "b"}], "links": [\#(link)]}"# }
  private static func link(_ attributes: String) -> String {
    links(#"{"source": "a", "target": "b", \#(attributes)}"#)
  }
  private static func node(_ attributes: String) -> String { #"{"nodes": [{"id": "a", \#(attributes)}], "links": []}"# }

  static let json: [Fault] = [
    Fault("", "empty-file", "1:1"), Fault(" \n", "empty-file", "1:1"), Fault("{", "not-json", "1:2"),
    Fault("[1, 2", "not-json", "1:6"), Fault("{} x", "not-json", "1:4"), Fault("{\n \"é\": tru}", "not-json", "2:7"),
    Fault("{\"nodes\": \"\u{1}\"}", "not-json", "1:12"), Fault(#"["\ud800"]"#, "not-json", "1:9"),
    Fault("[01]", "not-json", "1:2"), Fault("[1.]", "not-json", "1:2"), Fault("[-]", "not-json", "1:2"),
    Fault(#"{"a": 1, "a": 2}"#, "duplicate-key", "1:10"),
    Fault(String(repeating: "[", count: 100_000), "too-deep", "1:65"),
    Fault("[]", "wrong-type", "1:1"), Fault("null", "not-a-topology", "1:1"), Fault("{}", "not-a-topology", "1:1"),
    Fault(#"{"nodes": [], "links": []}"#, "no-sites", "1:1"),
    Fault(#"{"nodes": 3, "links": []}"#, "wrong-type", "1:11"),
    Fault(#"{"nodes": [3], "links": []}"#, "wrong-type", "1:12"),
    Fault(#"{"nodes": [{}], "links": []}"#, "missing-key", "1:12"),
    Fault(#"{"nodes": [{"id": {}}], "links": []}"#, "wrong-type", "1:19"),
    Fault(#"{"nodes": [{"id": 1}, {"id": "1"}], "links": []}"#, "duplicate-site", "1:23"),
    Fault(links(#"{"source": "a"}"#), "missing-key", "1:49"),
    Fault(links(#"{"source": "a", "target": "c"}"#), "no-such-site", "1:49"),
    Fault(links(#"{"source": "a", "target": "a"}"#), "link-loop", "1:49"),
    Fault(link(#""dist": -1"#), "out-of-bounds", "1:88"), Fault(link(#""dist": NaN"#), "bad-number", "1:88"),
    Fault(link(#""dist": -Infinity"#), "bad-number", "1:88"), Fault(link(#""dist": 1e300"#), "out-of-bounds", "1:88"),
    Fault(link(#""dist": 1e999"#), "bad-number", "1:88"), Fault(link(#""dist": "far""#), "bad-number", "1:88"),
    Fault(link(#""LinkSpeedRaw": 0"#), "out-of-bounds", "1:96"),
    Fault(link(#""LinkSpeedRaw": 1e30"#), "out-of-bounds", "1:96"),
    Fault(link(#""rate": 10"#), "bad-unit", "1:88"), Fault(link(#""rate": "-1Gbit/s""#), "bad-quantity", "1:88"),
    Fault(link(#""latency": "2h""#), "out-of-bounds", "1:91"), Fault(node(#""pos": [1]"#), "wrong-type", "1:31"),
    Fault(node(#""pos": [1, 91]"#), "out-of-bounds", "1:31"), Fault(node(#""pos": [1, NaN]"#), "bad-number", "1:35"),
    Fault(node(#""pos": {"x": 1}"#), "wrong-type", "1:31"),
    Fault(node(#""Latitude": 1, "Longitude": 999"#), "out-of-bounds", "1:12"),
    Fault(links(""), "out-of-bounds", "1:1", TopologyDefaults(hosts: -1)),
    Fault(links(""), "out-of-bounds", "1:1", TopologyDefaults(latencyPerKilometre: .seconds(-1))),
  ]

  @Test(arguments: json) func nodeLinkFaultsAreLocated(fault: Fault) {
    let problem = #expect(throws: Problem.self) { try nodeLink(fault.text, fault.defaults) }
    #expect(
      problem?.code == fault.code && problem?.location == "net.json:\(fault.place)", "\(String(describing: problem))")
    #expect(problem?.kind == .invalid && problem?.message.hasSuffix(".") == true && problem?.remedy.isEmpty == false)
  }

  private static func graph(_ body: String) -> String {
    "<graphml>\n<graph edgedefault=\"undirected\">\n\(body)\n</graph></graphml>"
  }
  private static let nodes = "<node id=\"a\"/><node id=\"b\"/>\n"

  static let xml: [Fault] = [
    Fault("", "empty-file", "1:1"), Fault("<graphml>", "not-xml", "1:"),
    Fault("<a><b></a></b>", "not-a-topology", "1:"),
    Fault("<graphml/>", "not-a-topology", "1:1"), Fault("{}", "not-xml", "1:"),
    Fault("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><graphml>&b;</graphml>", "xml-doctype", "1:1"),
    Fault("<graphml>\n <!DOCTYPE graphml SYSTEM \"file:///etc/passwd\"></graphml>", "xml-doctype", "2:2"),
    Fault("<?xml version=\"1.0\" encoding=\"UTF-7\"?><graphml/>", "xml-encoding", "1:1"),
    Fault(graph(""), "no-sites", "1:1"), Fault(graph("<node/>"), "missing-key", "3:"),
    Fault(graph("<node id=\"&unknown;\"/>"), "not-xml", "3:"),
    Fault(graph(nodes + "<edge source=\"a\"/>"), "missing-key", "4:"),
    Fault(graph(nodes + "<edge source=\"a\" target=\"z\"/>"), "no-such-site", "4:"),
    Fault(graph(nodes + "<edge source=\"b\" target=\"b\"/>"), "link-loop", "4:"),
    Fault(graph(nodes + "<node id=\"a\"/>"), "duplicate-site", "4:"),
    Fault(graph(nodes + "<hyperedge/>"), "not-available", "4:"),
    Fault(graph("<node id=\"a\"><graph/></node>"), "not-available", "3:"),
    Fault("<graphml><graph/><graph/></graphml>", "not-available", "1:"),
    Fault(
      graph("<node id=\"a\"><data key=\"Latitude\">x</data><data key=\"Longitude\">1</data></node>"), "bad-number", "3:"
    ),
    Fault(
      graph("<node id=\"a\"><data key=\"Latitude\">95</data><data key=\"Longitude\">1</data></node>"), "out-of-bounds",
      "3:"),
    Fault(
      graph(nodes + "<edge source=\"a\" target=\"b\"><data key=\"LinkSpeedRaw\">-5</data></edge>"), "out-of-bounds",
      "4:"),
    Fault(
      graph(nodes + "<edge source=\"a\" target=\"b\"><data key=\"LinkSpeedRaw\">nan</data></edge>"), "bad-number", "4:"),
    Fault(String(repeating: "<graphml>", count: 5000), "too-deep", "1:"),
  ]

  @Test(arguments: xml) func graphMLFaultsAreLocated(fault: Fault) {
    let problem = #expect(throws: Problem.self) { try graphML(fault.text) }
    let place = problem?.location ?? ""
    #expect(
      problem?.code == fault.code && place.hasPrefix("net.graphml:\(fault.place)"), "\(String(describing: problem))")
    #expect(problem?.kind == .invalid && problem?.message.hasSuffix(".") == true && problem?.remedy.isEmpty == false)
  }

  @Test func otherEncodingsAreRefused() {
    let latin = Array(#"{"nodes": [{"id": "Z"#.utf8) + [0xfc] + Array(#"rich"}], "links": []}"#.utf8)
    let problem = #expect(throws: Problem.self) { try NodeLinkReader.read(text: latin, file: "n.json") }
    #expect(problem?.code == "not-utf8" && problem?.location == "n.json:1:21")
    let wide: [UInt8] = [0xff, 0xfe] + "<graphml/>".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    #expect(throws: Problem.self) { try GraphMLReader.read(text: wide, file: "n.graphml") }
  }

  @Test func countsAreBounded() {
    let nodes = (0..<2000).map { #"{"id": \#($0)}"# }.joined(separator: ",")
    let many = #expect(throws: Problem.self) {
      try nodeLink(#"{"nodes": [\#(nodes)], "links": []}"#, TopologyDefaults(hosts: 501))
    }
    #expect(many?.code == "too-many")
    let large = #expect(throws: Problem.self) {
      try NodeLinkReader.read(text: [UInt8](repeating: 0x20, count: 40 << 20), file: "n.json")
    }
    #expect(large?.code == "file-too-large")
  }

  /// Found by the fuzzer: the XML parser guesses another encoding, and crashed.
  @Test(arguments: ["\0\0\0<region", "\0<\0!\0D\0O\0C\0T\0Y\0P\0E", "<\0g\0r\0a\0p\0h\0m\0l\0"])
  func zerosAreNoText(text: String) {
    for read in [{ try GraphMLReader.read(text: $0, file: "t") }, { try NodeLinkReader.read(text: $0, file: "t") }] {
      let problem = #expect(throws: Problem.self) { _ = try read(Array(text.utf8)) }
      #expect(problem?.code == "not-utf8")
    }
  }
}
