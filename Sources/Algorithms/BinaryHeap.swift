/// A priority queue with the smallest element first (J. W. J. Williams, *Algorithm 232: Heapsort*, 1964);
/// `push` and `pop` take O(log n).
public struct BinaryHeap<Element: Comparable> {
  /// In the order of the heap: the smallest first, the rest in no order that matters.
  public private(set) var elements: [Element] = []

  /// An empty heap.
  public init() {}

  /// A heap of these; a rising array is one already.
  public init(rising elements: [Element]) { self.elements = elements }

  /// The smallest; nil where the heap is empty.
  public var first: Element? { elements.first }

  /// Puts one in.
  public mutating func push(_ element: Element) {
    elements.append(element)
    var child = elements.count - 1
    while child > 0, elements[child] < elements[(child - 1) / 2] {
      elements.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the smallest out; nil where the heap is empty.
  public mutating func pop() -> Element? {
    guard elements.count > 1 else { return elements.popLast() }
    elements.swapAt(0, elements.count - 1)
    let smallest = elements.removeLast()
    sink()
    return smallest
  }

  private mutating func sink() {
    var parent = 0
    while true {
      let children = (2 * parent + 1)..<min(2 * parent + 3, max(2 * parent + 1, elements.count))
      guard let child = children.min(by: { elements[$0] < elements[$1] }), elements[child] < elements[parent]
      else { return }
      elements.swapAt(child, parent)
      parent = child
    }
  }
}

extension BinaryHeap: Sendable where Element: Sendable {}
