import Infrastructure
import Quantities

/// Many embeddings over one another in time.
extension EmbeddingCheck {
  /// One sentence for each violation of embeddings that hold the substrate over their intervals; empty where all
  /// are right.
  ///
  /// What each takes is added up over every elementary interval: from one start, end or change of a timeline to the
  /// next. An event of a timeline changes what is asked from the interval's start plus `after` on. A resource that
  /// is overdrawn is named with the interval and by how much. O(n log n) for n starts, ends and changes of a
  /// resource.
  public static func violations(
    in reservations: [(embedding: Embedding, request: VirtualInfrastructure, interval: Range<Timestamp>)],
    on substrate: Substrate
  ) -> [String] {
    let ground = Ground(substrate)
    var found: [String] = []
    var steps: [Resource: [Step]] = [:]
    for (embedding, request, interval) in reservations where !interval.isEmpty {
      var check = EmbeddingCheck(embedding, request, ground, interval.upperBound - interval.lowerBound)
      check.form()
      found += check.found.map { "infrastructure \(request.name): \($0)" }
      check.add(to: &steps, over: interval)
    }
    let numbers = ResourceNumbers(substrate)
    for (resource, steps) in steps.sorted(by: { numbers[$0.key] < numbers[$1.key] }) {
      sweep(steps, of: resource, ground, &found)
    }
    return found
  }

  /// From a moment on a resource is taken more or less than before.
  struct Step {
    var time: Timestamp
    var change: Int128
  }

  private func add(to steps: inout [Resource: [Step]], over interval: Range<Timestamp>) {
    let changes = changes(until: duration)
    for (number, change) in changes.enumerated() {
      let begin = interval.lowerBound + change.after
      let end = number + 1 < changes.count ? interval.lowerBound + changes[number + 1].after : interval.upperBound
      guard begin < end else { continue }
      for (resource, amount) in amounts(of: change.request) {
        steps[resource, default: []].append(Step(time: begin, change: Int128(clamping: amount)))
        steps[resource, default: []].append(Step(time: end, change: -Int128(clamping: amount)))
      }
    }
  }

  /// What is asked from the start on, and from each later event on that comes before `duration` is over.
  func changes(until duration: Duration?) -> [(after: Duration, request: VirtualInfrastructure)] {
    var present = request
    var changes = [(after: Duration.zero, request: present)]
    for event in request.timeline {
      if let duration, event.after >= duration { break }
      for (index, node) in present.nodes.enumerated() {
        guard let change = event.nodes[node.name] else { continue }
        if let cpu = change.cpu { present.nodes[index].cpu = cpu }
        if let memory = change.memory { present.nodes[index].memory = memory }
        if let storage = change.storage { present.nodes[index].storage = storage }
      }
      for (index, network) in present.networks.enumerated() {
        guard let change = event.networks[network.name] else { continue }
        if let rate = change.rate { present.networks[index].rate = rate }
        if let reverse = change.reverseRate { present.networks[index].reverseRate = reverse }
      }
      changes.append((event.after, present))
    }
    return changes
  }

  private static func sweep(_ steps: [Step], of resource: Resource, _ ground: Ground, _ found: inout [String]) {
    guard ground.limit(of: resource) != nil else { return }
    let sorted = steps.sorted { $0.time < $1.time }
    var taken: Int128 = 0
    var over: (since: Timestamp, sentence: String)?
    var next = 0
    while next < sorted.count {
      let time = sorted[next].time
      while next < sorted.count, sorted[next].time == time {
        taken += sorted[next].change
        next += 1
      }
      let sentence = ground.excess(UInt128(clamping: taken), of: resource)
      guard sentence != over?.sentence else { continue }
      if let over { found.append("\(over.sentence), from \(over.since) to \(time)") }
      over = sentence.map { (time, $0) }
    }
  }
}
