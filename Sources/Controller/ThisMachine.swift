import Glibc
import Infrastructure
import Quantities

/// The substrate where there is no substrate file: one site with one host, this machine.
public enum ThisMachine {
  /// Its processors and memory as the kernel gives them (`sysconf(3)`), every VLAN allowed.
  public static var substrate: Substrate {
    let site = Site(name: local, vlans: VLANSet((1...4094).compactMap(VLANID.init)))
    return Substrate(name: local, sites: [site], hosts: [host])
  }

  private static var host: Host {
    let pages = UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES))))
    return Host(
      name: name, site: local, kind: .real,
      cpu: Cores(thousandths: UInt64(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) * 1000),
      memory: ByteCount(bytes: pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))))
  }

  /// The first label of the host name where it is one that we can use, else `local`.
  public static var name: Name {
    var names = utsname()
    guard uname(&names) == 0 else { return local }
    let text = withUnsafeBytes(of: names.nodename) { bytes in
      String(decoding: bytes.prefix { $0 != 0 && $0 != UInt8(ascii: ".") }, as: UTF8.self)
    }
    return Name(text.lowercased()) ?? local
  }

  // A constant that is a valid name.
  private static var local: Name { Name("local").unsafelyUnwrapped }
}
