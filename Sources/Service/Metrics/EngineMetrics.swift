import Controller

/// What the engine counts of itself.
enum EngineMetrics {
  static func write(_ cloud: Cloud, to metrics: inout MetricText) {
    let counts = cloud.admissionCounts.withLock { $0 }
    metrics.begin("virtcloud_admissions_total", .counter, "Requests for infrastructures, by what came of them.")
    metrics.sample("virtcloud_admissions_total", [("outcome", "admitted")], counts.admitted)
    metrics.sample("virtcloud_admissions_total", [("outcome", "refused")], counts.refused)
    write(cloud.admissionTally, "virtcloud_admission_seconds", "Time to decide on an infrastructure.", &metrics)
    write(cloud.settleTally, "virtcloud_settle_seconds", "Time from a decision to plans for all hosts.", &metrics)
    write(cloud.commitTally, "virtcloud_store_commit_seconds", "Time to make a decision durable.", &metrics)
  }

  private static func write(_ tally: Tally, _ name: String, _ help: String, _ metrics: inout MetricText) {
    metrics.begin(name, .histogram, help)
    let reading = tally.reading
    var below: UInt64 = 0
    for (bound, count) in zip(Tally.bounds, reading.counts) {
      below += count
      metrics.sample(name + "_bucket", [("le", "\(bound)")], below)
    }
    metrics.sample(name + "_bucket", [("le", "+Inf")], reading.count)
    metrics.sample(name + "_sum", [], reading.sum)
    metrics.sample(name + "_count", [], reading.count)
  }
}
