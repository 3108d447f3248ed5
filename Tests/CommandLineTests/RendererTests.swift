import Testing

@testable import CommandLine

@Suite struct RendererTests {
  private var table: Table {
    var table = Table([Column("name"), Column("vlan_id"), Column("members"), Column("mac", isWide: true)])
    table.append(["lan", 100, ["a", "b"], "02:00"])
    table.append(["síť \"x\", 日本", nil, [], nil])
    return table
  }

  private func text(_ format: OutputFormat, _ style: Style = .plain) -> String {
    Renderer(format: format, style: style).text(table)
  }

  @Test func columnsAreAligned() {
    #expect(
      text(.table) == """
        NAME           VLAN ID  MEMBERS
        lan                100  a, b
        síť "x", 日本        -  -

        """)
    #expect(text(.table, Style(isColoured: true)).hasPrefix("\u{1B}[1mNAME"))
  }

  @Test func jsonKeepsTypesAndOrder() {
    #expect(
      text(.json) == #"""
        [
          {
            "name": "lan",
            "vlan_id": 100,
            "members": [
              "a",
              "b"
            ],
            "mac": "02:00"
          },
          {
            "name": "síť \"x\", 日本",
            "vlan_id": null,
            "members": [],
            "mac": null
          }
        ]

        """#)
  }

  @Test func yamlQuotesWhatCouldBeMisread() {
    #expect(
      text(.yaml) == #"""
        - name: lan
          vlan_id: 100
          members:
            - a
            - b
          mac: "02:00"
        - name: "síť \"x\", 日本"
          vlan_id: null
          members: []
          mac: null

        """#)
    let record = Record([.init("a", nil, "no"), .init("b", nil, "10.0.0.0/8"), .init("c", nil, [[1, 2], []])])
    #expect(
      Renderer(format: .yaml).text(record) == "a: \"no\"\nb: \"10.0.0.0/8\"\nc:\n  - - 1\n    - 2\n  - []\n")
  }

  @Test func csvFollowsTheRFC() {
    #expect(text(.csv) == "name,vlan_id,members,mac\r\nlan,100,a b,02:00\r\n\"síť \"\"x\"\", 日本\",,,\r\n")
  }

  @Test func aRecordShowsItsListsAsTables() {
    let nodes: Cell = [
      .record(Record([.init("node", nil, "a"), .init("cpu", nil, 1)])),
      .record(Record([.init("node", nil, "gateway"), .init("mac", "MAC", "02")])),
    ]
    let record = Record([.init("name", nil, "lab"), .init("ends_at", nil, nil), .init("nodes", nil, nodes)])
    #expect(
      Renderer(format: .table).text(record) == """
        Name:    lab
        Ends at: -

        Nodes
        NODE     CPU  MAC
        a          1  -
        gateway    -  02

        """)
  }

  @Test func controlCharactersCannotCommandTheTerminal() {
    #expect(TextWriter.word("a\u{1B}[2Jb\n") == "a\\x1b[2Jb\\x0a")
    #expect(JSONWriter.quoted("\u{1}\u{7F}\"\\\n") == "\"\\u0001\\u007f\\\"\\\\\\n\"")
  }

  @Test func widthsAreCountedInColumns() {
    #expect(DisplayWidth.of("日本") == 4)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.of("🚀") == 2)
    #expect(DisplayWidth.cut("abcdef", to: 4) == "abc…")
    #expect(DisplayWidth.cut("日本語", to: 4) == "日…")
    #expect(DisplayWidth.cut("abcd", to: 4) == "abcd")
  }
}
