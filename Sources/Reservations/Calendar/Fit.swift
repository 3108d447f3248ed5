import Quantities

/// Whether and when something finds room.
public enum Fit: Hashable, Sendable {
  /// From then on it has room.
  case start(Timestamp)
  /// It has room at no time, or not by the latest start asked for.
  case never
  /// The search was given up: there is no room before that moment, and what comes later was not looked at.
  case undecided(after: Timestamp)
}
