import Linux
import Machines
import Planning
import Quantities

extension MachineSpec {
  /// What the driver needs of a planned machine.
  init(_ plan: MachinePlan) {
    self.init(
      label: plan.label, key: plan.key, hostname: plan.name.description, image: RootImage(plan.image),
      cpu: plan.cpu, memory: plan.memory, isRouter: plan.isRouter)
  }
}

extension MachineSpec.RootImage {
  init(_ plan: ImagePlan) {
    switch plan {
    case .host: self = .host
    case .directory(let path): self = .directory(path)
    case .archive(let path): self = .archive(path)
    }
  }
}
