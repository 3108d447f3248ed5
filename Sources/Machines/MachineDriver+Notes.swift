import Glibc
import Linux

extension MachineDriver {
  /// Path of the file with an infrastructure's notes; on a tmpfs, as the machines are no longer there after a start.
  func notesFile(_ number: UInt32) -> String { "\(runFolder)/notes/\(number)" }

  /// What was noted about an infrastructure's machines, by key: a line each.
  public func notes(infrastructure number: UInt32) throws(SystemError) -> [String: String] {
    let text: String
    do {
      text = try TextFile.read(notesFile(number))
    } catch  where error.isNotFound {
      return [:]
    }
    let lines = text.split(separator: "\n").compactMap { line -> (String, String)? in
      guard let space = line.firstIndex(of: " ") else { return nil }
      return (String(line[..<space]), String(line[space...].dropFirst()))
    }
    return Dictionary(lines, uniquingKeysWith: { _, last in last })
  }

  /// Replaces the notes about an infrastructure's machines; a note is one line. They go with the infrastructure.
  public func setNotes(_ notes: [String: String], infrastructure number: UInt32) throws(SystemError) {
    try Folder.make(runFolder)
    try Folder.make(runFolder + "/notes")
    let path = notesFile(number)
    let text = notes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
    // The whole or nothing: half a note would make what is there look like something else.
    let new = path + ".new"
    do {
      let file = try Descriptor(opening: new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
      try check(Glibc.write(file.rawValue, text, text.utf8.count), "write", new)
    }
    try check(rename(new, path), "rename", new)
  }

  /// Tells one life of a machine from the next: process id of its PID 1 and when it began, in ticks since the start
  /// of the system (`proc_pid_stat(5)`, field 22).
  public func life(of process: pid_t) throws(SystemError) -> String {
    let stat = try TextFile.read("/proc/\(process)/stat")
    // The name in parentheses may hold anything.
    let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
    return "\(process)-\(fields.count > 20 ? String(fields[20]) : "")"
  }
}
