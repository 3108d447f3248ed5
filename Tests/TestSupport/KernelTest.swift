import Glibc
import Linux
import Testing

/// What tests of the kernel need: root, names of their own, and a count of what they left behind.
public enum KernelTest {
  /// Enables a test where it may run as root. Without root the test is skipped with a word about it;
  /// `STRICT_KERNEL_TESTS=1` runs it all the same, so that it fails.
  public static var requireRoot: ConditionTrait {
    .enabled(if: isRoot || isStrict, "kernel tests need root; skipped")
  }

  public static var isRoot: Bool { geteuid() == 0 }

  /// `STRICT_KERNEL_TESTS=1` is set: nothing may be skipped.
  public static var isStrict: Bool {
    getenv("STRICT_KERNEL_TESTS").map { String(cString: $0) == "1" } ?? false
  }

  /// A name that no other test, run or process uses; `prefix` and 8 characters.
  public static func uniqueName(_ prefix: String = "vct-") -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return prefix + String((0..<8).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }

  /// Runs a test in a fresh network namespace, which is gone afterwards.
  public static func withNamespace<Value>(
    _ body: (NetworkNamespace, NetlinkSocket) throws -> Value
  ) throws -> Value {
    let namespace = try NetworkNamespace.createUnnamed(label: uniqueName())
    return try body(namespace, namespace.netlink())
  }

  /// The same for a test that awaits.
  public static func withNamespace<Value: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (NetworkNamespace, NetlinkSocket) async throws -> Value
  ) async throws -> Value {
    let namespace = try NetworkNamespace.createUnnamed(label: uniqueName())
    return try await body(namespace, namespace.netlink())
  }
}
