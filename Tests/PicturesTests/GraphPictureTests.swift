import Languages
import Pictures
import Quantities
import Testing

struct GraphPictureTests {
  private let substrate = """
    name: grid
    sites: {brno: {vlans: 100-199}, prague: {vlans: 100-199}}
    hosts: {"brno-[1-2]": {site: brno, cpu: 4, memory: 4GiB}, prague-1: {site: prague, cpu: 2, memory: 2GiB}}
    links: [{ends: [brno, prague], rate: 10Gbit/s, latency: 930us}]
    """

  private func diagram() throws -> Diagram {
    Diagram(try SubstrateReader.read(text: Array(substrate.utf8), file: "grid.yaml", environment: [:]))
  }

  @Test func everyLabelIsInThePicture() throws {
    let diagram = try diagram()
    let picture = try PictureFile(svg: GraphPicture.render(dot: DOTWriter.write(diagram), format: .svg))
    let labels =
      [diagram.title]
      + (diagram.nodes.map(\.label) + diagram.edges.map(\.label) + diagram.groups.map(\.label))
      .flatMap { $0.split(separator: "\n").map(String.init) }
    for label in labels { #expect(picture.written.contains(label), "\(label)") }
  }

  @Test func pngHasASize() throws {
    let png = try GraphPicture.render(dot: "graph { a -- b }", format: .png)
    let size = try #require(PictureFile.size(png: png))
    #expect(size.width > 50 && size.height > 100 && size.height > size.width)
  }

  @Test(arguments: GraphPicture.Layout.allCases) func everyLayoutDraws(layout: GraphPicture.Layout) throws {
    let text = DOTWriter.write(try diagram())
    let svg = try GraphPicture.render(dot: text, layout: layout, format: .svg)
    #expect(try PictureFile(svg: svg).written.contains("prague-1"))
    #expect(try GraphPicture.render(dot: text, layout: layout, format: .svg) == svg)
  }

  /// Any text can be a label: the picture is well-formed, and the label is in it.
  @Test func hostileLabelsAreText() throws {
    var generator = SeededGenerator()
    let pieces = ["\"", "\\", "<", ">", "&", "&amp;", "\\N", "\\n", "]", ";", "--", "é", "北", "'", "#", "{", "|", "x"]
    for round in 0..<60 {
      let label = "a" + (0..<8).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined() + "z"
      let diagram = Diagram(
        title: label, groups: [Diagram.Group(label: label, kind: .site)],
        nodes: [Diagram.Node(label: label, shape: .machine, group: 0), Diagram.Node(label: label, shape: .router)],
        edges: [Diagram.Edge(from: 0, to: 1, label: label, colours: [.green])],
        legend: round % 2 == 0 ? [] : [Diagram.Entry(label: label, colour: .sky)])
      let picture = try PictureFile(svg: GraphPicture.render(dot: DOTWriter.write(diagram), format: .svg))
      let count = picture.written.count { $0 == label }
      #expect(
        count == (round % 2 == 0 ? 5 : 6), "seed \(SeededGenerator.seed), round \(round): \(label) \(picture.written)")
    }
  }

  @Test(arguments: ["", "graph {", "graph { a -- }", "hello", "graph { a }\u{0}"]) func whatIsNotDOTIsRefused(
    text: String
  ) {
    let problem = #expect(throws: Problem.self) { try GraphPicture.render(dot: text, format: .svg) }
    #expect(problem?.code == "bad-diagram" && problem?.message.hasSuffix(".") == true, "\(String(describing: problem))")
  }

  @Test func whatNobodyCouldReadIsRefused() {
    let nodes = (0...GraphPicture.maximumNodes).map { "n\($0)" }.joined(separator: ";")
    let problem = #expect(throws: Problem.self) { try GraphPicture.render(dot: "graph { \(nodes) }", format: .svg) }
    #expect(problem?.code == "picture-too-large")
  }

  /// The time limit is far above what it takes, and far below what it would take without thrift.
  @Test(.timeLimit(.minutes(20)), arguments: [(300, GraphPicture.Layout.dot), (1200, .dot), (300, .neato)])
  func largeGraphsAreDrawnSoon(count: Int, layout: GraphPicture.Layout) throws {
    var generator = SeededGenerator()
    let edges = (0..<2 * count).map { _ in
      "n\(Int.random(in: 0..<count, using: &generator)) -- n\(Int.random(in: 0..<count, using: &generator)) [label=x]"
    }
    let text = "graph large { splines=true; \(edges.joined(separator: ";")) }"
    let picture = try PictureFile(svg: GraphPicture.render(dot: text, layout: layout, format: .svg))
    #expect(picture.written.count { $0 == "x" } == 2 * count)
  }

  @Test func threadsMayDrawAtOnce() async throws {
    let text = DOTWriter.write(try diagram())
    let expected = try GraphPicture.render(dot: text, format: .svg)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<16 {
        group.addTask {
          if task % 4 == 0 { return (try? GraphPicture.render(dot: "graph {", format: .svg)) == nil }
          return try GraphPicture.render(dot: text, format: .svg) == expected
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }
}
