import Infrastructure
import Languages
import Quantities
import Testing

/// Descriptions that are damaged at random are read, or refused with a place; nothing ever traps.
struct VXDLFuzzTests {
  private static let fragments = [
    "<", ">", "/>", "</", "&", "&lt;", "&#0;", "&#65;", "&x;", "<!DOCTYPE a>", "<![CDATA[", "]]>", "<!--", "-->",
    "<?x ", "?>", "<?x?>", "<?x y?>", "<?x  ?>",
    "\"", "'", "=", "\u{0}", "\u{e9}", "\u{1F600}", "\u{FEFF}", "-1", "0", "1e400", "NaN", "INF", "9999999999",
    "1e-300", "",
    "<id>a</id>", "<set>1</set>", "<vNode><id>a</id></vNode>", "<event>e</event>", "<unit>GB</unit>", "xmlns='u'",
    "<interval><min>9</min></interval>", "<cardinality>9</cardinality>", "<tag/>", "\r", "\n",
  ]

  private func mutate(_ text: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let place = Int.random(in: 0...text.count, using: &generator)
      let end = min(text.count, place + Int.random(in: 0...12, using: &generator))
      let fragment = Array((Self.fragments.randomElement(using: &generator) ?? "").utf8)
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: text.removeSubrange(place..<end)
      case 1: text.insert(contentsOf: fragment, at: place)
      case 2: text.insert(contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &generator))
      case 3: text.replaceSubrange(place..<end, with: fragment)
      case 4: if place < text.count { text[place] = UInt8.random(in: 0...255, using: &generator) }
      case 5: if Int.random(in: 0..<4, using: &generator) == 0 { text.removeSubrange(place...) }
      default: replaceValue(&text, with: fragment, &generator)
      }
    }
    return text
  }

  /// Puts something else between a `>` and the next `<`, which keeps the XML whole more often.
  private func replaceValue(_ text: inout [UInt8], with fragment: [UInt8], _ generator: inout SeededGenerator) {
    let place = Int.random(in: 0...text.count, using: &generator)
    guard let open = text[place...].firstIndex(of: UInt8(ascii: ">")),
      let close = text[open...].firstIndex(of: UInt8(ascii: "<"))
    else { return }
    text.replaceSubrange(text.index(after: open)..<close, with: fragment)
  }

  @Test(arguments: ["full-example", "second-dialect", "two-nodes", "virtual-31", "everything"])
  func damagedFiles(name: String) throws {
    let original = name == "everything" ? Array(VXDLRoundTripTests.everything.utf8) : try vxdlBytes(name)
    var generator = SeededGenerator()
    var (good, codes) = (0, Set<String>())
    let rounds = 1200
    for round in 0..<rounds {
      let text = mutate(original, &generator)
      let place = Comment("\(name), seed \(SeededGenerator.seed), round \(round)")
      let document: VXDLDocument
      do { document = try VXDLReader.read(text: text, file: "f.xml") } catch {
        codes.insert(error.code)
        let numbers = (error.location ?? "").split(separator: ":").dropFirst().compactMap { Int($0) }
        #expect(numbers.count == 2 && numbers.allSatisfy { $0 > 0 }, place)
        #expect(error.kind == .invalid && !error.message.isEmpty && !error.remedy.isEmpty, place)
        continue
      }
      good += 1
      checkRead(document, place)
    }
    // Damage that always gives the same answer, or always passes, would prove nothing.
    #expect(good > rounds / 50 && codes.count > 8, "\(name): \(good) of \(rounds) read, \(codes.sorted())")
  }

  /// What was read can be written and read again, and converted there and back, or is refused.
  private func checkRead(_ document: VXDLDocument, _ place: Comment) {
    do {
      #expect(try readVXDL(VXDLWriter.text(document)) == document, place)
    } catch {
      Issue.record("\(place): written but not readable: \(error)")
    }
    _ = try? document.substrate()
    guard let (lab, _) = try? document.infrastructure() else { return }
    #expect(Set(lab.nodes.map(\.name)).count == lab.nodes.count, place)
    #expect(Set(lab.networks.map(\.name)).count == lab.networks.count, place)
    do {
      #expect(try VXDLDocument(lab).infrastructure().infrastructure == lab, place)
    } catch {
      Issue.record("\(place): converted but not back: \(error)")
    }
  }
}
