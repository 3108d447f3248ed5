import Glibc
import Linux
import Synchronization

/// Names of local users and their groups, as the system's databases have them (getpwuid_r(3), getgrouplist(3)).
final class Accounts: Sendable {
  struct Account: Sendable {
    /// Nil where the user has none.
    var name: String?
    var groups: [String]
  }

  /// Nanoseconds for which what was found is taken to be so.
  private static let age: UInt64 = 30_000_000_000
  private let known = Mutex<[UInt32: (account: Account, until: UInt64)]>([:])

  func account(_ user: UInt32, _ group: UInt32) -> Account {
    let now = Clock.monotonic
    if let found = known.withLock({ $0[user] }), now < found.until { return found.account }
    let name = Self.name(ofUser: user)
    let account = Account(name: name, groups: name.map { Self.groups(of: $0, group) } ?? [])
    known.withLock { known in
      if known.count > 10_000 { known = [:] }
      known[user] = (account, now + Self.age)
    }
    return account
  }

  private static func name(ofUser user: UInt32) -> String? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var room = [CChar](repeating: 0, count: 16384)
    guard getpwuid_r(user, &entry, &room, room.count, &found) == 0, found != nil, let name = entry.pw_name
    else { return nil }
    return String(cString: name)
  }

  private static func groups(of name: String, _ group: UInt32) -> [String] {
    var count: Int32 = 256
    var numbers = [gid_t](repeating: 0, count: Int(count))
    guard getgrouplist(name, group, &numbers, &count) >= 0 else { return [] }
    return numbers.prefix(Int(count)).compactMap(Self.name(ofGroup:))
  }

  private static func name(ofGroup group: gid_t) -> String? {
    var entry = Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    var room = [CChar](repeating: 0, count: 65536)
    guard getgrgid_r(group, &entry, &room, room.count, &found) == 0, found != nil, let name = entry.gr_name
    else { return nil }
    return String(cString: name)
  }
}
