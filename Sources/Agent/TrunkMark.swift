import Planning

/// The alias of a cable to a machine's own interface, which tells what has to be undone one day.
struct TrunkMark: Hashable {
  /// The machine's.
  var interface: String
  var mtu: Int
  /// Digest of the VLANs that are led over it.
  var vlans: String
  /// The interface had no clsact hooks before.
  var addedHooks: Bool
  /// It was not promiscuous before.
  var addedPromiscuity: Bool

  init(_ plan: TrunkLinkPlan, addedHooks: Bool, addedPromiscuity: Bool) {
    interface = plan.interface
    mtu = plan.mtu
    vlans = plan.vlanDigest
    self.addedHooks = addedHooks
    self.addedPromiscuity = addedPromiscuity
  }

  /// Nil where the alias is none of this realm's.
  init?(_ alias: String?, _ realm: Realm) {
    guard let alias, alias.hasPrefix(realm.trunkMarkPrefix) else { return nil }
    let words = alias.dropFirst(realm.trunkMarkPrefix.count).split(separator: " ").map(String.init)
    guard words.count >= 5, words[1] == "mtu", let mtu = Int(words[2]), words[3] == "vlans" else { return nil }
    interface = words[0]
    self.mtu = mtu
    vlans = words[4]
    addedHooks = words.dropFirst(5).contains("hooks")
    addedPromiscuity = words.dropFirst(5).contains("promiscuity")
  }

  func text(_ realm: Realm) -> String {
    realm.trunkMarkPrefix + "\(interface) mtu \(mtu) vlans \(vlans)" + (addedHooks ? " hooks" : "")
      + (addedPromiscuity ? " promiscuity" : "")
  }

  /// The cable can stay; only what is led over it may differ.
  func isCable(of plan: TrunkLinkPlan) -> Bool { interface == plan.interface && mtu == plan.mtu }
}
