import Infrastructure

extension RouterSoftware {
  /// Programs that run as long as the router does, by the names that the kernel shows; the first one is who puts
  /// the others' routes into the kernel.
  public var programs: [String] {
    switch routing {
    case .static: []
    case .bird: ["bird"]
    case .frr(_, let daemons): ["zebra", "staticd"] + daemons.map(\.rawValue)
    }
  }

  /// What its user chose, in short: `routing`, `nftables` and `qdisc:INTERFACE`, each with a hash of all that it
  /// says; what is not there is left out.
  public var marks: [String: String] {
    var marks: [String: String] = [:]
    switch routing {
    case .static: break
    case .bird(let text): marks["routing"] = Self.mark("bird\n" + text)
    case .frr(let text, let daemons):
      marks["routing"] = Self.mark("frr \(daemons.map(\.rawValue).joined(separator: " "))\n" + text)
    }
    if let nftables { marks["nftables"] = Self.mark(nftables) }
    for (interface, words) in qdiscs { marks["qdisc:" + interface] = Self.mark(words.joined(separator: " ")) }
    return marks
  }

  private static func mark(_ text: String) -> String { ObjectNames.digits(ObjectNames.hash(text), count: 13) }
}
