import Glibc
import Linux
import Quantities
import Testing

@testable import Agent

@Suite struct HostProblemTests {
  private func failure(_ errors: (operation: String, errno: Int32)...) -> NetlinkFailure {
    NetlinkFailure(errors: errors.map { SystemError(operation: $0.operation, object: "x", errno: $0.errno) })
  }

  @Test func aFeatureThatTheKernelLacksIsNamed() {
    let problem = Problem(host: failure(("create veth", EOPNOTSUPP), ("add clsact", ENODEV)))
    #expect(problem.code == "kernel-feature-missing" && problem.message.contains("CONFIG_VETH"))
  }

  /// What fails because something failed before it says nothing about the kernel.
  @Test func laterFailuresOfABatchAreNotBlamedOnTheKernel() {
    let problem = Problem(host: failure(("create bridge", EEXIST), ("create veth", EOPNOTSUPP)))
    #expect(problem.code == "host-error" && problem.message.contains("create bridge"))
  }
}
