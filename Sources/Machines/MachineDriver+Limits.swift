import Glibc
import Linux
import Quantities

/// What the kernel lets a machine use.
public struct MachineAllowance: Hashable, Sendable {
  /// Nil where the kernel does not limit it here.
  public var cpu: Cores?
  public var memory: ByteCount?

  public init(cpu: Cores? = nil, memory: ByteCount? = nil) {
    self.cpu = cpu
    self.memory = memory
  }

  /// True where a machine with these amounts is limited as it should be. The kernel keeps memory in whole pages,
  /// and no less than 1 ms of every 100 ms of processor.
  public func isThat(of cpu: Cores, _ memory: ByteCount) -> Bool {
    let page = UInt64(sysconf(Int32(_SC_PAGESIZE)))
    let isCPU = self.cpu.map { $0.thousandths == max(cpu.thousandths, 10) } ?? true
    return isCPU && self.memory.map { $0.bytes / page == memory.bytes / page } ?? true
  }
}

extension MachineDriver {
  /// What a running machine may use now, read from its control groups.
  public func allowance(machine key: String, infrastructure number: UInt32) throws(SystemError) -> MachineAllowance {
    var allowance = MachineAllowance()
    if let index = layout.index(of: .cpu) {
      let folder = self.folder(layout.hierarchies[index], number) + "/" + key
      let file = layout.hierarchies[index].isUnified ? "/cpu.max" : "/cpu.cfs_quota_us"
      let quota = try TextFile.read(folder + file).split(whereSeparator: \.isWhitespace).first.flatMap { UInt64($0) }
      allowance.cpu = quota.map { Cores(thousandths: $0 / 100) }
    }
    if let index = layout.index(of: .memory) {
      let folder = self.folder(layout.hierarchies[index], number) + "/" + key
      let file = layout.hierarchies[index].isUnified ? "/memory.max" : "/memory.limit_in_bytes"
      let limit = try TextFile.read(folder + file).split(whereSeparator: \.isWhitespace).first.flatMap { UInt64($0) }
      allowance.memory = limit.map(ByteCount.init(bytes:))
    }
    return allowance
  }

  /// Gives a running machine the limits of `spec`; its root file system keeps the size that it was made with.
  ///
  /// - Throws: `SystemError` where the kernel does not take one: memory cannot go below what is in use.
  public func adjust(_ spec: MachineSpec, infrastructure number: UInt32) throws(SystemError) {
    let words = limits(spec)
    var refused: [(path: String, value: String)] = []
    for start in stride(from: 0, to: words.count, by: 3) {
      guard let index = Int(words[start]) else { continue }
      let path = "\(folder(layout.hierarchies[index], number))/\(spec.key)/\(words[start + 1])"
      do { try TextFile.write(path, words[start + 2]) } catch { refused.append((path, words[start + 2])) }
    }
    // Memory may not exceed memory and swap together: growing, the second has to come first.
    for (path, value) in refused { try TextFile.write(path, value) }
  }
}
