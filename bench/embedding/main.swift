import Foundation
import Quantities

/// What `make bench-embedding` runs, in one process for each table; see docs/benchmarks.md.
let arguments = CommandLine.arguments.dropFirst()
do {
  switch arguments.first {
  case "vne": try InstanceBench.run(files: Array(arguments.dropFirst()))
  case "scale": try ScaleBench.run(hosts: arguments.dropFirst().compactMap { Int($0) })
  case "gap": try GapBench.run(cases: 60, batches: 10)
  case "topologies": try TopologyBench.run(files: Array(arguments.dropFirst()), seeds: 3)
  case "batch":
    guard let folder = arguments.dropFirst().first else { fallthrough }
    try BatchBench.run(folder: folder)
  default:
    FileHandle.standardError.write(
      Data(
        "usage: embedding-bench vne FILE.jsonl.gz… | scale HOSTS… | gap | topologies FILE.json… | batch FOLDER\n".utf8))
    exit(2)
  }
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
