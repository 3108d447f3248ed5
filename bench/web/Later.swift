import Glibc
import Synchronization
import WebServer

/// A thread that runs closures in order, and writes to every stream once a second.
final class Later: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var streams: [EventStream] = []
  }

  private let state = Mutex(State())
  private let pipe: (read: Int32, write: Int32)

  init() {
    var ends: [Int32] = [0, 0]
    precondition(Glibc.pipe(&ends) == 0)
    pipe = (ends[0], ends[1])
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        argument.map { Unmanaged<Later>.fromOpaque($0).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
  }

  func add(_ job: @escaping @Sendable () -> Void) {
    let isFirst = state.withLock { state in
      state.jobs.append(job)
      return state.jobs.count == 1
    }
    var byte: UInt8 = 0
    if isFirst { _ = write(pipe.write, &byte, 1) }
  }

  func keep(_ stream: EventStream) { state.withLock { $0.streams.append(stream) } }

  private func run() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while true {
      var poll = pollfd(fd: pipe.read, events: Int16(POLLIN), revents: 0)
      if Glibc.poll(&poll, 1, 1000) > 0 { _ = read(pipe.read, &bytes, bytes.count) } else { beat() }
      let jobs = state.withLock { state in
        defer { state.jobs = [] }
        return state.jobs
      }
      for job in jobs { job() }
    }
  }

  private func beat() {
    let event = Array("data: beat\n\n".utf8)
    state.withLock { state in state.streams.removeAll { !$0.write(event) } }
  }
}
