import Quantities

/// Interface names inside nodes: as written, else `eth0`, `eth1` … by order of networks, passing over those
/// that are written.
enum InterfaceNaming {
  /// Reads a name that Linux takes (`dev_valid_name()` of `net/core/dev.c`), of plain characters.
  /// Throws `bad-interface`.
  static func parse(_ text: String) throws(Problem) -> String {
    guard let fault = fault(in: text) else { return text }
    throw Problem(
      .invalid, "bad-interface", "'\(text.excerpt)' cannot be an interface's name: \(fault).",
      remedy: "Use 1 to 15 letters, digits, hyphens, underscores and points, such as eth1.")
  }

  private static func fault(in text: String) -> String? {
    if text.isEmpty { return "it is empty" }
    if text.utf8.count > 15 { return "it has more than 15 characters" }
    if ["lo", "all", "default"].contains(text) { return "Linux has that name for its own use" }
    guard let first = text.first, first.isASCII, first.isLetter || first.isNumber else {
      return "it does not begin with a letter or a digit"
    }
    let strange = text.first { !($0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))) }
    return strange.map { "it has the character '\($0)'" }
  }

  /// Throws `interface-clash`.
  static func assign(_ drafts: inout [NetworkDraft], _ nodes: NodeSection) throws(Problem) {
    var taken = Array(repeating: [String: String](), count: nodes.drafts.count)
    for draft in drafts {
      for endpoint in draft.endpoints {
        guard let interface = endpoint.interface else { continue }
        if let earlier = taken[endpoint.node].updateValue(draft.subject, forKey: interface) {
          throw endpoint.mark.problem(
            "interface-clash",
            "\(draft.subject) uses '\(nodes.drafts[endpoint.node].name):\(interface)', but \(earlier.inSentence) has it already.",
            remedy: "Write another interface, or leave it out to get a free one.")
        }
      }
    }
    var next = Array(repeating: 0, count: nodes.drafts.count)
    for network in drafts.indices {
      for index in drafts[network].endpoints.indices where drafts[network].endpoints[index].interface == nil {
        let node = drafts[network].endpoints[index].node
        while taken[node]["eth\(next[node])"] != nil { next[node] += 1 }
        drafts[network].endpoints[index].interface = "eth\(next[node])"
        next[node] += 1
      }
    }
  }
}
