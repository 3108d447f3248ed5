import API
import Agent
import FoundationEssentials
import Planning

/// What a controller, or somebody in its place, tells an agent.
enum PlanBody {
  static func run(_ input: [UInt8]) {
    let data = Data(input)
    let plans: [HostPlan]
    if let document = try? JSONDecoder().decode(PlansDocument.self, from: data) {
      plans = document.plans ?? []
    } else if let list = try? JSONDecoder().decode([HostPlan].self, from: data) {
      plans = list
    } else {
      return
    }
    check(plans)
  }

  private static func check(_ plans: [HostPlan]) {
    guard let written = try? JSONEncoder().encode(plans) else { return }
    require((try? JSONDecoder().decode([HostPlan].self, from: written)) == plans, "plans that change")
    for plan in plans {
      guard (try? plan.validate()) != nil else { continue }
      require(!Difference(plan: plan, observed: Observation()).removedLinks.contains(""), "a link without a name")
    }
  }
}
