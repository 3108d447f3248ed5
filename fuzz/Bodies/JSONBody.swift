import API
import Controller
import Embedding
import FoundationEssentials
import Identity
import Infrastructure
import Planning
import Quantities
import Reservations

/// Documents that clients and agents send, and those that a store gives back.
///
/// The first byte chooses the document's type, `A` the first: the rest is JSON.
enum JSONBody {
  static func run(_ input: [UInt8]) -> Bool {
    guard let first = input.first else { return false }
    return readers[Int(first &- UInt8(ascii: "A")) % readers.count](Data(input.dropFirst()))
  }

  /// In the order of their letters; new ones go to the end, for the corpus counts on it.
  static let readers: [@Sendable (Data) -> Bool] = [
    { check(Admission.self, $0) },
    { check(InfrastructureRecord.Standing.self, $0, then: standing) },
    { check(TokenRecord.self, $0) },
    { check(VLANPool.self, $0) },
    { check(ChangeDocument.self, $0) { _ = try? $0.change() } },
    { check(OperationDocument.self, $0) },
    { check(ProblemDocument.self, $0) },
    { check(ProposalDocument.self, $0) },
    { check(InfrastructureDocument.self, $0) },
    { check(SubstrateDocument.self, $0) },
    { check(EnrolmentRequest.self, $0) },
    { check(EnrolmentAnswer.self, $0) },
    { check(TokenRequest.self, $0) },
    { check(TokenDocument.self, $0) },
    { check(ProjectDocument.self, $0) },
    { check(EnrolmentOrder.self, $0) },
    { check(UsageDocument.self, $0) },
    { check(TerminalRequest.self, $0) },
    { check(LeaseChange.self, $0) },
    { check(EventDocument.self, $0) },
    { check(BookingDocument.self, $0) },
    { check(RateDocument.self, $0) },
    { check(JSON.self, $0) },
    { check(Operation.self, $0) },
    { check(Substrate.self, $0) },
    { check(HeldOffer.self, $0) },
    { check(ErrandsDocument.self, $0) },
    { check(ErrandAnswer.self, $0) },
    { check(TerminalInput.self, $0) },
  ]

  /// A value that was read must be read again from what it writes. False where nothing was read.
  private static func check<Value: Codable & Equatable>(
    _ type: Value.Type, _ data: Data, then use: (Value) -> Void = { _ in }
  ) -> Bool {
    guard let value = try? JSONDecoder().decode(type, from: data) else { return false }
    use(value)
    // What JSON cannot say, such as an infinite number, no document has.
    guard let written = try? JSONEncoder().encode(value) else { return true }
    let again = try? JSONDecoder().decode(type, from: written)
    require(again == value, "\(type) that changes: \(String(decoding: written, as: UTF8.self))")
    return true
  }

  /// What the engine asks of every record when it starts.
  private static func standing(_ standing: InfrastructureRecord.Standing) {
    let start = Timestamp(seconds: standing.starts ?? standing.created)
    let end = standing.ends.map(Timestamp.init(seconds:)) ?? .distantFuture
    _ = (start.description, end.description, end - start)
  }
}
