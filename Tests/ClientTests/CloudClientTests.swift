import API
import Client
import Infrastructure
import Quantities
import Synchronization
import Testing
import WebClient
import WebServer

@Suite struct CloudClientTests {
  private let lab = Name("lab").unsafelyUnwrapped

  /// Kind, and with it the exit status, come from the status; code, sentence and remedy as they are.
  @Test(arguments: [
    (400, Problem.Kind.invalid), (422, .invalid), (403, .notPermitted), (401, .notPermitted), (404, .notFound),
    (409, .refused), (500, .failed),
  ])
  func problemsComeAsTheyWere(_ status: Int, _ kind: Problem.Kind) throws {
    let controller = try PlayedController { _, _ in Answers.problem(status, "some-code") }
    defer { controller.stop() }
    let error = #expect(throws: Problem.self) { try CloudClient([controller.endpoint]).infrastructure("lab") }
    #expect(error == Problem(kind, "some-code", "It is so.", remedy: "Do otherwise."))
  }

  @Test func offersComeWithTheRefusal() throws {
    let controller = try PlayedController { _, _ in Answers.problem(409, "no-room", offers: Answers.offer) }
    defer { controller.stop() }
    let error = #expect(throws: RefusedWithOffers.self) {
      try CloudClient([controller.endpoint]).perform(.build(lab, file: "name: lab\n"))
    }
    #expect(error?.offers.first?.number == 1 && error?.problem.code == "no-room")
  }

  /// Progress is told until the end.
  @Test func ordersAreWaitedFor() throws {
    let controller = try PlayedController { _, number in
      Answers.operation(number < 4 ? "running" : "done", version: number)
    }
    defer { controller.stop() }
    let steps = Mutex<[Int]>([])
    let operation = try CloudClient([controller.endpoint]).perform(.end("lab")) { progress in
      steps.withLock { $0.append(progress.done) }
    }
    #expect(operation.state == .done && steps.withLock { $0 } == [1, 2, 3, 4])
    #expect(controller.asked.map(\.method) == ["DELETE", "GET", "GET", "GET"])
    #expect(controller.asked.last?.path == "/v1/operations/op-1?after=3&wait=25")
  }

  /// An operation that the next controller knows nothing of was never durable: the order is given again, as the same.
  @Test func forgottenOrdersAreGivenAgain() throws {
    let controller = try PlayedController { asked, number in
      switch number {
      case 1: Answers.operation("running")
      case 2: Answers.problem(404, "no-such-operation")
      default: Answers.operation("done", version: 2)
      }
    }
    defer { controller.stop() }
    _ = try CloudClient([controller.endpoint]).perform(.build(lab, file: "name: lab\n"))
    let orders = controller.asked.filter { $0.method == "PUT" }
    #expect(orders.count == 2 && orders[0].key != nil && orders[0].key == orders[1].key)
  }

  @Test func failuresAreThrown() throws {
    let problem = """
      {"type":"t","title":"t","status":500,"code":"broken","detail":"It broke.","remedy":"Mend it."}
      """
    let controller = try PlayedController { _, _ in Answers.operation("failed", problem: problem) }
    defer { controller.stop() }
    let error = #expect(throws: Problem.self) { try CloudClient([controller.endpoint]).perform(.end("lab")) }
    #expect(error == Problem(.failed, "broken", "It broke.", remedy: "Mend it."))
  }

  /// The controller dies with the order in its hands; what brings it back has it asked again, with the same key.
  @Test func aRevivedControllerIsAskedAgain() throws {
    let path = PlayedController.freshPath()
    let first = try PlayedController(at: path) { _, _ in Answers.json("{\"items\":[]}") }
    let second = Mutex<PlayedController?>(nil)
    defer { second.withLock { $0?.stop() } }
    let client = try CloudClient([.unix(path)]) {
      try second.withLock { second in
        guard second == nil else { return false }
        second = try PlayedController(at: path) { _, _ in Answers.operation("done") }
        return true
      }
    }
    #expect(try client.infrastructures() == [])
    first.stop()
    #expect(try client.perform(.end("lab")).state == .done)
    #expect(second.withLock { $0?.asked.first?.method } == "DELETE")
  }

  /// Without anybody to bring it back it is lost, and said to be.
  @Test func aLostControllerIsTold() throws {
    let controller = try PlayedController { _, _ in Answers.json("{\"items\":[]}") }
    let client = try CloudClient([controller.endpoint])
    #expect(try client.infrastructures() == [])
    controller.stop()
    let error = #expect(throws: Problem.self) { try client.perform(.end("lab")) }
    #expect(error?.code == "controller-lost" && error?.message.contains(controller.path) == true)
    let never = #expect(throws: Problem.self) { try CloudClient([controller.endpoint]).infrastructures() }
    #expect(never?.code == "server-refused")
  }

  /// Whoever is silent, or does not lead and knows nobody, is passed over.
  @Test func theNextControllerIsAsked() throws {
    let gone = try PlayedController { _, _ in nil }
    gone.stop()
    let follower = try PlayedController { _, _ in Answers.problem(503, "no-leader") }
    let leader = try PlayedController { _, _ in Answers.json("{\"items\":[]}") }
    defer { follower.stop() }
    defer { leader.stop() }
    let client = try CloudClient(
      [gone.endpoint, follower.endpoint, leader.endpoint], credentials: Credentials(token: "vct_x"))
    #expect(try client.infrastructures() == [] && client.infrastructures() == [])
    #expect(follower.asked.count == 1, "the one that answered is asked first the next time")
    #expect(leader.asked.map(\.token) == ["Bearer vct_x", "Bearer vct_x"])
  }

  /// Whatever a name holds stays in its place of the path.
  @Test func namesStayInTheirPlace() throws {
    let controller = try PlayedController { _, _ in Answers.problem(404, "no-such-infrastructure") }
    defer { controller.stop() }
    #expect(throws: Problem.self) { try CloudClient([controller.endpoint]).infrastructure("a?b=c d") }
    #expect(controller.asked.map(\.path) == ["/v1/infrastructures/a%3Fb%3Dc%20d"])
  }

  /// Who asked too often waits as long as they are told, whatever they asked for: nothing of it was done.
  @Test func whoAskedTooOftenWaits() throws {
    let controller = try PlayedController { _, number in
      number < 3 ? Answers.problem(429, "too-many-requests", wait: 1) : Answers.operation("done")
    }
    defer { controller.stop() }
    let begun = ContinuousClock.now
    #expect(try CloudClient([controller.endpoint]).perform(.end("lab")).state == .done)
    #expect(controller.asked.count == 3 && ContinuousClock.now - begun >= .seconds(2))
  }

  /// Where it is too long, or nobody says how long, it is told at once.
  @Test(arguments: [3600, 61, nil] as [Int?])
  func whoWouldWaitTooLongIsTold(_ wait: Int?) throws {
    let controller = try PlayedController { _, _ in Answers.problem(429, "too-many-requests", wait: wait) }
    defer { controller.stop() }
    let error = #expect(throws: Problem.self) { try CloudClient([controller.endpoint]).infrastructures() }
    #expect(error?.code == "too-many-requests" && controller.asked.count == 1)
  }

  /// It does not go on for ever.
  @Test func whoIsRefusedAgainAndAgainIsTold() throws {
    let controller = try PlayedController { _, _ in Answers.problem(429, "too-many-requests", wait: 0) }
    defer { controller.stop() }
    let error = #expect(throws: Problem.self) { try CloudClient([controller.endpoint]).infrastructures() }
    #expect(error?.code == "too-many-requests" && controller.asked.count == 8)
  }

  @Test func listsAreReadToTheirEnd() throws {
    let controller = try PlayedController { asked, _ in
      Answers.json(asked.path.contains("after=") ? "{\"items\":[]}" : "{\"items\":[],\"next\":\"x\"}")
    }
    defer { controller.stop() }
    #expect(try CloudClient([controller.endpoint]).vlans() == [])
  }

  @Test func whatIsNoControllerIsTold() throws {
    let controller = try PlayedController { _, _ in Response(status: 502, body: Array("<html>".utf8)) }
    defer { controller.stop() }
    let error = #expect(throws: Problem.self) { try CloudClient([controller.endpoint]).service() }
    #expect(error?.code == "no-controller")
  }
}
