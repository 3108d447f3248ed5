// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors everywhere, and the floors of the house are kept by the build itself:
/// `make check` passes `--explicit-target-dependency-import-check error`.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
  .define("FAULT_POINTS", .when(configuration: .debug)),
]
let strictC: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-Werror", "-O2"])]

func floor(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = [],
  plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict,
    plugins: plugins)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
  name: "virtcloud",
  targets: [
    // Floor 0: C libraries from the distribution, and shims for what Swift cannot call.
    .systemLibrary(name: "CNetlink", pkgConfig: "libnl-route-3.0"),
    .systemLibrary(name: "CBPF", pkgConfig: "libbpf"),
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap"),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
    .systemLibrary(name: "CGraphviz", pkgConfig: "libgvc"),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo"),
    .systemLibrary(name: "CGLPK"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto"),
    .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd"),
    .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls"),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd"),
    .target(name: "CLinux", cSettings: strictC),
    .target(name: "CTraffic", cSettings: strictC),
    .target(name: "CWeb", dependencies: ["CMicroHTTPD", "CGnuTLS", "CCurl"], cSettings: strictC),

    // Floor 1: values.
    floor("Quantities"),
    floor("Algorithms"),

    // Floor 2: the model; the kernel.
    floor("Infrastructure", ["Quantities"]),
    floor("Cryptography", ["COpenSSL", "Quantities"]),
    floor("Linux", ["CLinux", "CNetlink", "CSystemd", "Quantities"]),

    // Floor 3, pure: algorithms from a request to host plans.
    floor("Languages", ["Embedding", "Infrastructure", "Quantities", "CYAML"], resources: [.copy("Schemas")]),
    floor("Embedding", ["Algorithms", "Infrastructure", "Quantities"]),
    floor("Reservations", ["Algorithms", "Infrastructure", "Quantities"]),
    floor("Simulation", ["Algorithms", "CZlib", "Embedding", "Infrastructure", "Quantities"]),
    floor("Optimum", ["Embedding", "Infrastructure", "Quantities", "CGLPK"]),
    floor("Planning", ["Embedding", "Reservations", "Infrastructure", "Quantities"]),

    // Floor 3, host: what a host is made of.
    .plugin(name: "CompilePrograms", capability: .buildTool()),
    floor(
      "Dataplane", ["Linux", "CBPF", "CLinux", "Quantities"], exclude: ["Programs"],
      plugins: ["CompilePrograms"]),
    floor(
      "Machines", ["Linux", "CLinux", "Quantities"], exclude: ["Programs"], plugins: ["CompilePrograms"]),
    floor("Measurement", ["Linux", "CTraffic", "Quantities"]),
    floor("Wires", ["Linux", "CLinux", "COpenSSL", "Cryptography", "Quantities"]),
    floor("Capture", ["CLinux", "CPcap", "Linux", "Quantities"]),

    // Floor 4: a host converges; what must survive is stored.
    floor("Agent", ["Infrastructure", "Planning", "Dataplane", "Machines", "Linux", "Quantities"]),
    floor("WebClient", ["CWeb", "CCurl", "Linux", "Quantities"]),
    floor("Store", ["CSQLite", "COpenSSL", "WebClient", "Linux", "Quantities"]),
    floor("Identity", ["COpenSSL", "Cryptography", "Linux", "Quantities"]),

    // Floor 5: admission, leases, life cycle.
    floor(
      "Controller",
      [
        "Agent", "Algorithms", "Store", "Identity", "Planning", "Reservations", "Embedding", "Infrastructure",
        "Machines", "Wires",
        "Linux", "Quantities",
      ]),

    // Floor 6: transport only.
    floor(
      "API",
      ["Agent", "Controller", "Identity", "Planning", "Reservations", "Embedding", "Infrastructure", "Quantities"]),
    floor("WebServer", ["CWeb", "CMicroHTTPD", "CGnuTLS", "Linux", "Quantities"]),
    floor(
      "Service",
      [
        "API", "Agent", "WebClient", "WebServer", "Controller", "Identity", "Languages", "Machines", "Pictures",
        "Planning",
        "Reservations", "Embedding", "Infrastructure", "Linux", "Quantities",
      ], resources: [.copy("Console")]),
    floor("Client", ["API", "Controller", "Identity", "Reservations", "WebClient", "Infrastructure", "Quantities"]),
    floor(
      "RemoteAgent",
      [
        "API", "Agent", "COpenSSL", "CWeb", "Controller", "Cryptography", "Identity", "Planning", "Infrastructure",
        "Linux", "Machines", "Store", "WebClient",
        "Quantities",
      ]),

    // Floor 7: what a person sees.
    floor("CommandLine", ["Quantities"]),
    floor("Pictures", ["CGraphviz", "CCairo", "Quantities"]),
    floor(
      "Commands",
      [
        "Cryptography", "WebServer", "API", "Agent", "Capture", "Client", "CommandLine", "Controller", "Identity",
        "Languages", "Measurement",
        "Optimum",
        "Pictures", "Service", "Store", "WebClient",
        "Simulation", "Planning", "Embedding", "RemoteAgent", "Reservations",
        "Infrastructure", "Machines", "Wires", "Linux", "Quantities",
      ]),
    tests("QuantitiesTests", ["Algorithms", "Quantities"]),
    tests("AlgorithmsTests", ["Algorithms"]),
    tests(
      "LanguagesTests", ["Algorithms", "Languages", "Embedding", "Infrastructure", "Quantities"],
      resources: [.copy("Golden"), .copy("VXDLFiles"), .copy("Topologies")]),
    tests("EmbeddingTests", ["Algorithms", "Embedding", "Infrastructure", "Quantities"]),
    tests("SimulationTests", ["Simulation", "Embedding", "Infrastructure", "Quantities"]),
    tests("OptimumTests", ["Algorithms", "Optimum", "Embedding", "Infrastructure", "Quantities"]),
    tests("ReservationsTests", ["Algorithms", "Reservations", "Optimum", "Infrastructure", "Quantities"]),
    tests(
      "PlanningTests", ["Algorithms", "Planning", "Embedding", "Reservations", "Infrastructure", "Quantities"],
      resources: [.copy("Golden")]),
    .executableTarget(
      name: "embedding-bench",
      dependencies: [
        "Algorithms", "Optimum", "Simulation", "Planning", "Reservations", "Languages", "Embedding", "Infrastructure",
        "Quantities",
      ], path: "bench/embedding", swiftSettings: strict),
    .executableTarget(
      name: "service-bench",
      dependencies: [
        "CommandLine", "Service", "API", "WebClient", "WebServer", "Controller", "Store", "Identity", "Cryptography",
        "Simulation", "Languages", "Planning", "Embedding", "Infrastructure", "Linux", "Quantities",
      ], path: "bench/service", swiftSettings: strict),
    .executableTarget(
      name: "network-bench", dependencies: ["CommandLine", "Measurement", "Linux", "Quantities"],
      path: "bench/network", swiftSettings: strict),
    .executableTarget(
      name: "web-bench", dependencies: ["WebServer", "Linux", "Quantities"], path: "bench/web",
      swiftSettings: strict),
    .executableTarget(name: "virtcloud", dependencies: ["Commands"], swiftSettings: strict),

    // Tests.
    .target(name: "TestSupport", dependencies: ["Linux"], path: "Tests/TestSupport", swiftSettings: strict),
    tests("MachinesTests", ["Machines", "Linux", "Quantities", "TestSupport"]),
    tests("WiresTests", ["Wires", "virtcloud", "Planning", "Linux", "Quantities", "TestSupport"]),
    tests("AgentTests", ["Agent", "Infrastructure", "Machines", "Planning", "Linux", "Quantities", "TestSupport"]),
    tests(
      "ControllerTests",
      [
        "Controller", "Agent", "Identity", "Store", "Planning", "Reservations", "Embedding", "Infrastructure", "Linux",
        "Quantities",
      ]),
    tests(
      "CommandsTests",
      [
        "API", "Controller", "Commands", "CommandLine", "Cryptography", "Identity", "Languages", "Linux", "Quantities",
        "TestSupport", "WebClient",
      ]),
    tests(
      "EndToEndTests",
      ["Algorithms", "Measurement", "Quantities", "virtcloud", "CYAML", "Planning", "Machines", "Linux", "TestSupport"]),
    tests("DataplaneTests", ["Dataplane", "Linux", "CBPF", "Quantities", "TestSupport"]),
    tests("MeasurementTests", ["Algorithms", "Measurement", "Linux", "Quantities", "TestSupport"]),
    .executableTarget(
      name: "service-manager-probe", dependencies: ["Linux"], path: "Tests/ServiceManagerProbe", swiftSettings: strict),
    tests("LinuxTests", ["Linux", "TestSupport", "CNetlink", "Quantities", "service-manager-probe"]),
    tests("CaptureTests", ["Algorithms", "Capture", "Linux", "Quantities", "TestSupport"]),
    tests("CommandLineTests", ["CommandLine", "Quantities"]),
    tests("PicturesTests", ["Algorithms", "Pictures", "Languages", "Infrastructure", "Quantities"]),
    tests(
      "StoreTests", ["Store", "virtcloud", "CSQLite", "Planning", "WebClient", "Quantities", "Linux", "TestSupport"]),
    tests("WebClientTests", ["WebClient", "Linux", "Quantities", "TestSupport"]),
    tests(
      "ClientTests",
      ["Client", "API", "Infrastructure", "WebServer", "WebClient", "Quantities", "TestSupport"]),
    tests("WebServerTests", ["WebServer", "WebClient", "Linux", "Quantities", "TestSupport"]),
    tests(
      "RemoteAgentTests",
      [
        "RemoteAgent", "virtcloud", "API", "Controller", "Cryptography", "Identity", "Languages", "Planning",
        "Reservations", "Service", "Infrastructure", "Linux", "WebClient", "WebServer", "Quantities", "TestSupport",
      ], resources: [.copy("FakeController")]),
    tests(
      "ConsoleTests", ["virtcloud", "Linux", "TestSupport"],
      resources: [
        .copy("browser.py"), .copy("check_console.py"), .copy("check_service.py"), .copy("checks_accounts.py"),
        .copy("checks_editor.py"),
        .copy("checks_modules.py"),
        .copy("checks_parts.py"), .copy("checks_views.py"), .copy("mock_accounts.py"), .copy("mock_documents.py"),
        .copy("mock_service.py"),
        .copy("mock_terminals.py"), .copy("embedding.svg"), .copy("request.svg"),
      ]),
    tests("IdentityTests", ["Identity", "Cryptography", "COpenSSL", "Linux", "Quantities", "TestSupport"]),
    tests("PackageTests", []),
    tests("FaultTests", ["virtcloud", "Linux", "TestSupport"]),
    // What libFuzzer runs (`make fuzz`), and the inputs that it kept, as a test.
    .target(
      name: "FuzzBodies",
      dependencies: [
        "API", "Agent", "Controller", "Embedding", "Identity", "Infrastructure", "Languages", "Planning", "Quantities",
        "Reservations", "WebClient", "WebServer",
      ], path: "fuzz/Bodies", swiftSettings: strict),
    tests("CorpusTests", ["FuzzBodies"]),
    tests(
      "ServiceTests",
      [
        "Service", "API", "Agent", "Controller", "Cryptography", "Embedding", "Identity", "Infrastructure", "Linux",
        "Machines", "Planning", "Quantities", "TestSupport", "WebClient", "WebServer",
      ], resources: [.copy("Tools")]),
  ])

// libFuzzer brings `main`, and only `--sanitize fuzzer` links it: no part of any other build.
if Context.environment["VIRTCLOUD_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz-readers", dependencies: ["FuzzBodies"], path: "fuzz/Driver",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
