import Glibc

/// What a machine made from the host's root must not see of it.
enum HostSecrets {
  /// Emptied in the machine; those that are there.
  static func folders() -> [String] {
    existing([
      "/root", "/home", "/srv", "/mnt", "/media", "/boot", "/var/tmp", "/var/log", "/var/mail", "/var/backups",
      "/var/spool/cron", "/var/lib/virtcloud", "/var/cache/virtcloud", "/var/lib/private", "/var/lib/docker",
      "/var/lib/containerd", "/var/lib/libvirt", "/var/lib/etcd", "/var/lib/kubelet", "/var/lib/mysql",
      "/var/lib/postgresql", "/etc/ssl/private", "/etc/wireguard", "/etc/openvpn", "/etc/letsencrypt",
      "/etc/NetworkManager/system-connections", "/etc/ipsec.d", "/etc/krb5.keytab.d", "/etc/sudoers.d",
    ])
  }

  /// Removed in the machine; those that are there.
  static func files() -> [String] {
    existing(["/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/krb5.keytab", "/etc/ipsec.secrets"] + hostKeys())
  }

  /// Passwords are locked in the machine; its root needs none.
  static let shadow = "root:*:19000:0:99999:7:::\n"

  private static func hostKeys() -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob("/etc/ssh/ssh_host_*", 0, nil, &found) == 0 else { return [] }  // none
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }

  /// Real paths: a link's target is what must be hidden.
  private static func existing(_ paths: [String]) -> [String] {
    Set(
      paths.compactMap { path in
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
      }
    ).sorted()
  }
}
