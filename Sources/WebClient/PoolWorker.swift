import CCurl
import Quantities

/// The pool's thread: its transfers under way and those that wait for reuse.
final class PoolWorker {
  private struct Running {
    var transfer: Transfer
    var job: PoolJob
  }
  private let queue: PoolQueue
  private let loop: EventLoop
  private var running: [UInt64: Running] = [:]
  private var numbers: [ObjectIdentifier: UInt64] = [:]
  private var idle: [Transfer] = []

  /// Runs until the queue is closed.
  static func run(_ queue: PoolQueue) {
    do {
      let worker = PoolWorker(queue, try EventLoop(waker: queue.waker))
      worker.loop.run()
      // The closures hold the worker, which holds the loop.
      worker.loop.onEnd = { _, _ in }
      worker.loop.onWake = { true }
    } catch {
      // No loop, no request: each is told why.
      queue.close()
      for (_, job) in queue.take().jobs {
        job.then(.failure(WebProblem.library("epoll", "\(error)")))
        queue.ended()
      }
    }
  }

  private init(_ queue: PoolQueue, _ loop: EventLoop) {
    self.queue = queue
    self.loop = loop
    loop.onEnd = { [self] transfer, code in end(transfer, code) }
    loop.onWake = { [self] in work() }
  }

  private func work() -> Bool {
    let work = queue.take()
    for (number, job) in work.jobs {
      do { try start(number, job) } catch { answer(job, .failure(Self.problem(error))) }
    }
    for number in work.isClosed ? Array(running.keys) : work.cancelled { interrupt(number) }
    return work.isClosed
  }

  private func start(_ number: UInt64, _ job: PoolJob) throws {
    try job.request.check()
    let server = try Server(job.base, job.tls, job.limits)
    let transfer = try idle.popLast() ?? Transfer()
    try transfer.prepare(
      job.request, url: server.prefix + job.request.path, server: server, onHead: job.onHead, receiver: job.onBytes)
    try loop.start(transfer)
    running[number] = Running(transfer: transfer, job: job)
    numbers[ObjectIdentifier(transfer)] = number
  }

  private func end(_ transfer: Transfer, _ code: CURLcode) {
    guard let job = remove(transfer) else { return }
    answer(job, Result { try transfer.finish(code) }.mapError(Self.problem))
  }

  private func interrupt(_ number: UInt64) {
    guard let transfer = running[number]?.transfer, let job = remove(transfer) else { return }
    loop.cancel(transfer)
    answer(job, .failure(WebProblem.interrupted(transfer.url)))
  }

  private func remove(_ transfer: Transfer) -> PoolJob? {
    guard let number = numbers.removeValue(forKey: ObjectIdentifier(transfer)) else { return nil }
    if idle.count < 256 { idle.append(transfer) }
    return running.removeValue(forKey: number)?.job
  }

  private func answer(_ job: PoolJob, _ outcome: WebClientPool.Outcome) {
    queue.ended()
    job.then(outcome)
  }

  private static func problem(_ error: any Error) -> Problem {
    error as? Problem ?? WebProblem.library("request", "\(error)")
  }
}
