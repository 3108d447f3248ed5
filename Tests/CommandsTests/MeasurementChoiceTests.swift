import Quantities
import Testing

@testable import Commands

@Suite struct MeasurementChoiceTests {
  @Test func measurementsAreReadInAnyOrderAndMadeInOurs() throws {
    #expect(try MeasurementChoice(argument: "rates,throughput,rates").argumentText == "throughput,rates")
    #expect(MeasurementChoice().argumentText == "throughput,round-trip,packets,order,rates")
  }

  @Test(arguments: ["", ",", "speed", "order,,speed"])
  func otherWordsAreNone(text: String) {
    #expect(throws: Problem.self) { try MeasurementChoice(argument: text) }
  }
}
