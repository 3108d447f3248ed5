import API
import Controller
import Infrastructure
import Planning
import Quantities
import Reservations

/// A cloud as it is stored on this machine, for questions that no service answers.
struct StoredCloud: CloudReading {
  let installation: Installation

  func infrastructures() throws -> [InfrastructureSummary] {
    if installation.isEmpty { return [] }
    return try Controller(installation).list().map {
      InfrastructureSummary($0.record, running: $0.running.count, cause: $0.cause)
    }
  }

  func infrastructure(_ name: String) throws -> InfrastructureDocument {
    let controller = try Controller(installation)
    let view = try controller.show(name)
    let admission = view.record.admission
    return InfrastructureDocument(
      view, networks: [], fastPath: try controller.substrate().fastPath,
      states: try controller.wireStates(of: admission))
  }

  func offers() throws -> [OfferDocument] {
    if installation.isEmpty { return [] }
    return try Controller(installation).offers().map { OfferDocument($0) }
  }

  func substrate() throws -> SubstrateDocument {
    let use = try Controller.use(of: installation)
    return SubstrateDocument(use, isDefault: use.substrate == ThisMachine.substrate)
  }

  func substrateModel() throws -> Substrate { try Controller.use(of: installation).substrate }

  func vlans() throws -> [VLANRow] { try installation.isEmpty ? [] : Controller(installation).vlans() }

  func calendar() throws -> [BookingDocument] {
    let view = try Controller.calendar(of: installation) { resource, _ in
      if case .tenancy = resource { false } else { true }
    }
    return view.rows.map { BookingDocument($0, on: view.substrate) }
  }
}
