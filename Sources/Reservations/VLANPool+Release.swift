import Quantities

extension VLANPool {
  /// Ends the owner's hold: its VLANs wait in quarantine until every one of `devices` has confirmed.
  ///
  /// Idempotent. With no devices the VLANs are free at once.
  ///
  /// - Parameters:
  ///   - sites: Only at these sites; nil is at all.
  ///   - devices: Those that carry, or may carry, the network: its hosts and switches.
  public mutating func release(_ owner: NetworkOwner, at sites: Set<Name>? = nil, awaiting devices: Set<String>) {
    update(owner) { entry in
      guard entry.awaiting == nil, sites?.contains(entry.site) ?? true else { return }
      entry.awaiting = devices
    }
  }

  /// Notes that `device` no longer carries the owner's released VLANs; unknown pairs change nothing.
  public mutating func confirm(_ device: String, of owner: NetworkOwner) {
    update(owner) { $0.awaiting?.remove(device) }
  }

  /// Notes that `device` carries no released VLAN of anybody: it was rebuilt, rebooted or taken away.
  public mutating func confirmAll(_ device: String) {
    for owner in owners(awaiting: device) { confirm(device, of: owner) }
  }

  private mutating func update(_ owner: NetworkOwner, _ change: (inout Entry) -> Void) {
    guard var kept = entries[owner] else { return }
    for index in kept.indices { change(&kept[index]) }
    for entry in kept where entry.awaiting?.isEmpty ?? false { free(entry) }
    kept.removeAll { $0.awaiting?.isEmpty ?? false }
    set(kept, of: owner)
  }
}
