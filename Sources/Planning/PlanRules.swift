import Quantities

/// What every value of a plan must be, whoever made it: an agent hands it to the kernel as root.
///
/// The bounds are the kernel's and those of the plan's own numbers, not those of the language: a planner of another
/// version may use them to the full.
enum PlanRules {
  /// An interface name as the kernel takes it (`dev_valid_name` in net/core/dev.c), moreover printable, without
  /// the `%` that asks the kernel to number it, and not the loopback's.
  static func interface(_ name: String, _ object: @autoclosure () -> String) throws(Problem) {
    let isPlain = name.utf8.allSatisfy { (0x21...0x7e).contains($0) && !#"/:%\"#.utf8.contains($0) }
    guard (1...15).contains(name.utf8.count), isPlain, name != ".", name != "..", name != "lo" else {
      throw broken("'\(name.excerpt)' cannot be the name of an interface of \(object().excerpt)")
    }
  }

  /// A name that becomes one step of a path: of a namespace, or of a folder of control groups.
  static func step(_ name: String, _ object: @autoclosure () -> String) throws(Problem) {
    let isPlain = name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    guard (1...64).contains(name.utf8.count), isPlain else {
      throw broken("'\(name.excerpt)' cannot be the name of \(object().excerpt)")
    }
  }

  /// The alias of a link: `IFALIASZ` in linux/if.h is 256 with the closing zero.
  static func label(_ text: String) throws(Problem) {
    guard (1...240).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw broken("'\(text.excerpt)' cannot be a label")
    }
  }

  /// An absolute path that means what it says: no step `..`, no control characters, at most `PATH_MAX`.
  static func path(_ path: String, _ object: @autoclosure () -> String) throws(Problem) {
    guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count < 4096,
      path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }), !path.utf8.split(separator: 0x2f).contains(where: isUpwards)
    else { throw broken("'\(path.excerpt)' cannot be the path of \(object().excerpt)") }
  }

  private static func isUpwards(_ step: Substring.UTF8View) -> Bool { step.elementsEqual("..".utf8) }

  /// A text that is written to a file, or given to a program: at most 1 MiB, without the zero that would end it.
  static func text(_ text: String, _ object: @autoclosure () -> String, most: Int = 1 << 20) throws(Problem) {
    guard text.utf8.count <= most, !text.utf8.contains(0) else {
      throw broken("\(object().excerpt) has a text of \(text.utf8.count) octets, or with a zero in it")
    }
  }

  static func number<Value: BinaryInteger>(
    _ value: Value, in range: ClosedRange<Value>, _ object: @autoclosure () -> String
  ) throws(Problem) {
    guard range.contains(value) else { throw broken("\(value) is out of bounds as \(object().excerpt)") }
  }

  /// From what IPv4 needs (RFC 791) to what a veth takes.
  static func mtu(_ value: Int, _ object: @autoclosure () -> String) throws(Problem) {
    try number(value, in: 68...PathMTU.largest, "the MTU of \(object())")
  }

  static func classID(_ value: UInt16?, _ object: @autoclosure () -> String) throws(Problem) {
    if let value { try number(value, in: ClassPlan.firstID...65_534, "a class of \(object())") }
  }

  /// Added to the set; throws where it is there already.
  static func once<Value: Hashable>(_ value: Value, in seen: inout Set<Value>, _ what: String) throws(Problem) {
    guard seen.insert(value).inserted else { throw broken("\(what) '\("\(value)".excerpt)' is there twice") }
  }

  static func broken(_ what: String) -> Problem {
    Problem(
      .invalid, "broken-plan", "The plan is not obeyed: \(what).",
      remedy: "Look at the controller that made it: its version, its substrate file, and its store.")
  }
}
