import Controller
import Embedding
import Foundation
import Infrastructure
import Quantities
import Simulation
import Synchronization

// Admissions a second through the engine alone, without HTTP.
let file = CommandLine.arguments[1]
let count = Int(CommandLine.arguments[2]) ?? 100
let workload = try WorkloadReader.read(
  text: Packed.unpacked([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))), file), file: file)
var substrate = workload.substrate!
for i in substrate.hosts.indices {
  substrate.hosts[i].kind = .real; substrate.hosts[i].cpu = Cores(thousandths: substrate.hosts[i].cpu.thousandths * 100)
}
for i in substrate.links.indices {
  substrate.links[i].rate = substrate.links[i].rate.map { Bitrate(bitsPerSecond: $0.bitsPerSecond * 100) }
}
print("sites", substrate.sites.count, "hosts", substrate.hosts.count, "links", substrate.links.count)
let folder = "/var/tmp/engine-bench"
try? FileManager.default.removeItem(atPath: folder)
var settings = Cloud.Settings()
settings.hasLocalAgent = false
settings.expectsAgents = true
let cloud = try Cloud(Installation(stateDirectory: folder), settings: settings)
cloud.start()
_ = try await cloud.submit(.applySubstrate(substrate), by: Caller(user: "root"))
let sizes = workload.arrivals.prefix(count).map(\.request.nodes.count)
print("mean nodes", Double(sizes.reduce(0, +)) / Double(sizes.count))
let small = CommandLine.arguments.count > 3
func request(_ i: Int) throws -> VirtualInfrastructure {
  var r = workload.arrivals[i % workload.arrivals.count].request
  if small {
    let nodes = (0..<2).map {
      Node(name: Name("n\($0)")!, cpu: Cores(thousandths: 100), memory: ByteCount(bytes: 1000))
    }
    r = VirtualInfrastructure(
      name: Name("x\(i)")!, nodes: nodes,
      networks: [
        Network(
          name: Name("lan")!, kind: .segment, endpoints: nodes.map { Endpoint(node: $0.name, interface: "eth0") },
          rate: RateRange(minimum: Bitrate(bitsPerSecond: 1000)))
      ])
  }
  r.name = Name("x\(i)")!
  r.lease = Lease(duration: .seconds(3600))
  return r
}
let start = ContinuousClock.now
let next = Atomic<Int>(0)
let failed = Mutex<[String: Int]>([:])
let c0 = clock()
await withTaskGroup(of: Void.self) { group in
  for w in 0..<32 {
    group.addTask {
      while true {
        let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if i >= count { return }
        do { _ = try await cloud.submit(.build(request(i)), by: Caller(user: "u\(w)")) } catch {
          let code = (error as? Problem)?.code ?? (error as? Declined)?.problem.code ?? "\(error)"
          failed.withLock { $0[code, default: 0] += 1 }
        }
      }
    }
  }
}
let seconds = (ContinuousClock.now - start) / .seconds(1)
print(
  "admissions/s", Double(count) / seconds, "cpu ms each", Double(clock() - c0) / 1000 / Double(count),
  failed.withLock { $0 })
let c = cloud.commitTally.reading
print(
  "commits", c.count, "mean ms", c.sum / Double(c.count) * 1000, "settles", cloud.settleTally.reading.count, "ms",
  cloud.settleTally.reading.sum * 1000)
let a = cloud.admissionTally.reading
print("admission counts by class", zip(Tally.bounds + [99], a.counts).map { "\($0):\($1)" }.joined(separator: " "))
cloud.stop()
try? FileManager.default.removeItem(atPath: folder)
