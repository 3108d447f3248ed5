import Infrastructure

/// How routing software is checked, started and told of a new configuration inside a machine.
///
/// The scripts are fixed: what a user wrote comes to them on standard input only, and the names of programs as
/// arguments. The configuration lies where the software has it by default, so that `birdc` and `vtysh` in the
/// machine need no options.
struct RoutingProgram: Hashable {
  /// The name that people know.
  var name: String
  var configuration: String
  /// Path of the configuration in the machine.
  var path: String
  /// Takes the configuration from standard input to its place if the software takes it: exit status 0, `refused` or
  /// `missing`.
  var place: String
  /// Starts the programs that are its arguments.
  var start: String
  /// Hands the configuration to programs that have all just started; nil where they read it themselves.
  var load: String?
  /// Lets programs that run take over the new configuration, forwarding meanwhile; exit status `missing` where that
  /// takes something that the machine lacks, and they have to start anew.
  var reload: String

  /// Exit statuses of the scripts.
  static let refused: Int32 = 100
  static let missing: Int32 = 101

  /// Where distributions have FRRouting's daemons.
  static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr:/usr/libexec/frr"

  /// Nil where only static routes are wanted.
  init?(_ routing: RouterSoftware.Routing) {
    switch routing {
    case .static: return nil
    case .bird(let text): self = Self.bird(text)
    case .frr(let text, _): self = Self.frr(text)
    }
  }

  /// bird(8) runs as the machine's root, who has CAP_NET_ADMIN in the machine's network namespace; it reads its
  /// configuration before it goes to the background, and `configure` checks before it changes.
  private static func bird(_ text: String) -> RoutingProgram {
    RoutingProgram(
      name: "BIRD", configuration: text, path: "/etc/bird/bird.conf",
      place: """
        command -v bird >/dev/null || exit 101
        umask 077
        mkdir -p /etc/bird /run/bird && cat >/etc/bird/bird.conf.new || exit
        bird -p -c /etc/bird/bird.conf.new || { rm -f /etc/bird/bird.conf.new; exit 100; }
        mv -f /etc/bird/bird.conf.new /etc/bird/bird.conf
        """,
      start: "exec bird -c /etc/bird/bird.conf -s /run/bird/bird.ctl -P /run/bird/bird.pid",
      reload: """
        said=$(birdc -s /run/bird/bird.ctl configure 2>&1)
        case $said in *Reconfigur*) exit 0 ;; esac
        printf '%s\\n' "$said"
        exit 1
        """)
  }

  /// FRRouting's daemons change to the user `frr`, which is one of the machine's own. They listen on no TCP port.
  ///
  /// A running configuration is changed by frr-reload.py, which a package of its own has (frr-pythontools).
  private static func frr(_ text: String) -> RoutingProgram {
    RoutingProgram(
      name: "FRRouting", configuration: text, path: "/etc/frr/frr.conf",
      place: """
        command -v zebra >/dev/null && command -v vtysh >/dev/null || exit 101
        mkdir -p /etc/frr /var/run/frr && chown frr:frr /var/run/frr || exit
        umask 077
        cat >/etc/frr/frr.conf.new || exit
        vtysh -C -f /etc/frr/frr.conf.new || { rm -f /etc/frr/frr.conf.new; exit 100; }
        chown frr:frr /etc/frr/frr.conf.new && mv -f /etc/frr/frr.conf.new /etc/frr/frr.conf
        """,
      start: """
        for name; do
          "$name" -d -P 0 || exit
        done
        """,
      load: "exec vtysh -b",
      reload: """
        command -v frr-reload.py >/dev/null && command -v python3 >/dev/null || exit 101
        exec frr-reload.py --reload --stdout --log-level warning /etc/frr/frr.conf
        """)
  }

  private init(
    name: String, configuration: String, path: String, place: String, start: String, load: String? = nil,
    reload: String
  ) {
    self.name = name
    self.configuration = configuration
    self.path = path
    self.place = place
    self.start = start
    self.load = load
    self.reload = reload
  }
}
