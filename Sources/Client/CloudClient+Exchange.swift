import API
import Glibc
import Quantities
import Synchronization
import WebClient

extension CloudClient {
  /// How long controllers may be silent that have answered before: a take-over takes less.
  private static let patience = Duration.seconds(30)
  /// How long one waits altogether where there were too many requests, and how often.
  private static let politeness = (time: Duration.seconds(60), attempts: 8)
  /// How often one of this machine is brought back for one request.
  private static let revivals = 4

  /// Sends a request to whichever controller answers; where there were too many, again when the controller says.
  ///
  /// - Parameter isRepeatable: Sending it twice does no more than sending it once: it is sent again where the answer
  ///   was lost.
  /// - Throws: `Problem`: `controller-lost` where controllers that have answered do not any more.
  func exchange(_ request: WebRequest, isRepeatable: Bool) throws -> WebResponse {
    let begin = ContinuousClock.now
    for _ in 1..<Self.politeness.attempts {
      let response = try exchangeOnce(request, isRepeatable: isRepeatable)
      // Nothing was done: it may be sent again, whatever it is.
      guard response.status == 429, let wait = response.header("Retry-After").flatMap(Int64.init), wait >= 0,
        ContinuousClock.now - begin + .seconds(min(wait, 3600)) <= Self.politeness.time
      else { return response }
      usleep(max(100_000, UInt32(wait) * 1_000_000))
    }
    return try exchangeOnce(request, isRepeatable: isRepeatable)
  }

  private func exchangeOnce(_ request: WebRequest, isRepeatable: Bool) throws -> WebResponse {
    let begin = ContinuousClock.now
    var attempts = 0
    while true {
      do { return try ask(request, isRepeatable: isRepeatable) } catch let silence as Silence {
        attempts += 1
        guard isRepeatable || silence.isUnsent else { throw lost(silence.cause) }
        if let revive {
          guard attempts <= Self.revivals, try revive() else { throw lost(silence.cause) }
          continue
        }
        let isKnown = hasAnswered.load(ordering: .relaxed)
        // One of this machine comes back by being started; one that is starting says so.
        let mayCome = !isLocal || silence.cause.code == "no-leader"
        guard isKnown, mayCome, ContinuousClock.now - begin < Self.patience else { throw lost(silence.cause) }
        // 0.1 s, then twice as long each time, up to 1.6 s.
        usleep(100_000 << UInt32(min(attempts - 1, 4)))
      }
    }
  }

  private var isLocal: Bool {
    if case .unix = endpoints[0] { true } else { false }
  }

  /// No controller answered, or none leads.
  private struct Silence: Error {
    var cause: Problem
    /// The request can have reached nobody.
    var isUnsent: Bool
  }

  /// Asks one after the other, beginning with the one that answered last.
  private func ask(_ request: WebRequest, isRepeatable: Bool) throws -> WebResponse {
    let first = current.load(ordering: .relaxed)
    var silence: Silence?
    for offset in controllers.indices {
      let number = (first + offset) % controllers.count
      do {
        let response = try controllers[number].send(request)
        hasAnswered.store(true, ordering: .relaxed)
        guard response.status == 503 else {
          current.store(number, ordering: .relaxed)
          return response
        }
        silence = Silence(cause: Self.problem(of: response, from: endpoints[number]), isUnsent: true)
      } catch let problem as Problem where Self.lossCodes.contains(problem.code) {
        let isUnsent = Self.unsentCodes.contains(problem.code) && silence?.isUnsent ?? true
        silence = Silence(cause: problem, isUnsent: isUnsent)
        guard isUnsent || isRepeatable else { break }
      }
    }
    guard let silence else { preconditionFailure("a client has at least one controller") }
    throw silence
  }

  private static let unsentCodes: Set<String> = ["server-refused", "server-unreachable", "server-unknown-host"]
  private static let lossCodes = unsentCodes.union(["server-connection-lost", "server-timeout"])

  /// What is told when nobody answers.
  func lost(_ cause: Problem) -> Problem {
    let wasThere = hasAnswered.load(ordering: .relaxed) || cause.code == "server-connection-lost"
    guard wasThere else { return cause }
    let names = endpoints.map(\.description).joined(separator: ", ")
    return Problem(
      .failed, "controller-lost", "The controller at \(names) does not answer any more: \(cause.message)",
      remedy: "See with 'virtcloud list' what came of it; the same command again goes on where it stopped.")
  }
}
