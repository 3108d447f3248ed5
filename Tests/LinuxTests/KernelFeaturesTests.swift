import Glibc
import Linux
import TestSupport
import Testing

@Suite("Kernel features", KernelTest.requireRoot)
struct KernelFeaturesTests {
  @Test("what the other tests use is found; each feature says its option and what its lack costs")
  func probes() throws {
    let features = Dictionary(uniqueKeysWithValues: try KernelFeatures.probe().map { ($0.name, $0) })
    for name in ["network namespaces", "veth", "bridge", "htb", "clsact", "cls_bpf"] {
      #expect(features[name]?.isPresent == true, "\(name)")
    }
    for feature in features.values {
      #expect(feature.option.hasPrefix("CONFIG_") && !feature.since.isEmpty && feature.cost.hasSuffix("."))
    }
  }
}
