import Testing

@Suite struct HostsFileTests {
  @Test func everyNodeHasALineWithItsFirstAddress() throws {
    let slices = try plans([mpiLab()], on: metacenter()).flatMap(\.slices)
    let slice = try #require(slices.first { !$0.machines.isEmpty })
    #expect(slice.hostsFile == hosts)
  }

  private let hosts = """
    10.1.0.1 worker1 worker1.mpi-lab
    10.1.0.2 worker2 worker2.mpi-lab
    10.1.0.3 worker3 worker3.mpi-lab
    10.1.0.4 worker4 worker4.mpi-lab
    10.3.0.1 far1 far1.mpi-lab
    10.3.0.2 far2 far2.mpi-lab
    10.1.0.5 gw gw.mpi-lab

    """
}
