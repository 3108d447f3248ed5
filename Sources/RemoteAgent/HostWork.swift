import Planning
import Quantities
import Synchronization

/// What was brought about on the host last, or stood here when the agent started: what errands may be about. Safe from any thread.
final class HostWork: Sendable {
  private let plans = Mutex<[HostPlan]>([])

  func become(_ plans: [HostPlan]) { self.plans.withLock { $0 = plans } }

  /// The parts of an infrastructure that are here, each with its device's plan.
  ///
  /// Throws `not-here` where there are none.
  func parts(of number: UInt32) throws(Problem) -> [(plan: HostPlan, slice: SlicePlan)] {
    let parts = plans.withLock { plans in
      plans.flatMap { plan in plan.slices.filter { $0.number == number }.map { (plan, $0) } }
    }
    guard !parts.isEmpty else {
      throw Problem(
        .refused, "not-here", "Nothing of infrastructure number \(number) is on this host now.",
        remedy: "Wait until the host has done what the controller planned.")
    }
    return parts
  }
}
