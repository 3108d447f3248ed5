import CommandLine
import Glibc

/// What `make bench-service` is made of; see docs/benchmarks.md.
let program = Program(
  name: "service-bench", version: "1",
  summary: "Serves, fills and asks a controller for measurements; prints one JSON object.",
  commands: [
    ServeBench.self, WorkloadBench.self, CertificateBench.self, EngineBench.self, FillBench.self, AgentsBench.self,
    StoreBench.self,
  ])
exit(await program.main())
