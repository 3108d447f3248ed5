import Languages
import Testing

/// A description with a fault, and the answer that it deserves.
struct VXDLBadInput: CustomTestStringConvertible, Sendable {
  var title: String
  var text: String
  var code: String
  /// `LINE:COLUMN`, where it matters.
  var place: String?
  var testDescription: String { title }

  init(_ title: String, _ text: String, _ code: String, at place: String? = nil) {
    (self.title, self.text, self.code, self.place) = (title, text, code, place)
  }

  private static let laughs = """
    <?xml version="1.0"?>
    <!DOCTYPE description [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
    <virtualInfrastructure id="&d;"/>
    """

  static let hostile: [VXDLBadInput] = [
    VXDLBadInput("billion laughs", laughs, "xml-entity", at: "2:1"),
    VXDLBadInput(
      "external entity",
      "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<virtualInfrastructure id=\"a\"><owner>&x;</owner>"
        + "</virtualInfrastructure>", "xml-entity", at: "1:1"),
    VXDLBadInput(
      "external type", "<!DOCTYPE d SYSTEM \"http://localhost:1/x.dtd\"><virtualInfrastructure/>", "xml-entity"),
    VXDLBadInput(
      "parameter entity", "<?a <b?><!-- <c -->\n <!DOCTYPE d [<!ENTITY % p SYSTEM 'x'>%p;]><d/>", "xml-entity",
      at: "2:2"),
    VXDLBadInput("unknown entity", description("<owner>&x;</owner>"), "bad-xml"),
    VXDLBadInput("deep", String(repeating: "<a>", count: 100_000), "too-deep", at: "1:193"),
    VXDLBadInput("long tag", "<a " + String(repeating: "x='' ", count: 100_000) + "/>", "bad-xml", at: "1:1"),
    VXDLBadInput("many elements", "<a>" + String(repeating: "<b/>", count: 500_001) + "</a>", "too-many-values"),
    VXDLBadInput("large", "<a>" + String(repeating: " ", count: 9 << 20) + "</a>", "file-too-large"),
    VXDLBadInput(
      "empty instruction", "<virtualInfrastructure id='a'>\n<?a?></virtualInfrastructure>", "bad-xml", at: "2:1"),
    VXDLBadInput("instruction behind a fault", "<?xml version='1.0' > <?a?><virtualInfrastructure id='a'/>", "bad-xml"),
    VXDLBadInput(
      "instruction in a faulty comment", "<virtualInfrastructure id='a'><!-- \u{1} <?a?> --></virtualInfrastructure>",
      "bad-xml"),
    VXDLBadInput("nothing", " \n", "empty-file", at: "1:1"),
    VXDLBadInput("not XML", "name: lab", "bad-xml"),
    VXDLBadInput("broken off", "<virtualInfrastructure id='a'>\n <vNode id='n'>", "bad-xml", at: "2:16"),
    VXDLBadInput("broken off early", "<a>", "bad-xml", at: "1:1"),
    VXDLBadInput("broken off in a tag", "<virtualInfrastructure id='a", "bad-xml"),
    VXDLBadInput("broken off in a comment", "<virtualInfrastructure id='a'><!-- ", "bad-xml", at: "1:31"),
    VXDLBadInput("two roots", "<virtualInfrastructure id='a'></virtualInfrastructure><a/>", "bad-xml"),
    VXDLBadInput(
      "crossed tags", "<virtualInfrastructure id='a'>\n<owner>\u{e9}</user></virtualInfrastructure>", "bad-xml"),
    VXDLBadInput("attribute twice", "<virtualInfrastructure id='a' id='b'/>", "bad-xml"),
    VXDLBadInput("undeclared prefix", "<virtualInfrastructure id='a'><x:vNode/></virtualInfrastructure>", "bad-xml"),
    VXDLBadInput("control character", "<virtualInfrastructure id='a\u{1}'/>", "bad-xml"),
    VXDLBadInput(
      "declared Latin 1", "<?xml version='1.0' encoding=\"ISO-8859-1\"?><virtualInfrastructure id='a'/>", "not-utf8"),
    VXDLBadInput(
      "declared UTF-16", "<?xml version='1.0' encoding = 'utf-16' ?><virtualInfrastructure id='a'/>", "not-utf8"),
    VXDLBadInput("zero", "<virtualInfrastructure id='a'>\n\u{0}</virtualInfrastructure>", "not-utf8", at: "2:1"),
    VXDLBadInput("other root", "<network/>", "not-vxdl"),
    VXDLBadInput("other namespace", "<description xmlns='urn:x'/>", "not-vxdl"),
    VXDLBadInput("nothing in it", "<description xmlns='http://www.vxdlforum.org/vxdl'/>", "missing-element"),
  ]

