/// A reader of what others wrote, as libFuzzer and the tests of the kept corpus call it.
///
/// Any input must end in a value or in a thrown error, soon and in little memory. What is more than that, such as
/// that a value survives being written and read again, is checked here by `require`, which ends the process.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// Targets of requests, the quantities in their queries, and event streams.
  case http
  /// Documents of the REST API and of the store.
  case json
  /// Infrastructures, substrates, and the two configurations.
  case yaml
  /// Host plans, up to what an agent asks the kernel for.
  case plan
  /// VXDL, GraphML and node-link JSON.
  case exchange

  /// Reads `input` once.
  public func run(_ input: [UInt8]) {
    switch self {
    case .http: HTTPBody.run(input)
    case .json: _ = JSONBody.run(input)
    case .yaml: YAMLBody.run(input)
    case .plan: PlanBody.run(input)
    case .exchange: ExchangeBody.run(input)
    }
  }
}

/// What the tests of the corpus ask of it.
public enum FuzzCoverage {
  /// Letters of the types of documents of which none of `inputs` is one.
  public static func missing(in inputs: [[UInt8]]) -> [Character] {
    let taken = Set(inputs.filter { JSONBody.run($0) }.compactMap(\.first))
    return JSONBody.readers.indices.map { UInt8(ascii: "A") + UInt8($0) }.filter { !taken.contains($0) }
      .map { Character(UnicodeScalar($0)) }
  }
}

/// Ends the process where a reader broke its word: the fuzzer keeps the input then.
func require(_ condition: Bool, _ what: @autoclosure () -> String) {
  precondition(condition, what())
}
