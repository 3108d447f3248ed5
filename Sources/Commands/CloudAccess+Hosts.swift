import Client
import Controller
import Quantities

/// Who is asked about machines: whoever works their hosts.
extension CloudAccess {
  /// Who reads an infrastructure's counters: a controller elsewhere, or this machine's service where some of its nodes are
  /// on hosts with agents of their own; nil: all of them are here, to be read directly. Needs root then.
  func counter(of name: String) throws -> CloudClient? {
    if isRemote { return try client(for: "read counters", autostart: false) }
    try Installation.requireRoot(for: "read counters")
    return try serviceOfAgents { try $0.show(name).record.admission.embedding.placement.values.map { $0 } }
  }

  /// Who opens a terminal in a node; nil: it is here, to be entered directly. Needs root then.
  func doorman(of name: String, node: String) throws -> CloudClient? {
    if isRemote { return try client(for: "enter a node", autostart: false) }
    try Installation.requireRoot(for: "enter a node")
    return try serviceOfAgents { controller in
      let placement = try controller.show(name).record.admission.embedding.placement
      return Name(node).flatMap { placement[$0] }.map { [$0] } ?? []
    }
  }

  /// This machine's service, where it runs and one of these hosts has an agent of its own.
  private func serviceOfAgents(_ hosts: (Controller) throws -> [Name]) throws -> CloudClient? {
    let installation = try installation()
    guard !installation.isEmpty else { return nil }
    let controller = try Controller(installation)
    let others = try controller.substrate().hosts.filter { $0.kind == .real && $0.name != ThisMachine.name }
    guard !others.isEmpty else { return nil }
    let wanted = try hosts(controller)
    guard others.contains(where: { wanted.contains($0.name) }) else { return nil }
    return try LocalService(installation).running()
  }
}
