import Languages
import Testing

struct DiagramWriterTests {
  private let small = Diagram(
    title: "A \"small\" one",
    groups: [Diagram.Group(label: "site", kind: .site), Diagram.Group(label: "host", kind: .host, parent: 0)],
    nodes: [
      Diagram.Node(label: "a\n1 core", shape: .machine, group: 1), Diagram.Node(label: "b", shape: .router),
      Diagram.Node(label: "", shape: .junction, group: 0),
    ],
    edges: [
      Diagram.Edge(from: 0, to: 1, label: "1Gbit/s\n≤ 2 ms", colours: [.blue, .vermilion]),
      Diagram.Edge(from: 1, to: 2),
      // Leads nowhere.
      Diagram.Edge(from: 1, to: 9),
    ],
    legend: [Diagram.Entry(label: "lan", colour: .blue)])

  @Test func mermaid() {
    #expect(
      MermaidWriter.write(small) == """
        ---
        title: "A \\"small\\" one"
        ---
        flowchart TB
          n1{{"b"}}
          subgraph g0["site"]
            n2((" "))
            subgraph g1["host"]
              n0("a<br/>1 core")
            end
          end
          n0 ---|"1Gbit/s<br/>≤ 2 ms"| n1
          n0 --- n1
          n1 --- n2
          linkStyle 0 stroke:#0072B2,stroke-width:3px
          linkStyle 1 stroke:#D55E00,stroke-width:3px
          subgraph legend["Networks"]
            l0["lan"]
          end
          style l0 stroke:#0072B2,stroke-width:3px

        """)
  }

  @Test func dot() {
    let lines = DOTWriter.write(small).split(separator: "\n").map { $0.drop { $0 == " " } }
    #expect(lines.first == "graph diagram {" && lines.last == "}")
    let order = [
      "n1 [label=\"b\", shape=hexagon", "subgraph cluster0 {", "graph [label=\"site\"", "n2 [label=\"\", shape=point",
      "subgraph cluster1 {", "graph [label=\"host\"", "n0 [label=\"a\\n1 core\"", "}", "}", "n0 -- n1 [label=<",
      "n1 -- n2", "}",
    ]
    #expect(lines.count == order.count + 4)
    for (line, start) in zip(lines.dropFirst(4), order) { #expect(line.hasPrefix(start), "\(line)") }
    #expect(lines[13].contains("1Gbit/s<BR/>≤ 2 ms") && lines[13].contains("color=\"#0072B2:#D55E00\""))
  }

  @Test func labelsCannotLeaveTheirQuotes() {
    let hostile = "\"]; end \\\" \\N <b>&amp;</b> #35; `x`\n\u{0}|--> %% {{\r"
    let node = Diagram(title: hostile, nodes: [Diagram.Node(label: hostile, shape: .machine)])
    let mermaid = MermaidWriter.write(node).split(separator: "\n")
    #expect(mermaid.count == 5)
    let label = mermaid[4].dropFirst("  n0(\"".count).dropLast("\")".count)
    #expect(!label.contains { "\"`|>{}[]&\\".contains($0) || $0.isNewline } || label.contains("<br/>"))
    #expect(!label.replacing("<br/>", with: "").contains { "\"`|<>{}[]&\\\r\n\0".contains($0) })
    let dot = DOTWriter.write(node).split(separator: "\n")
    #expect(dot.count == 6)
    // A quote ends a string unless an odd number of backslashes is before it.
    #expect(
      dot[4].hasPrefix(#"  n0 [label="\"]; end \\\" \\\\N <b>&amp;amp;</b> #35; `x`\n |--> %% {{ ""#)
        || dot[4].contains(#"\"]; end \\\""#))
  }

  @Test func groupsThatHoldThemselvesAreDrawnOnce() {
    let loop = Diagram(
      title: "",
      groups: [Diagram.Group(label: "a", kind: .site, parent: 0), Diagram.Group(label: "b", kind: .host, parent: 7)],
      nodes: [Diagram.Node(label: "n", shape: .host, group: 5)])
    #expect(DOTWriter.write(loop).split(separator: "\n").count { $0.contains("subgraph") } == 2)
  }
}
