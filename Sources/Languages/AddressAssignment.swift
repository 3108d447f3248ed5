import Infrastructure
import Quantities

/// Gives every member of a network its addresses: those written, and for the others the lowest that are free, in
/// the order of members.
struct AddressAssignment {
  private let draft: NetworkDraft
  /// Of each member, in its order.
  private(set) var addresses: [[IPPrefix]]

  init(_ draft: NetworkDraft) throws(Problem) {
    self.draft = draft
    addresses = Array(repeating: [], count: draft.members.count)
    try checkWritten()
    for prefix in draft.terms.prefixes { try assign(prefix) }
  }

  private func checkWritten() throws(Problem) {
    for member in draft.members {
      for address in member.addresses where !draft.terms.prefixes.contains(where: { $0.contains(address) }) {
        let prefixes = draft.terms.prefixes.map(\.description).joined(separator: ", ")
        throw member.place.problem(
          "address-outside", "\(address) of \(member.node) is not in \(draft.title)'s addresses.",
          remedy: prefixes.isEmpty ? "Give \(draft.title) 'addresses:'." : "Use an address of \(prefixes).")
      }
    }
  }

  private mutating func assign(_ prefix: IPPrefix) throws(Problem) {
    guard UInt128(draft.members.count) <= prefix.usableCount else {
      throw draft.place.problem(
        "prefix-too-small",
        "\(prefix) has \(prefix.usableCount) usable addresses, but \(draft.title) has \(draft.members.count) members.",
        remedy: "Use a shorter prefix than /\(prefix.length).")
    }
    let written = try takeWritten(prefix)
    var next = prefix.firstUsable
    for index in draft.members.indices {
      if draft.members[index].addresses.contains(where: { prefix.contains($0) }) { continue }
      while written[next] != nil { next = next.advanced(by: 1) }
      addresses[index].append(IPPrefix(address: next, length: prefix.length))
      next = next.advanced(by: 1)
    }
  }

  private mutating func takeWritten(_ prefix: IPPrefix) throws(Problem) -> [IPAddress: Name] {
    var owners: [IPAddress: Name] = [:]
    for (index, member) in draft.members.enumerated() {
      for address in member.addresses where prefix.contains(address) {
        guard (prefix.firstUsable...prefix.lastUsable).contains(address) else {
          throw member.place.problem(
            "address-reserved", "\(address) of \(member.node) is the network or broadcast address of \(prefix).",
            remedy: "Use one from \(prefix.firstUsable) to \(prefix.lastUsable).")
        }
        if let other = owners.updateValue(member.node, forKey: address) {
          throw member.place.problem(
            "address-clash", "\(address) in \(draft.title) is given to \(other) and to \(member.node).",
            remedy: "Give one of them another address, or none to have one chosen.")
        }
        addresses[index].append(IPPrefix(address: address, length: prefix.length))
      }
    }
    return owners
  }
}
