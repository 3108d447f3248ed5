import Glibc
import Linux

extension MachineDriver {
  /// Ends all machines of an infrastructure, a launch under way included, and removes what it had here.
  /// Succeeds where there is nothing.
  public func kill(infrastructure number: UInt32) throws {
    try kill(relative: "\(number)")
    for file in [hostsFile(number), notesFile(number)] {
      guard unlink(file) != 0 else { continue }
      let code = errno
      if code != ENOENT { throw SystemError(operation: "remove", object: file, errno: code) }
    }
  }

  /// Ends one machine; succeeds where it is not there.
  public func kill(machine key: String, infrastructure number: UInt32) throws {
    try kill(relative: "\(number)/\(key)")
  }

  /// Removes the driver's own folders where nothing is in them; what is in use stays.
  public func removeEmptyFolders() throws {
    for hierarchy in layout.hierarchies { _ = try Folder.remove(folder(hierarchy)) }
    _ = try Folder.remove(runFolder + "/hosts")
    _ = try Folder.remove(runFolder + "/notes")
  }

  private func kill(relative path: String) throws {
    let tracking = folder(layout.hierarchies[0]) + "/" + path
    if layout.isUnified { try killUnified(tracking) } else { try killOld(path) }
    for hierarchy in layout.hierarchies {
      try remove(folder(hierarchy) + "/" + path)
    }
  }

  /// `cgroup.kill` reaches the whole subtree and cannot be outrun by forks (cgroup-v2.rst).
  private func killUnified(_ folder: String) throws {
    do {
      try TextFile.write(folder + "/cgroup.kill", "1")
      let events = try Descriptor(opening: folder + "/cgroup.events", O_RDONLY)
      while try isPopulated(events, folder) {
        var request = pollfd(fd: events.rawValue, events: Int16(POLLPRI), revents: 0)
        if poll(&request, 1, 30000) == 0 {
          throw SystemError(operation: "kill", object: folder, errno: ETIMEDOUT)
        }
      }
    } catch let error as SystemError where error.errno == ENOENT || error.errno == ENODEV {
      return  // there is nothing, or somebody else removed it meanwhile
    }
  }

  private func isPopulated(_ events: borrowing Descriptor, _ folder: String) throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = try check(pread(events.rawValue, &buffer, buffer.count, 0), "read cgroup.events", folder)
    return String(decoding: buffer[..<count], as: UTF8.self).contains("populated 1")
  }

  /// Version 1 has no kill: signal until no process is left; a machine's PID 1 takes its machine along.
  private func killOld(_ path: String) throws {
    let folder = self.folder(layout.hierarchies[0]) + "/" + path
    while true {
      let all = try ([folder] + Folder.subfolders(folder).map { folder + "/" + $0 }).flatMap(processes)
      if all.isEmpty { return }
      for process in all { _ = Glibc.kill(process, SIGKILL) }  // gone already is as good
      // What is frozen dies only when it is let go; with the signal waiting for it, it does nothing else then.
      try thaw(path)
      sched_yield()
    }
  }

  /// Removes a cgroup and those below it; a cgroup is busy until its last process has left the kernel.
  private func remove(_ folder: String) throws {
    for name in try Folder.subfolders(folder) { try remove(folder + "/" + name) }
    for _ in 0..<10_000 {
      if try Folder.remove(folder) { return }
      var pause = timespec(tv_sec: 0, tv_nsec: 200_000)
      nanosleep(&pause, nil)
    }
    throw SystemError(operation: "remove cgroup", object: folder, errno: EBUSY)
  }
}
