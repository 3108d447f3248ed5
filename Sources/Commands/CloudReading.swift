import API
import Client
import Infrastructure
import Languages
import Reservations

/// Who answers questions about a cloud.
protocol CloudReading {
  /// All infrastructures, by creation.
  func infrastructures() throws -> [InfrastructureSummary]
  /// One infrastructure; throws a problem of kind `notFound`.
  func infrastructure(_ name: String) throws -> InfrastructureDocument
  /// Counter-offers that are held.
  func offers() throws -> [OfferDocument]
  /// The grid and what is reserved of it.
  func substrate() throws -> SubstrateDocument
  /// The grid as its file describes it.
  func substrateModel() throws -> Substrate
  func vlans() throws -> [VLANRow]
  /// Everything that is booked, by resource, then by time.
  func calendar() throws -> [BookingDocument]
}

extension CloudClient: CloudReading {
  func substrateModel() throws -> Substrate {
    try SubstrateReader.read(text: substrateDefinition(), file: "the substrate in force", environment: [:])
  }
}
