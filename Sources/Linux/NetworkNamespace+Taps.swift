import CLinux
import Glibc

extension NetworkNamespace {
  /// Makes a persistent tap in this namespace, down and without an alias (`TUNSETIFF`, `TUNSETPERSIST`, `linux/if_tun.h`).
  ///
  /// - Parameter name: At most 15 characters. One that is there already, and that nobody has attached to, is kept.
  public func makeTap(_ name: String) throws {
    try perform {
      let device = try Descriptor(opening: "/dev/net/tun", O_RDWR)
      try check(vc_make_tap(device.rawValue, name), "make tap", name)
    }
  }
}
