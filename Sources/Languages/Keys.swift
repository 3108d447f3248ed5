/// Every key of both files, at every place; the published schemas are held against this table.
enum Keys {
  static let infrastructure = ["name", "lease", "defaults", "groups", "nodes", "segments", "wires", "access"]
  static let lease = ["duration"]
  static let defaults = ["image", "cpu", "memory", "site"]
  static let node = ["kind", "image", "cpu", "memory", "site", "host", "routes"]
  static let route = ["to", "via"]
  static let segment = ["members", "addresses", "rate", "latency", "mtu", "gateway"]
  static let wire = ["name", "ends", "addresses", "rate", "latency", "mtu", "gateway", "type"]
  static let member = ["node", "interface", "address"]
  static let rate = ["min", "max"]
  static let latency = ["max"]
  static let access = ["vpn", "publish", "allow"]

  static let substrate = ["name", "core", "sites", "hosts", "links"]
  static let site = ["vlans"]
  static let host = ["site", "kind", "cpu", "memory", "uplink", "mtu"]
  static let link = ["ends", "rate", "latency", "mtu"]
}
