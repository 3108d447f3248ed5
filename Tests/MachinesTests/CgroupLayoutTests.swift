import Linux
import Testing

struct CgroupLayoutTests {
  @Test func readsPureVersion2() {
    let text = "35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    let layout = CgroupLayout(mountinfo: text) { _ in "cpuset cpu io memory hugetlb pids rdma misc\n" }
    #expect(layout.hierarchies.map(\.path) == ["/sys/fs/cgroup"])
    #expect(layout.isUnified)
    #expect(layout.index(of: .memory) == 0)
  }

  @Test func readsHybrid() {
    let text = """
      32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
      33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
      35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
      39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
      40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
      41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
      """
    let layout = CgroupLayout(mountinfo: text) { _ in "\n" }
    #expect(layout.hierarchies.map(\.path).first == "/sys/fs/cgroup/unified")
    #expect(layout.hierarchies.count == 4)
    #expect(layout.index(of: .pids) == 3)
  }

  /// The freezer of version 1 is used where there is no version 2, and never to find processes by.
  @Test func readsVersion1() {
    let freezer = "31 31 0:28 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer"
    let others = """
      32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
      35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
      """
    let old = CgroupLayout(mountinfo: "\(freezer)\n\(others)") { _ in "" }
    #expect(old.hierarchies.map(\.path) == ["cpu", "memory", "freezer"].map { "/sys/fs/cgroup/\($0)" })
    #expect(!old.isUnified && old.index(of: .freezer) == 2 && old.lacking == [.pids])
    let unified = "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw"
    let both = CgroupLayout(mountinfo: "\(freezer)\n\(others)\n\(unified)") { _ in "" }
    #expect(both.hierarchies.map(\.path) == ["unified", "cpu", "memory"].map { "/sys/fs/cgroup/\($0)" })
    #expect(both.index(of: .freezer) == nil && both.lacking == [.pids])
    let together = "31 31 0:28 / /sys/fs/cgroup/all rw,relatime - cgroup cgroup rw,cpu,memory,pids,freezer"
    let one = CgroupLayout(mountinfo: together) { _ in "" }
    #expect(one.hierarchies.count == 1 && one.index(of: .freezer) == 0 && one.lacking.isEmpty)
  }
}
