import Controller
import Linux
import Synchronization

/// What the service counts of itself; safe from any thread.
final class ServiceMetrics: Sendable {
  private struct Requests: Hashable {
    var method: String
    var route: String
    var status: Int
  }

  private struct State {
    var requests: [Requests: UInt64] = [:]
    var requestSeconds: [String: Histogram] = [:]
    var events: [String: UInt64] = [:]
  }

  let version: String
  private let state = Mutex(State())

  init(version: String) { self.version = version }

  func noteRequest(method: String, route: String, status: Int, _ nanoseconds: UInt64) {
    // A method that nobody knows would let strangers make as many metrics as they like.
    let method = method == "HEAD" || method == "OPTIONS" || Route.Method(rawValue: method) != nil ? method : "other"
    state.withLock { state in
      state.requests[Requests(method: method, route: route, status: status), default: 0] += 1
      state.requestSeconds[route, default: Histogram()].note(Double(nanoseconds) / 1e9)
    }
  }

  /// Requests answered, of whatever kind.
  var requestCount: UInt64 { state.withLock { $0.requests.values.reduce(0, +) } }

  func noteEvents(_ events: [CloudEvent]) {
    state.withLock { state in for event in events { state.events[event.kind, default: 0] += 1 } }
  }

  func write(to metrics: inout MetricText) {
    let state = state.withLock { $0 }
    metrics.begin("virtcloud_build_info", .gauge, "What runs; always 1.")
    metrics.sample("virtcloud_build_info", [("version", version)], 1.0)
    metrics.begin("virtcloud_http_requests_total", .counter, "Requests answered.")
    for (key, count) in state.requests.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }) {
      metrics.sample(
        "virtcloud_http_requests_total",
        [("method", key.method), ("route", key.route), ("status", "\(key.status)")], count)
    }
    metrics.begin("virtcloud_http_request_seconds", .histogram, "Time from request to answer.")
    for (route, histogram) in state.requestSeconds.sorted(by: { $0.key < $1.key }) {
      histogram.write("virtcloud_http_request_seconds", [("route", route)], to: &metrics)
    }
    metrics.begin("virtcloud_events_total", .counter, "Events told.")
    for (kind, count) in state.events.sorted(by: { $0.key < $1.key }) {
      metrics.sample("virtcloud_events_total", [("kind", kind)], count)
    }
  }
}
