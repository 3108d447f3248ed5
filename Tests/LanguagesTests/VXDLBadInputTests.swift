import Languages
import Quantities
import Testing

/// Hostile and mistaken descriptions get a located answer each.
struct VXDLBadInputTests {
  @Test(arguments: VXDLBadInput.hostile + VXDLBadInput.mistaken) func everyFaultIsAnswered(input: VXDLBadInput) throws {
    let problem = #expect(throws: Problem.self) { try readVXDL(input.text) }
    let found = try #require(problem)
    #expect(found.code == input.code, "\(found)")
    let numbers = try #require(found.location).split(separator: ":")
    #expect(numbers.count == 3 && numbers[0] == "lab.xml" && numbers[1...].allSatisfy { (Int($0) ?? 0) > 0 })
    if let place = input.place { #expect(found.location == "lab.xml:\(place)") }
    #expect(found.kind == .invalid && found.message.hasSuffix(".") && !found.remedy.isEmpty)
    #expect(found.message.count < 400 && !found.message.contains("\n"))
  }

  /// What only the model minds is answered where it is converted.
  @Test(arguments: [
    (description(""), "no-nodes"),
    (description("<vNode><id>a</id><cpu><cores><simple>0</simple></cores></cpu></vNode>"), "out-of-bounds"),
    (description("<vNode><id>a</id><memory><simple>1</simple><unit>MB</unit></memory></vNode>"), "memory-too-small"),
    (linked("<bandwidth><reverse><simple>0</simple><unit>bps</unit></reverse></bandwidth>"), "out-of-bounds"),
    (linked("<latency><simple>0</simple><unit>ms</unit></latency>"), "out-of-bounds"),
    (
      description(
        "<vArray><id>x</id><cardinality>10000</cardinality><vNode><id>v</id></vNode></vArray>"
          + "<vArray><id>y</id><cardinality>10000</cardinality><vNode><id>w</id></vNode></vArray>"
          + "<vLink><id>l</id><source>x</source><destination>y</destination></vLink>"), "too-many"
    ),
  ]) func conversionsAnswer(text: String, code: String) throws {
    let document = try readVXDL(text)
    let problem = #expect(throws: Problem.self) { try document.infrastructure() }
    #expect(problem?.code == code)
  }

  /// A document that no reader has seen is checked as a file would be.
  @Test func documentsMadeByHandAreChecked() throws {
    let node = VXDLResource.node(VXDLNode(VXDLTraits(VXDLCommon(id: "a"))))
    let link = VXDLLink(VXDLTraits(VXDLCommon(id: "l")), from: VXDLEnd("a"), to: VXDLEnd("b"))
    for (resources, code) in [([node, node], "duplicate-id"), ([node, .link(link)], "no-such-node")] {
      let document = VXDLDocument(common: VXDLCommon(id: "lab"), resources: resources)
      #expect(#expect(throws: Problem.self) { try document.infrastructure() }?.code == code)
      #expect(#expect(throws: Problem.self) { try document.substrate() }?.code == code)
    }
  }

  @Test func encodings() throws {
    let text = description("<vNode><id>\u{e9}</id></vNode>")
    #expect(try VXDLReader.read(text: [0xef, 0xbb, 0xbf] + Array(text.utf8), file: "f") == readVXDL(text))
    let latin1 = Array("<a>\n ".utf8) + [0xe9] + Array("</a>".utf8)
    let utf16 = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    for bytes in [latin1, utf16, [0xff, 0xfe] + utf16] {
      let problem = #expect(throws: Problem.self) { try VXDLReader.read(text: bytes, file: "f") }
      #expect(problem?.code == "not-utf8")
    }
  }

  /// Words in a comment, a CDATA section or an attribute declare nothing.
  @Test func declarationsInTextsAreTexts() throws {
    let text = description(
      "<!-- <!DOCTYPE x> --><owner><![CDATA[<!ENTITY a 'b'> &a;]]></owner><vNode><id>&lt;!DOCTYPE></id></vNode>")
    let document = try readVXDL(text)
    #expect(document.owner == "<!ENTITY a 'b'> &a;")
    #expect(try readVXDL(VXDLWriter.text(document)) == document)
  }
}
