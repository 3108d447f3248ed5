import Controller
import Identity
import Quantities
import Synchronization

/// For whom counter-offers are held. They are held for minutes, and so are not kept beyond the process: after a restart
/// only those see them who see everything.
final class OfferOwners: Sendable {
  private struct Owner: Sendable {
    var caller: Caller
    var request: Name
    var expires: Timestamp
  }

  private let owners = Mutex<[Int: Owner]>([:])

  func note(_ held: [HeldOffer], for caller: Caller) {
    guard let first = held.first else { return }
    owners.withLock { owners in
      owners = owners.filter { $0.value.expires > first.expires + .seconds(-2 * 600) }
      for offer in held {
        owners[offer.number] = Owner(caller: caller, request: offer.offer.request.name, expires: offer.expires)
      }
    }
  }

  /// Whose the offer is.
  func target(of held: HeldOffer) -> Target {
    let object = "offer \(held.number)"
    let found = owners.withLock { $0[held.number] }
    // Numbers are given again.
    guard let found, found.request == held.offer.request.name, found.expires == held.expires else {
      return Target(object, owner: Target.nobody)
    }
    return Target(found.caller, object)
  }
}
