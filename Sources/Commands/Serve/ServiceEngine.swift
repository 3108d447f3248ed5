import Controller
import Linux
import Quantities
import Service
import Store

/// The engine of a service: always there where the state is its own; where it is shared, while this controller leads.
///
/// Used by one thread.
final class ServiceEngine {
  private let plan: ServicePlan
  private let server: ServiceServer
  private let shared: SharedState?
  private(set) var cloud: Cloud?
  private var term: Int64?
  private var retry = ContinuousClock.now

  /// - Parameter isStarter: Nobody else keeps others from starting one at the same time.
  /// - Throws: a `Problem` where the state is its own and cannot be served.
  init(_ plan: ServicePlan, _ shared: SharedState?, _ server: ServiceServer, isStarter: Bool) throws {
    self.plan = plan
    self.server = server
    self.shared = shared
    guard shared == nil else {
      follow()
      return
    }
    let lock = isStarter ? try LocalService(plan.installation).startLock() : nil
    defer { withExtendedLifetime(lock) {} }
    try begin(nil)
  }

  /// How long one may wait before it looks again who leads, milliseconds.
  var patience: Int32 { shared == nil ? 1000 : 50 }

  /// Begins where this controller has come to lead, ends where it has ceased to.
  func follow() {
    guard let shared else { return }
    let present = shared.term
    if cloud != nil, term != present { stop(because: Self.deposed) }
    guard cloud == nil, let present, ContinuousClock.now >= retry else { return }
    do {
      try begin(try shared.store())
      term = present
      shared.answer(for: present)
      ServiceNotice.write("leads")
    } catch {
      ServiceNotice.write("cannot lead: \((error as? Problem)?.message ?? "\(error)")")
      retry = .now + .milliseconds(500)
    }
  }

  private func begin(_ store: (any Store)?) throws {
    let cloud: Cloud
    do {
      cloud = try Cloud(plan.installation, store: store, settings: plan.engine)
    } catch let problem as Problem where problem.code == "busy" {
      throw Problem(
        .failed, "already-served", "Another service keeps \(plan.installation.stateDirectory) already.",
        remedy: "Use that one, or end it with 'virtcloud stop'.")
    }
    do { try server.lead(cloud) } catch {
      cloud.stop()
      throw error
    }
    cloud.start()
    self.cloud = cloud
  }

  /// Ends the engine; what it has decided is in the store.
  func stop(because problem: Problem? = nil) {
    shared?.answer(for: nil)
    server.follow()
    cloud?.stop(because: problem)
    cloud = nil
    term = nil
    if problem != nil { ServiceNotice.write("does not lead any more") }
  }

  private static let deposed = Problem(
    .failed, "no-leader", "This controller does not lead any more.", remedy: "Ask again: another one leads.")
}
