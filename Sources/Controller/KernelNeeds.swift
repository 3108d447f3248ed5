import Infrastructure
import Linux
import Quantities
import Wires

/// What a request needs of this machine's kernel beyond what every request needs.
enum KernelNeeds {
  /// Throws `.refused` (`kernel-feature-missing`) that names the feature.
  static func check(_ request: VirtualInfrastructure) throws {
    if let wire = request.networks.first(where: { $0.kind == .wire && $0.type == .tunnelling }) {
      try TunnelSoftware(.openVPN).demand(for: wire.name.description)
    }
    guard let wire = request.networks.first(where: { $0.impairment.delay > .zero || $0.impairment.jitter > .zero })
    else { return }
    guard let netem = try KernelFeatures.probe().first(where: { $0.name == "netem" }), !netem.isPresent else {
      throw Problem(
        .refused, "not-available", "Wire \(wire.name) is to be delayed, which is not available in this version.",
        remedy: "Leave the delay out; losses work without it.")
    }
    throw Problem(
      .refused, "kernel-feature-missing",
      "Wire \(wire.name) is to be delayed, but this kernel has no netem (\(netem.option)).",
      remedy: "Leave the delay out (loss works without it), or use a kernel built with \(netem.option).")
  }
}
