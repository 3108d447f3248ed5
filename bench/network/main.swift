import CommandLine
import Glibc

/// What `make bench-network` measures every contestant with; see docs/benchmarks.md.
let program = Program(
  name: "network-bench", version: "1",
  summary: "Measures between two network namespaces; prints one JSON object.",
  commands: [ThroughputBench.self, RoundTripBench.self, PacketRateBench.self, OrderBench.self, OfferedBench.self])
exit(await program.main())
