import CGraphviz

/// Reads DOT so that the same text always gives the same graph.
///
/// By itself, the library numbers named things by the addresses of their names, and goes through subgraphs in that
/// order: their pictures would differ from one time to the next. Here they are numbered in the order of the text.
enum GraphText {
  /// What is left to read.
  private struct Rest {
    var start: UnsafePointer<CChar>
    var count: Int
  }

  /// Lives as long as the process, since graphs point to it; only read after this.
  nonisolated(unsafe) private static let numbering: UnsafeMutablePointer<Agiddisc_t> = {
    let pointer = UnsafeMutablePointer<Agiddisc_t>.allocate(capacity: 1)
    pointer.initialize(to: GraphNames.discipline)
    return pointer
  }()

  /// As `numbering`.
  nonisolated(unsafe) private static let input: UnsafeMutablePointer<Agiodisc_t> = {
    let pointer = UnsafeMutablePointer<Agiodisc_t>.allocate(capacity: 1)
    pointer.initialize(
      to: Agiodisc_t(
        afread: { channel, buffer, size in
          guard let rest = channel?.assumingMemoryBound(to: Rest.self), let buffer, size > 0 else { return 0 }
          let count = min(Int(size), rest.pointee.count)
          buffer.update(from: rest.pointee.start, count: count)
          rest.pointee.start += count
          rest.pointee.count -= count
          return Int32(count)
        }, putstr: { _, _ in 0 }, flush: { _ in 0 }))
    return pointer
  }()

  /// The graph, which the caller closes; nil where the text is not DOT. One thread at a time.
  static func read(_ text: String) -> UnsafeMutablePointer<Agraph_t>? {
    var discipline = Agdisc_t(mem: nil, id: numbering, io: input)
    return text.withCString { start in
      var rest = Rest(start: start, count: text.utf8.count)
      return withUnsafeMutablePointer(to: &rest) { agread($0, &discipline) }
    }
  }
}
