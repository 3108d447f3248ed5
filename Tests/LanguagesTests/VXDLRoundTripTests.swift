import Foundation
import Languages
import Quantities
import Testing

struct VXDLRoundTripTests {
  /// Nothing of a real file is lost, in whichever dialect it is: not an element, not a text.
  @Test(arguments: vxdlFiles) func realFilesComeBackWhole(name: String) throws {
    let original = try vxdlBytes(name)
    let document = try VXDLReader.read(text: original, file: name)
    let text = VXDLWriter.text(document)
    #expect(try readVXDL(text) == document)
    let (before, after) = (try pathTexts(original), try pathTexts(Array(text.utf8)))
    #expect(before.count > 20 && before == after)
  }

  /// Everything that VXDL 2.0 has, in one description.
  static let everything = description(
    """
    <location>Lyon</location><startDate>2030-01-19T12:00:00+01:00</startDate><totalTime>P1DT4H</totalTime>
    <owner>A &amp; B &lt;c&gt;</owner><user>u1</user><user>u2</user>
    <vNode><id>n 1</id><location>r1</location><startDate>2030-01-19T12:00:00</startDate><totalTime>PT1H</totalTime>
      <model>x</model><exclusivity>true</exclusivity><tag><key>cost</key><value>3</value></tag><tag><key>k</key></tag>
      <device>gpu</device><device>fpga</device><image>i</image><region>2</region>
      <memory><unit>GB</unit><simple>1</simple></memory>
      <memory><unit>GB</unit><event>grow</event><set>2</set><set>4.0</set></memory>
      <storage><scale><min>1</min><max>9</max><step>2e0</step></scale><unit>TB</unit></storage>
      <cpu><architecture>x86</architecture><cores><set>2</set><set>4</set></cores>
        <frequency><interval><min>2.0</min><max>3</max></interval><unit>GHz</unit></frequency></cpu></vNode>
    <vRouter><id>r</id><region>1</region><controlPlane><layer>l3</layer><type>t</type><routingProtocol>ospf</routingProtocol>
      <routingTable><rtSize>7</rtSize><route><source>n 1</source><destination>s</destination><vLinkIn>l</vLinkIn>
      <vLinkOut>l</vLinkOut></route></routingTable></controlPlane></vRouter>
    <vStorage><id>s</id><type>block</type><image>z</image><region>3</region><size><interval><max>5</max></interval>
      <unit>GiB</unit></size></vStorage>
    <vAccessPoint><id>p</id><region>1</region>
      <loadBalancer><inEndpoint>n 1</inEndpoint><inEndpoint>r</inEndpoint><region>1</region>
        <addressNumber>2</addressNumber></loadBalancer>
      <nat><inEndpoint>r</inEndpoint><inPort>22</inPort><protocol>TCP</protocol><region>1</region>
        <outPort>23</outPort></nat><masquerade><inEndpoint>s</inEndpoint></masquerade></vAccessPoint>
    <vArray><id>farm</id><location>r2</location><cardinality>3</cardinality><vNode><id>w</id></vNode>
      <vLink><id>wl</id><source>w</source><destination>r</destination></vLink></vArray>
    <vLink><id>l</id><exclusivity>false</exclusivity><source>n 1</source><destination>r</destination>
      <bandwidth><forward><simple>1.50</simple><unit>Gbps</unit></forward>
        <reverse><interval/><unit>Mbps</unit></reverse></bandwidth>
      <latency><interval><max>10</max></interval><unit>ms</unit></latency></vLink>
    <timeline><event><id>grow</id><delay>3600</delay></event></timeline>
    """)

  @Test func everyElementComesBack() throws {
    let document = try readVXDL(Self.everything)
    let text = VXDLWriter.text(document)
    #expect(try readVXDL(text) == document)
    #expect(try pathTexts(Array(Self.everything.utf8)) == pathTexts(Array(text.utf8)))
    #expect(document.resources.count == 6 && document.timeline.count == 1 && document.users == ["u1", "u2"])
    #expect(document.owner == "A & B <c>")
    guard case .node(let node) = document.resources[0] else { return #expect(Bool(false), "the first is no node") }
    #expect(node.memory.map(\.event) == [nil, "grow"] && node.traits.exclusivity == true)
  }

  /// Elements of one dialect in the other are neither refused nor lost.
  @Test func mixedDialects() throws {
    let text = description(
      """
      <vNode id="a"><interface><alias>e</alias><macaddress>02:00:00:00:00:01</macaddress></interface></vNode>
      <vRouter><id>b</id><interface><type>bridge</type></interface></vRouter>
      <vLink><id>l</id><source><vNode>a</vNode><interface>e</interface></source><destination>b</destination></vLink>
      """)
    let document = try readVXDL(text)
    #expect(try readVXDL(VXDLWriter.text(document)) == document)
    guard case .link(let link) = document.resources[2] else { return #expect(Bool(false), "the last is no link") }
    #expect(link.source == VXDLEnd("a", kind: "vNode", interface: "e") && link.destination == VXDLEnd("b"))
    let bare = try readVXDL(
      "<virtualInfrastructure><id>x</id><owner>o</owner><vNode><id>n</id></vNode></virtualInfrastructure>")
    #expect(bare.dialect == .bare && bare.owner == "o")
    #expect(try readVXDL(VXDLWriter.text(bare)) == bare)
  }

  /// The namespace counts, not its prefix.
  @Test func prefixes() throws {
    let text = description("<vNode><id>a</id></vNode>")
    let prefixed = text.replacing("xmlns=", with: "xmlns:v=").replacing("</", with: "\u{0}").replacing("<", with: "<v:")
      .replacing("\u{0}", with: "</v:")
    #expect(try readVXDL(prefixed) == readVXDL(text))
  }

  /// Characters that XML treats specially survive in texts and in attributes.
  @Test(arguments: VXDLDocument.Dialect.allCases) func strangeCharactersComeBack(dialect: VXDLDocument.Dialect) throws {
    let strange = "<a>&\"']]> \t\n\r é\u{1F600}]] --"
    var node = VXDLNode(VXDLTraits(VXDLCommon(id: "<\"n\" & 1>")))
    node.image = strange
    let document = VXDLDocument(
      dialect: dialect, common: VXDLCommon(id: "a\tb"), owner: "x\ny & z", resources: [.node(node)])
    #expect(try readVXDL(VXDLWriter.text(document)) == document)
  }
}
