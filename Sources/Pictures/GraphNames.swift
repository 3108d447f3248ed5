import CGraphviz
import Glibc

/// The names of one graph's parts and their numbers, in the order in which they come (`Agiddisc_t` of `cgraph.h`).
///
/// Named things have even numbers from 2, the others odd ones from 1.
final class GraphNames {
  private var numbers: [String: UInt64] = [:]
  /// Copies for the library, which keeps pointers to them until the graph is closed.
  private var copies: [UnsafeMutablePointer<CChar>?] = []
  private var anonymous: UInt64 = 0

  deinit { for copy in copies { free(copy) } }

  private func number(of name: String, mayAdd: Bool) -> UInt64? {
    if let number = numbers[name] { return number }
    guard mayAdd else { return nil }
    copies.append(strdup(name))
    let number = UInt64(copies.count) * 2
    numbers[name] = number
    return number
  }

  private func nextAnonymous() -> UInt64 {
    anonymous += 1
    return anonymous * 2 - 1
  }

  private func name(of number: UInt64) -> UnsafeMutablePointer<CChar>? {
    guard number % 2 == 0, number > 0, number / 2 <= UInt64(copies.count) else { return nil }
    return copies[Int(number / 2 - 1)]
  }

  private static func state(_ pointer: UnsafeMutableRawPointer?) -> GraphNames? {
    pointer.map { Unmanaged<GraphNames>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The library owns the names from `open` to `close`.
  static let discipline = Agiddisc_t(
    open: { _, _ in Unmanaged.passRetained(GraphNames()).toOpaque() },
    map: { state, _, text, result, mayAdd in
      guard let names = GraphNames.state(state), let result else { return 0 }
      guard let text else {
        result.pointee = names.nextAnonymous()
        return 1
      }
      guard let number = names.number(of: String(cString: text), mayAdd: mayAdd != 0) else { return 0 }
      result.pointee = number
      return 1
    },
    // Numbers that somebody else chose are not taken.
    alloc: { _, _, _ in 0 },
    // Names live until the graph is closed.
    free: { _, _, _ in },
    print: { state, _, number in GraphNames.state(state)?.name(of: number) },
    close: { state in
      if let state { Unmanaged<GraphNames>.fromOpaque(state).release() }
    },
    idregister: { _, _, _ in })
}
