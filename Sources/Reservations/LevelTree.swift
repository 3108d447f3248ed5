/// Numbers of which the lowest is known: a tournament tree. A change takes O(log n).
struct LevelTree {
  /// Node 1 is the root, the children of node i are 2i and 2i + 1; leaves come last. Each holds the position of
  /// the lowest number below it, of equal ones the first.
  private var winners: [Int]
  private var numbers: [UInt64]
  private let width: Int

  init(_ numbers: [UInt64]) {
    self.numbers = numbers
    var width = 1
    while width < numbers.count { width *= 2 }
    self.width = width
    winners = Array(repeating: 0, count: width) + Array(0..<width)
    for node in stride(from: width - 1, to: 0, by: -1) { play(node) }
  }

  subscript(position: Int) -> UInt64 {
    get { numbers[position] }
    set {
      numbers[position] = newValue
      var node = (width + position) / 2
      while node > 0 {
        play(node)
        node /= 2
      }
    }
  }

  /// The lowest number and its position; nil where there is none.
  var lowest: (position: Int, number: UInt64)? {
    numbers.isEmpty ? nil : (winners[1], numbers[winners[1]])
  }

  private mutating func play(_ node: Int) {
    let (a, b) = (winners[2 * node], winners[2 * node + 1])
    winners[node] = b < numbers.count && numbers[b] < numbers[a] ? b : a
  }
}
