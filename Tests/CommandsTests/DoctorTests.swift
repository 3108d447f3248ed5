import CommandLine
import Linux
import Testing

@testable import Commands

@Suite struct DoctorTests {
  @Test func checksAreShownInOrder() {
    let checks = [
      Doctor.Check("root", .ok),
      Doctor.Check("htb", .missing, "Links have no rate.", option: "CONFIG_NET_SCH_HTB", since: "2.4.20"),
    ]
    #expect(
      Renderer(format: .table).text(Doctor.table(checks)) == """
        FEATURE  STATE    OPTION              REMARK
        root     ok       \(String(repeating: " ", count: 20))
        htb      missing  CONFIG_NET_SCH_HTB  Links have no rate.

        """)
    let lines = [
      "feature,state,option,since,remark", "root,ok,,,", "htb,missing,CONFIG_NET_SCH_HTB,2.4.20,Links have no rate.",
    ]
    #expect(Renderer(format: .csv).text(Doctor.table(checks)) == lines.map { $0 + "\r\n" }.joined())
  }

  @Test(arguments: [
    ("", Doctor.Check.State.missing, "No hierarchy"),
    ("30 1 0:26 / /sys/fs/cgroup rw - cgroup2 none rw\n", .ok, "/sys/fs/cgroup (v2)"),
    ("31 1 0:27 / /cg/cpu rw - cgroup none rw,cpu\n", .warning, "memory, pids"),
  ])
  func controlGroups(_ mountinfo: String, _ state: Doctor.Check.State, _ words: String) {
    let check = Doctor.controlGroups(CgroupLayout(mountinfo: mountinfo) { _ in "cpu memory pids" })
    #expect(check.state == state && check.remark.contains(words), "\(check.remark)")
  }
}
