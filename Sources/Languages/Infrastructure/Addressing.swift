import Quantities

/// Interface addresses: as written, else the lowest free ones of the network's prefixes, in member order.
enum Addressing {
  /// Throws `address-clash`, `address-outside`, `address-unusable`, `prefix-too-small` or `prefix-overlap`.
  static func assign(_ drafts: inout [NetworkDraft], _ nodes: NodeSection) throws(Problem) {
    for index in drafts.indices {
      try checkWishes(drafts[index], nodes)
      for prefix in drafts[index].prefixes { try assign(prefix, &drafts[index], nodes) }
    }
    try checkOverlaps(drafts, nodes)
  }

  private static func checkWishes(_ draft: NetworkDraft, _ nodes: NodeSection) throws(Problem) {
    for endpoint in draft.endpoints {
      for wish in endpoint.wishes {
        let node = nodes.drafts[endpoint.node].name
        guard let prefix = draft.prefixes.first(where: { $0.contains(wish) }) else {
          let networks = draft.prefixes.map(\.description).joined(separator: " and ")
          throw endpoint.mark.problem(
            "address-outside",
            "\(draft.subject): address \(wish) of '\(node)' is not in "
              + (networks.isEmpty ? "its addresses, for it has none." : "\(networks)."),
            remedy: networks.isEmpty ? "Add 'addresses:' to it." : "Write an address in it, or widen 'addresses'.")
        }
        guard (prefix.firstUsable...prefix.lastUsable).contains(wish) else {
          throw endpoint.mark.problem(
            "address-unusable",
            "\(draft.subject): address \(wish) of '\(node)' is the \(prefix.role(of: wish)) address of \(prefix).",
            remedy: "Write one from \(prefix.firstUsable) to \(prefix.lastUsable).")
        }
      }
    }
  }

  private static func assign(
    _ prefix: IPPrefix, _ draft: inout NetworkDraft, _ nodes: NodeSection
  ) throws(Problem) {
    try checkRoom(prefix, draft)
    var owners: [IPAddress: Int] = [:]
    for endpoint in draft.endpoints {
      for wish in endpoint.wishes where prefix.contains(wish) {
        guard let owner = owners.updateValue(endpoint.node, forKey: wish) else { continue }
        throw endpoint.mark.problem(
          "address-clash",
          "\(draft.subject): address \(wish) of '\(nodes.drafts[endpoint.node].name)' is already that of "
            + "'\(nodes.drafts[owner].name)'.", remedy: "Write another, or leave it out to get a free one.")
      }
    }
    var next = prefix.firstUsable
    for index in draft.endpoints.indices {
      var address = draft.endpoints[index].wishes.first(where: prefix.contains)
      if address == nil {
        while owners[next] != nil { next = next.advanced(by: 1) }
        address = next
        next = next.advanced(by: 1)
      }
      guard let address else { continue }
      draft.endpoints[index].addresses.append(IPPrefix(address: address, length: prefix.length))
    }
  }

  private static func checkRoom(_ prefix: IPPrefix, _ draft: NetworkDraft) throws(Problem) {
    let members = UInt128(draft.endpoints.count)
    guard prefix.usableCount < members else { return }
    var wider = prefix
    while wider.length > 0, wider.usableCount < members { wider.length -= 1 }
    wider.address = wider.network
    throw draft.prefixMark.problem(
      "prefix-too-small",
      "\(draft.subject): \(prefix) has room for \(prefix.usableCount) interface\(prefix.usableCount == 1 ? "" : "s"), "
        + "but there are \(members).", remedy: "Use a wider network, such as \(wider).")
  }

  /// A node cannot tell two of its networks apart where their prefixes overlap.
  private static func checkOverlaps(_ drafts: [NetworkDraft], _ nodes: NodeSection) throws(Problem) {
    var networks = Array(repeating: [(prefix: IPPrefix, draft: Int)](), count: nodes.drafts.count)
    for (index, draft) in drafts.enumerated() {
      for node in Set(draft.endpoints.map(\.node)) { networks[node] += draft.prefixes.map { ($0, index) } }
    }
    for (node, list) in networks.enumerated() where list.count > 1 {
      // Prefixes are nested or disjoint, so if any two overlap, two neighbours do.
      let sorted = list.sorted { ($0.prefix.network, $0.prefix.length) < ($1.prefix.network, $1.prefix.length) }
      for (a, b) in zip(sorted, sorted.dropFirst()) where a.prefix.overlaps(b.prefix) {
        let (first, second) = a.draft < b.draft ? (a, b) : (b, a)
        throw drafts[second.draft].prefixMark.problem(
          "prefix-overlap",
          "\(drafts[second.draft].subject): \(second.prefix) overlaps \(first.prefix) of "
            + "\(drafts[first.draft].subject.inSentence), and '\(nodes.drafts[node].name)' is in both.",
          remedy: "Give one of the two other addresses.")
      }
    }
  }
}

extension IPPrefix {
  /// What an address that no interface may have is for.
  fileprivate func role(of address: IPAddress) -> String {
    if address != network { return "broadcast" }
    return address.version == 4 ? "network" : "subnet-router anycast"
  }
}
