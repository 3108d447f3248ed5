import API
import Agent
import Quantities
import Synchronization

/// Asks several hosts at once for what they have counted, and waits for all of them.
final class CountersRound: Sendable {
  /// By host; empty where it did not answer in time, or has nothing of it.
  typealias Readings = [Name: [DeviceReading]]

  private struct State {
    var readings: Readings = [:]
    var awaited: Int
    var done: (@Sendable (Readings) -> Void)?
  }
  private let state: Mutex<State>

  private init(_ count: Int, _ done: @escaping @Sendable (Readings) -> Void) {
    state = Mutex(State(awaited: count, done: done))
  }

  /// Calls `done` once, from any thread, when every host has answered or was given up.
  ///
  /// - Parameters:
  ///   - silent: Hosts that are not worth waiting for: they are given up at once.
  ///   - seconds: That a host may take.
  static func ask(
    _ desk: ErrandDesk, _ hosts: [Name], silent: Set<Name>, about number: UInt32, seconds: Double,
    done: @escaping @Sendable (Readings) -> Void
  ) {
    guard !hosts.isEmpty else { return done([:]) }
    let round = CountersRound(hosts.count, done)
    for host in hosts {
      guard !silent.contains(host) else {
        round.take([], of: host)
        continue
      }
      desk.ask(host, Errand(id: ErrandDesk.makeID(), .counters, number: number), seconds: seconds) { result in
        // Why a host does not tell is in its own log; here it is named.
        round.take((try? result.get().readings) ?? [], of: host)
      }
    }
  }

  private func take(_ readings: [DeviceReading], of host: Name) {
    let finish = state.withLock { state -> (@Sendable () -> Void)? in
      state.readings[host] = readings
      state.awaited -= 1
      guard state.awaited == 0, let done = state.done else { return nil }
      state.done = nil
      return { [all = state.readings] in done(all) }
    }
    finish?()
  }
}
