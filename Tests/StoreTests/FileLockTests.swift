import Foundation
import Quantities
import Testing

@testable import Store

@Suite struct FileLockTests {
  private let folder = Scratch()

  @Test func oneHolderAtATime() throws {
    let path = folder.path("locks/up.lock")
    do {
      let lock = Holder(try FileLock.lock(path) { _ in Issue.record("the lock was not free") })
      #expect(FileLock.holder(of: path) == getpid())
      let isFree = try FileLock.tryLock(path) != nil
      #expect(!isFree)
      let problem = #expect(throws: Problem.self) { _ = try FileLock.demand(path, toward: "bring up 'lab'") }
      #expect(problem?.message.contains("process \(getpid())") == true)
      withExtendedLifetime(lock) {}
    }
    let isFree = try FileLock.tryLock(path) != nil
    #expect(isFree)
  }

  @Test func waitingEndsWhenTheHolderLetsGo() async throws {
    let path = folder.path("up.lock")
    let (asked, ask) = AsyncStream<Int32?>.makeStream()
    var holder: Holder? = Holder(try FileLock.lock(path))
    let thread = Task.detached {
      let lock = try FileLock.lock(path) { ask.yield($0) }
      return lock.path
    }
    for await pid in asked {
      #expect(pid == getpid())
      break
    }
    #expect(holder != nil)
    holder = nil
    #expect(try await thread.value == path)
  }
}

/// Keeps a lock until it is let go.
private final class Holder {
  let lock: FileLock

  init(_ lock: consuming FileLock) { self.lock = lock }
}
