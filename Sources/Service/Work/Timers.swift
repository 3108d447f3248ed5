import Dispatch

/// What is to be done later; never something long.
final class Timers: Sendable {
  private let queue = DispatchQueue(label: "virtcloud.service.timers")

  func after(seconds: Double, _ body: @escaping @Sendable () -> Void) {
    queue.asyncAfter(deadline: .now() + seconds, execute: body)
  }
}
