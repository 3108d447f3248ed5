import CCurl
import Quantities
import Synchronization

/// Runs thousands of requests at once on one thread of its own, each ended by a call of its closure there.
///
/// Safe to use from any thread. The closures must be short: all requests wait for them. Connections stay open and are
/// shared by the requests of the same server and the same certificate. The thread ends with `close`, or with the pool.
public final class WebClientPool: Sendable {
  /// How a request ended.
  public typealias Outcome = Result<WebResponse, Problem>

  private let shared: PoolQueue

  /// Starts the thread. Throws `Problem` `curl-failed`.
  public init() throws {
    let shared = try PoolQueue()
    self.shared = shared
    try ServiceThread.start("web-pool") { PoolWorker.run(shared) }
  }

  deinit { shared.close() }

  /// Ends every request (`interrupted`) and the thread.
  public func close() { shared.close() }

  /// How many requests are under way or wait to begin.
  public var count: Int { shared.count }

  /// Begins a request; `then` is called once on the pool's thread.
  ///
  /// Redirects are not followed, whatever the limits say. Returns a number for `cancel`.
  @discardableResult
  public func send(
    _ request: WebRequest, to base: Endpoint, tls: ClientTLS? = nil, limits: WebLimits = WebLimits(),
    then: @escaping @Sendable (Outcome) -> Void
  ) -> UInt64 {
    shared.add(PoolJob(request: request, base: base, tls: tls, limits: limits, onHead: nil, onBytes: nil, then: then))
  }

  /// Begins a request whose body goes to `onBytes` piece by piece, as `WebClient.stream` does; false ends it.
  @discardableResult
  public func stream(
    _ request: WebRequest, from base: Endpoint, tls: ClientTLS? = nil, limits: WebLimits = WebLimits(),
    onHead: (@Sendable (WebResponse) -> Void)? = nil, onBytes: @escaping @Sendable ([UInt8]) -> Bool,
    then: @escaping @Sendable (Outcome) -> Void
  ) -> UInt64 {
    shared.add(
      PoolJob(request: request, base: base, tls: tls, limits: limits, onHead: onHead, onBytes: onBytes, then: then))
  }

  /// Ends a request with `interrupted`, unless it has ended already.
  public func cancel(_ number: UInt64) { shared.cancel(number) }

  /// Sends a request without blocking a thread; a cancelled task ends it.
  public func response(
    _ request: WebRequest, from base: Endpoint, tls: ClientTLS? = nil, limits: WebLimits = WebLimits()
  ) async throws -> WebResponse {
    let number = Mutex<UInt64>(0)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let begun = send(request, to: base, tls: tls, limits: limits) { continuation.resume(with: $0) }
        number.withLock { $0 = begun }
        if Task.isCancelled { cancel(begun) }
      }
    } onCancel: {
      let begun = number.withLock { $0 }
      if begun != 0 { cancel(begun) }
    }
  }
}

/// A request that waits for the pool's thread.
struct PoolJob: Sendable {
  var request: WebRequest
  var base: Endpoint
  var tls: ClientTLS?
  var limits: WebLimits
  var onHead: (@Sendable (WebResponse) -> Void)?
  var onBytes: (@Sendable ([UInt8]) -> Bool)?
  var then: @Sendable (WebClientPool.Outcome) -> Void
}

/// What the pool's users and its thread share.
final class PoolQueue: Sendable {
  /// What the thread has to do since it looked last.
  struct Work {
    var jobs: [(number: UInt64, job: PoolJob)] = []
    var cancelled: [UInt64] = []
    var isClosed = false
  }
  private struct State {
    var work = Work()
    var last: UInt64 = 0
    var count = 0
  }
  let waker: Waker
  private let state = Mutex(State())

  init() throws { waker = try Waker() }

  var count: Int { state.withLock { $0.count } }

  func add(_ job: PoolJob) -> UInt64 {
    let number: UInt64? = state.withLock { state in
      state.last += 1
      if state.work.isClosed { return nil }
      state.count += 1
      state.work.jobs.append((state.last, job))
      return state.last
    }
    guard let number else {
      job.then(.failure(WebProblem.interrupted(job.base.description + job.request.path)))
      return 0
    }
    waker.wake()
    return number
  }

  func cancel(_ number: UInt64) {
    state.withLock { $0.work.cancelled.append(number) }
    waker.wake()
  }

  func close() {
    state.withLock { $0.work.isClosed = true }
    waker.wake()
  }

  /// Takes what there is to do.
  func take() -> Work {
    state.withLock { state in
      defer {
        state.work.jobs = []
        state.work.cancelled = []
      }
      return state.work
    }
  }

  func ended() { state.withLock { $0.count -= 1 } }
}