  private static let mbps = "<unit>Mbps</unit>"

  private static func forward(_ content: String) -> String {
    linked("<bandwidth><forward>\(content)</forward></bandwidth>")
  }

  private static func memory(_ content: String) -> String {
    description("<vNode><id>a</id><memory>\(content)</memory></vNode>")
  }

  static let mistaken: [VXDLBadInput] = [
    VXDLBadInput("no id", description("<vNode/>"), "missing-element", at: "2:1"),
    VXDLBadInput("empty id", description("<vNode><id> </id></vNode>"), "missing-element"),
    VXDLBadInput("two ids", description("<vNode id='a'><id>a</id></vNode>"), "repeated-element"),
    VXDLBadInput("id twice", description("<vNode><id>a</id>\n<id>b</id></vNode>"), "repeated-element", at: "3:1"),
    VXDLBadInput(
      "same node", description("<vNode><id>a</id></vNode>\n<vRouter><id>a</id></vRouter>"), "duplicate-id", at: "3:1"),
    VXDLBadInput(
      "same in array",
      description(
        "<vNode><id>a</id></vNode><vArray><id>r</id><cardinality>2</cardinality><vNode><id>a</id></vNode></vArray>"),
      "duplicate-id"),
    VXDLBadInput(
      "same link", linked("</vLink><vLink><id>l</id><source>b</source><destination>a</destination>"), "duplicate-id"),
    VXDLBadInput(
      "used access points",
      description(
        "<vNode><id>a</id></vNode><vAccessPoint><id>p</id></vAccessPoint><vAccessPoint><id>p</id></vAccessPoint>"
          + "<vLink><id>l</id><source>a</source><destination>p</destination></vLink>"), "duplicate-id"),
    VXDLBadInput(
      "access point and node", description("<vAccessPoint><id>p</id></vAccessPoint><vNode><id>p</id></vNode>"),
      "duplicate-id"),
    VXDLBadInput(
      "unknown end",
      description(
        "<vNode><id>worker</id></vNode>\n<vLink><id>l</id><source>worker</source><destination>wroker</destination></vLink>"
      ),
      "no-such-node", at: "3:41"),
    VXDLBadInput(
      "link to a link", linked("</vLink><vLink><id>m</id><source>a</source><destination>l</destination>"),
      "no-such-node"),
    VXDLBadInput(
      "unknown inside",
      description(
        "<vAccessPoint><id>p</id><masquerade><inEndpoint>x</inEndpoint></masquerade></vAccessPoint>"), "no-such-node"),
    VXDLBadInput(
      "to itself",
      description(
        "<vNode><id>a</id></vNode>\n<vLink><id>l</id><source>a</source><destination> a </destination></vLink>"),
      "wire-loop", at: "3:1"),
    VXDLBadInput(
      "no end", description("<vNode><id>a</id></vNode><vLink><id>l</id><source>a</source></vLink>"), "missing-element"),
    VXDLBadInput("unknown event", forward("<simple>1</simple><event>e</event>\(mbps)"), "no-such-event"),
    VXDLBadInput(
      "event twice",
      description(
        "<timeline><event><id>e</id><delay>1</delay></event><event><id>e</id><delay>2</delay></event></timeline>"),
      "duplicate-id"),
    VXDLBadInput(
      "negative delay", description("<timeline><event><id>e</id><delay>-1</delay></event></timeline>"), "negative-value"
    ),
    VXDLBadInput("empty timeline", description("<timeline/>"), "missing-element"),
    VXDLBadInput("negative", memory("<simple>-1</simple><unit>GB</unit>"), "negative-value"),
    VXDLBadInput("negative zero", memory("<simple>-0</simple><unit>GB</unit>"), "negative-value"),
    VXDLBadInput("NaN", memory("<simple>NaN</simple><unit>GB</unit>"), "not-finite"),
    VXDLBadInput("infinite", memory("<interval><max>INF</max></interval><unit>GB</unit>"), "not-finite"),
    VXDLBadInput("too large for a number", memory("<simple>1e999</simple><unit>GB</unit>"), "not-finite"),
    VXDLBadInput("too much", memory("<simple>1e9</simple><unit>TB</unit>"), "out-of-bounds"),
    VXDLBadInput("hexadecimal", memory("<simple>0x10</simple><unit>GB</unit>"), "bad-number"),
    VXDLBadInput("no number", memory("<simple></simple><unit>GB</unit>"), "bad-number"),
    VXDLBadInput(
      "reversed interval", forward("<interval><min>2</min><max>1.5</max></interval>\(mbps)"), "interval-order"),
    VXDLBadInput(
      "reversed scale", forward("<scale><min>2</min><max>1</max><step>1</step></scale>\(mbps)"), "interval-order"),
    VXDLBadInput(
      "scale without step", forward("<scale><min>1</min><max>2</max><step>0</step></scale>\(mbps)"), "bad-scale"),
    VXDLBadInput("incomplete scale", forward("<scale><min>1</min><max>2</max></scale>\(mbps)"), "missing-element"),
    VXDLBadInput("bytes of rate", forward("<simple>1</simple><unit>MB</unit>"), "bad-unit"),
    VXDLBadInput("rate of memory", memory("<simple>1</simple><unit>Mbps</unit>"), "bad-unit"),
    VXDLBadInput("no unit", memory("<simple>1</simple>"), "missing-unit"),
    VXDLBadInput(
      "unit of cores",
      description(
        "<vNode><id>a</id><cpu><cores><simple>1</simple><unit>GHz</unit></cores></cpu></vNode>"), "bad-unit"),
    VXDLBadInput("no amount", memory("<unit>GB</unit>"), "missing-element"),
    VXDLBadInput("two amounts", memory("<simple>1</simple><set>1</set><unit>GB</unit>"), "repeated-element"),
    VXDLBadInput("two simple", memory("<simple>1</simple><simple>2</simple><unit>GB</unit>"), "repeated-element"),
    VXDLBadInput(
      "memory twice", memory("<simple>1</simple><unit>GB</unit></memory><memory><simple>1</simple><unit>GB</unit>"),
      "repeated-element"),
    VXDLBadInput("no date", description("<startDate>tomorrow</startDate>"), "bad-time"),
    VXDLBadInput("date without time", description("<startDate>2030-01-19</startDate>"), "bad-time"),
    VXDLBadInput("31 February", description("<startDate>2030-02-31T00:00:00</startDate>"), "bad-time"),
    VXDLBadInput("zero duration", description("\n<totalTime>PT0S</totalTime>"), "lease-too-short", at: "3:1"),
    VXDLBadInput("zero days", description("<totalTime>P0D</totalTime>"), "lease-too-short"),
    VXDLBadInput("negative duration", description("<totalTime>-PT4H</totalTime>"), "negative-value"),
    VXDLBadInput("empty duration", description("<totalTime>P</totalTime>"), "bad-duration"),
    VXDLBadInput("no time in duration", description("<totalTime>P1DT</totalTime>"), "bad-duration"),
    VXDLBadInput("order of duration", description("<totalTime>PT4M3H</totalTime>"), "bad-duration"),
    VXDLBadInput("long duration", description("<totalTime>P101Y</totalTime>"), "quantity-out-of-range"),
    VXDLBadInput(
      "cardinality zero", description("<vArray><id>r</id><cardinality>0</cardinality></vArray>"), "out-of-bounds"),
    VXDLBadInput(
      "cardinality large", description("<vArray><id>r</id><cardinality>99999999999999999999</cardinality></vArray>"),
      "out-of-bounds"),
    VXDLBadInput(
      "nested array",
      description(
        "<vArray><id>r</id><cardinality>2</cardinality><vArray><id>s</id><cardinality>2</cardinality></vArray></vArray>"
      ),
      "unknown-element"),
    VXDLBadInput("unknown element", description("<vNode><id>a</id><memroy/></vNode>"), "unknown-element"),
    VXDLBadInput("foreign element", description("<vNode xmlns='urn:x'><id>a</id></vNode>"), "unknown-element"),
    VXDLBadInput("unknown attribute", description("<vNode name='a'><id>a</id></vNode>"), "unknown-attribute"),
    VXDLBadInput("stray text", description("<vNode><id>a</id>text</vNode>"), "stray-text"),
    VXDLBadInput("elements for text", description("<owner><id>a</id></owner>"), "wrong-type"),
    VXDLBadInput(
      "exclusive maybe", description("<vNode><id>a</id><exclusivity>maybe</exclusivity></vNode>"), "unknown-word"),
    VXDLBadInput(
      "route by nothing",
      description(
        "<vRouter><id>r</id><controlPlane><routingTable><rtSize>1</rtSize><route><source>x</source>"
          + "<destination>y</destination><vLinkIn>z</vLinkIn></route></routingTable></controlPlane></vRouter>"),
      "no-such-link"),
    VXDLBadInput(
      "end of nothing",
      linked("</vLink><vLink><id>m</id><source><interface>e</interface></source><destination>a</destination>"),
      "missing-element"),
  ]
}
