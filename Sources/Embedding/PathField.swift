/// Cheapest ways from a network's sites to all sites around: one run of Dijkstra's algorithm, reusable.
///
/// Entries carry the number of the run that wrote them, so that a new run need not clear what it does not reach.
struct PathField {
  private var distances: [Float]
  private var latencies: [Int]
  private var via: [Int32]
  private var runs: [UInt32]
  private var run: UInt32 = 0
  private var heap: [(key: Float, site: Int32)] = []
  /// Sites in the order in which they were reached for good.
  private(set) var settled: [Int32] = []

  init(sites: Int) {
    distances = Array(repeating: 0, count: sites)
    latencies = Array(repeating: 0, count: sites)
    via = Array(repeating: -1, count: sites)
    runs = Array(repeating: 0, count: sites)
  }

  /// Made for no sites at all.
  var isEmpty: Bool { runs.isEmpty }

  /// Nil where the run did not reach the site.
  func distance(to site: Int) -> Float? { runs[site] == run ? distances[site] : nil }

  /// Picoseconds along the way, those before the source included.
  func latency(to site: Int) -> Int { latencies[site] }

  /// The arcs from the source to the site, away from the source, the last first.
  func way(to site: Int, _ graph: SubstrateGraph) -> [Int] {
    var arcs: [Int] = []
    var at = site
    while via[at] >= 0 {
      arcs.append(Int(via[at]))
      at = Int(graph.tail[Int(via[at])])
    }
    return arcs
  }

  /// Spreads out from `sources` (each with the latency already behind it).
  ///
  /// - Parameters:
  ///   - most: Sites to settle before it stops.
  ///   - target: It stops when this one is settled.
  ///   - cost: Of an arc and its latency so far; infinite where it may not be used.
  mutating func spread(
    from sources: [(site: Int, latency: Int)], _ graph: SubstrateGraph, most: Int = .max, target: Int = -1,
    byLatency: Bool = false, cost: (Int) -> Float
  ) {
    run &+= 1
    heap.removeAll(keepingCapacity: true)
    settled.removeAll(keepingCapacity: true)
    for (site, latency) in sources where runs[site] != run {
      set(site, byLatency ? Float(latency) * 1e-9 : 0, latency, -1)
    }
    while let (key, site) = pop() {
      let site = Int(site)
      if key > distances[site] { continue }
      settled.append(Int32(site))
      if site == target || settled.count >= most { return }
      for position in Int(graph.firstArc[site])..<Int(graph.firstArc[site + 1]) {
        let next = Int(graph.heads[position])
        if runs[next] == run, distances[next] <= key { continue }
        let arc = Int(graph.arcs[position])
        let sum = key + cost(arc)
        guard sum < .infinity, runs[next] != run || sum < distances[next] else { continue }
        set(next, sum, latencies[site] + graph.latency[arc / 2], Int32(arc))
      }
    }
  }

  private mutating func set(_ site: Int, _ key: Float, _ latency: Int, _ arc: Int32) {
    runs[site] = run
    distances[site] = key
    latencies[site] = latency
    via[site] = arc
    push(key, Int32(site))
  }

  private mutating func push(_ key: Float, _ site: Int32) {
    heap.append((key, site))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent].key <= key { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = (key, site)
  }

  private mutating func pop() -> (key: Float, site: Int32)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, heap[child + 1].key < heap[child].key { child += 1 }
      if heap[child].key >= last.key { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = last
    return first
  }
}
