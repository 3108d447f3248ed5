import Controller
import Synchronization

/// A moment of a cloud, that in which it is first looked at.
///
/// Agents' calls wait for plans for long and look at nothing: a thousand of them would keep a thousand moments, each
/// with how every host was then.
final class Glance: Sendable {
  private let cloud: Cloud
  private let kept = Mutex<CloudView?>(nil)

  init(_ cloud: Cloud) { self.cloud = cloud }

  var view: CloudView {
    kept.withLock { kept in
      if let kept { return kept }
      let view = cloud.view
      kept = view
      return view
    }
  }
}
