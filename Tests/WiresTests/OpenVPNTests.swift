import Quantities
import Testing

@testable import Wires

/// Values that several tests use.
enum Values {
  static func spec(_ role: TunnelSpec.Role) throws -> TunnelSpec {
    TunnelSpec(
      label: "lab/link", key: "k7", namespace: "/run/netns/vc-h1", local: try IPAddress(parsing: "10.0.0.1"),
      remote: try IPAddress(parsing: "10.0.0.2"), port: 40_007, role: role, device: "vt7", mtu: 1500,
      keyDirectory: "/var/lib/virtcloud/wire-keys")
  }
}

@Suite("How OpenVPN is run, and what it says")
struct OpenVPNTests {
  @Test("the arguments of both ends")
  func arguments() throws {
    func text(_ role: TunnelSpec.Role) throws -> String {
      OpenVPN.arguments(
        try Values.spec(role), peerFingerprint: "AB:CD", managementSocket: "/run/virtcloud/wires/socket"
      )
      .joined(separator: " ")
    }
    #expect(
      try text(.initiator) == """
        openvpn --proto udp4 --local 10.0.0.1 --lport 40007 --remote 10.0.0.2 40007 --float --rcvbuf 1048576 \
        --sndbuf 1048576 --fast-io --dev vt7 --dev-type tap --tun-mtu 1500 --mssfix 0 --tls-client \
        --cert /var/lib/virtcloud/wire-keys/k7/initiator.crt --key /var/lib/virtcloud/wire-keys/k7/initiator.key \
        --peer-fingerprint AB:CD --tls-crypt /var/lib/virtcloud/wire-keys/k7/handshake.key --tls-version-min 1.3 \
        --data-ciphers AES-256-GCM:CHACHA20-POLY1305 --keepalive 1 5 --connect-retry 1 5 --tls-timeout 1 \
        --hand-window 10 --management /run/virtcloud/wires/socket unix --management-client --user nobody \
        --group nogroup --persist-tun --persist-key --verb 1 --mute 5 --suppress-timestamps
        """)
    #expect(
      try text(.responder) == """
        openvpn --proto udp4 --local 10.0.0.1 --lport 40007 --float --rcvbuf 1048576 \
        --sndbuf 1048576 --fast-io --dev vt7 --dev-type tap --tun-mtu 1500 --mssfix 0 --tls-server --dh none \
        --cert /var/lib/virtcloud/wire-keys/k7/responder.crt --key /var/lib/virtcloud/wire-keys/k7/responder.key \
        --peer-fingerprint AB:CD --tls-crypt /var/lib/virtcloud/wire-keys/k7/handshake.key --tls-version-min 1.3 \
        --data-ciphers AES-256-GCM:CHACHA20-POLY1305 --keepalive 1 5 --connect-retry 1 5 --tls-timeout 1 \
        --hand-window 10 --management /run/virtcloud/wires/socket unix --management-client --user nobody \
        --group nogroup --persist-tun --persist-key --verb 1 --mute 5 --suppress-timestamps
        """)
  }

  @Test(
    "a state is read out of a message and out of a history",
    arguments: [
      (">STATE:1700000000,CONNECTED,SUCCESS,,10.0.0.2,5000,10.0.0.1,5000", "CONNECTED"),
      ("1700000000,ASSIGN_IP,,,,,,", "ASSIGN_IP"), ("END", nil), (">INFO:OpenVPN Management Interface", nil),
      ("SUCCESS: real-time state notification set to ON", nil), (">STATE:", nil), (",CONNECTED,", nil),
    ] as [(String, String?)])
  func states(_ line: String, _ state: String?) {
    #expect(ManagementConnection.state(in: line) == state)
  }

  @Test("lines are the same however the stream is cut, and no longer than they may be")
  func lines() {
    let stream = Array("one\r\ntwo\n\nlast".utf8) + Array(repeating: UInt8(ascii: "x"), count: 5000) + [10]
    var whole = LineBuffer()
    let expected = whole.add(stream)
    #expect(expected.prefix(3) == ["one", "two", ""] && expected[3].utf8.count == LineBuffer.longest)
    for size in [1, 2, 3, 7, 1000] {
      var buffer = LineBuffer()
      var lines: [String] = []
      var rest = stream[...]
      while !rest.isEmpty {
        lines += buffer.add(rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      #expect(lines == expected)
    }
  }

  @Test("of a log the last lines are kept, and the telling one is found")
  func tail() {
    var tail = LineTail()
    for number in 0..<50 { tail.add("line \(number)") }
    tail.add("")
    tail.add("Exiting due to fatal error")
    #expect(tail.lines.count == LineTail.count && tail.lines.first == "line 31" && tail.telling == "line 49")
  }
}
