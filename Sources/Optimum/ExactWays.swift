import Infrastructure

/// The arcs that a network may use at all, and how far sites are from one another over them.
///
/// Arc `2 * link` leads from the link's first end to its second, arc `2 * link + 1` back.
struct ExactWays {
  struct Arc {
    var number: Int
    var tail, head: Int
  }

  let arcs: [Arc]
  /// Fewest arcs from a site to another; nil where nothing joins them.
  let hops: [[Int?]]
  /// Least latency from a site to another; empty where nobody asks for it.
  let latency: [[Duration?]]

  /// - Parameter isSplit: Part of the rate is enough for an arc.
  init(_ net: ExactProblem.Net, _ problem: ExactProblem, isSplit: Bool) {
    let view = problem.view
    var arcs: [Arc] = []
    for (link, ends) in problem.directory.ends.enumerated()
    where ends.first >= 0 && ends.second >= 0 && ends.first != ends.second {
      for direction in Resource.Direction.allCases {
        let there = view.free(.link(link, direction))
        let back = view.free(.link(link, direction.reversed))
        guard min(net.forward, isSplit ? 1 : .max) <= there, min(net.backward, isSplit ? 1 : .max) <= back
        else { continue }
        let isForward = direction == .forward
        arcs.append(
          Arc(
            number: 2 * link + direction.rawValue, tail: isForward ? ends.first : ends.second,
            head: isForward ? ends.second : ends.first))
      }
    }
    self.arcs = arcs
    hops = Self.distances(problem.sites, arcs, zero: 0) { _ in 1 }
    latency =
      net.bound == nil
      ? [] : Self.distances(problem.sites, arcs, zero: .zero) { view.substrate.links[$0.number / 2].latency }
  }

  /// From every site to every other (R. Bellman, 1958): rounds over all arcs until nothing shrinks.
  private static func distances<Length: AdditiveArithmetic & Comparable>(
    _ sites: Int, _ arcs: [Arc], zero: Length, _ length: (Arc) -> Length
  ) -> [[Length?]] {
    let lengths = arcs.map(length)
    return (0..<sites).map { start in
      var distance = [Length?](repeating: nil, count: sites)
      distance[start] = zero
      var isChanged = true
      while isChanged {
        isChanged = false
        for (arc, length) in zip(arcs, lengths) {
          guard let near = distance[arc.tail] else { continue }
          if let known = distance[arc.head], known <= near + length { continue }
          distance[arc.head] = near + length
          isChanged = true
        }
      }
      return distance
    }
  }

  /// The arcs by which the sites are first reached from `start` over those that `isOpen`, in order of arrival:
  /// a tree of fewest arcs, or of least latency where `isByLatency`.
  static func tree(
    from start: Int, over arcs: [Arc], _ substrate: Substrate, isByLatency: Bool
  ) -> [Int: Arc] {
    var distance: [Int: Duration] = [start: .zero]
    var parent: [Int: Arc] = [:]
    var isChanged = true
    while isChanged {
      isChanged = false
      for arc in arcs {
        guard let near = distance[arc.tail], arc.head != start else { continue }
        let far = near + (isByLatency ? substrate.links[arc.number / 2].latency : .seconds(1))
        if let known = distance[arc.head], known <= far { continue }
        distance[arc.head] = far
        parent[arc.head] = arc
        isChanged = true
      }
    }
    return parent
  }

  /// The arcs from the tree's start to `end`, in order; nil where it is not reached.
  static func path(to end: Int, from start: Int, in tree: [Int: Arc]) -> [Arc]? {
    var path: [Arc] = []
    var site = end
    while site != start {
      guard let arc = tree[site] else { return nil }
      path.append(arc)
      site = arc.tail
    }
    return path.reversed()
  }
}
