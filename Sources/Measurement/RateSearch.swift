/// Searches the highest offered rate that a link carries with next to no loss (RFC 2544 section 26.1).
///
/// The first offer is as much as the sender can; if too much of it is lost, the range below is halved until it is
/// narrower than the resolution. An offer is given up only when it fails twice: one failure may be the machine's,
/// not the link's. Pure: the caller makes each trial and tells how it went.
public struct RateSearch: Sendable {
  /// How a trial went.
  public struct Trial: Hashable, Sendable {
    /// Packets a second that were asked for; nil is as many as the sender can.
    public var offered: Double?
    /// Packets a second that were sent, and that arrived.
    public var sent, received: Double
    /// The share that did not arrive, `0 ... 1`.
    public var loss: Double

    public init(offered: Double?, sent: Double, received: Double, loss: Double) {
      self.offered = offered
      self.sent = sent
      self.received = received
      self.loss = loss
    }
  }

  /// What to do next.
  public enum Step: Hashable, Sendable {
    /// Offers packets a second, or as many as the sender can.
    case offer(Double?)
    /// The best trial that lost less than the limit; nil where every offer lost more.
    case done(Trial?)
  }

  /// Below this share a loss is tolerated.
  public let limit: Double
  /// The narrowest range that is searched, as a share of what the sender can.
  public let resolution: Double
  /// Every trial so far.
  public private(set) var trials: [Trial] = []
  private var carried = 0.0
  private var ceiling = 0.0
  private var isAtFullSpeed = true
  private var failures = 0
  private var best: Trial?

  public init(limit: Double = 0.005, resolution: Double = 0.02) {
    self.limit = limit
    self.resolution = resolution
  }

  /// The offer to make now, or the result.
  public var next: Step {
    guard let first = trials.first, !isAtFullSpeed else { return .offer(nil) }
    if ceiling - carried <= resolution * first.sent { return .done(best) }
    return .offer((carried + ceiling) / 2)
  }

  /// Takes the trial of the offer that `next` named.
  public mutating func record(_ trial: Trial) {
    if trials.isEmpty { ceiling = trial.sent }
    trials.append(trial)
    if trial.loss < limit {
      if trial.received > best?.received ?? 0 { best = trial }
      // Beyond full speed nothing can be offered.
      carried = trial.offered ?? ceiling
    } else {
      failures += 1
      guard failures == 2 else { return }
      if let offered = trial.offered { ceiling = offered }
    }
    failures = 0
    isAtFullSpeed = false
  }
}
