"""What a person would build from the kernel's parts: cables, bridges, VXLAN, routers, HTB."""
from network_path import ByHand, Path, ip, tc


class Cable(ByHand):
    """Two guests and one veth pair: what every other path is compared with."""

    title = "bare cable"

    def build(self):
        left, right = self.namespace("left"), self.namespace("right")
        self.cable(left, right, left_address="10.9.0.1/24", right_address="10.9.0.2/24")
        self.paths = [Path(left, right, "10.9.0.1", "10.9.0.2")]


class TaggedCable(Cable):
    """The same with 802.1Q interfaces on it."""

    title = "cable, 802.1Q links"

    def build(self):
        super().build()
        left, right = self.names
        for name, end, address in ((left, "right", "10.9.5.1/24"), (right, "left", "10.9.5.2/24")):
            ip("-n", name, "link", "add", "link", end, "name", "tagged", "type", "vlan", "id", "5")
            ip("-n", name, "addr", "add", address, "dev", "tagged")
            ip("-n", name, "link", "set", "tagged", "up")
        self.paths = [Path(left, right, "10.9.5.1", "10.9.5.2")]


class Redirects(ByHand):
    """guest - host - site - site - host - guest without bridges and tags: `mirred` hands each frame on."""

    title = "redirects, untagged"

    def build(self):
        names = [self.namespace(name) for name in ("g1", "h1", "s1", "s2", "h2", "g2")]
        for index, (left, right) in enumerate(zip(names, names[1:])):
            self.cable(left, right, left_address="10.9.0.1/24" if index == 0 else None,
                       right_address="10.9.0.2/24" if index == len(names) - 2 else None)
        for name in names[1:-1]:
            for end, other in (("left", "right"), ("right", "left")):
                tc("-n", name, "qdisc", "add", "dev", end, "clsact")
                tc("-n", name, "filter", "add", "dev", end, "ingress", "protocol", "all", "u32", "match", "u32", "0",
                   "0", "action", "mirred", "egress", "redirect", "dev", other)
        self.paths = [Path(names[0], names[-1], "10.9.0.1", "10.9.0.2")]


class Bridges(ByHand):
    """Guests behind the bridges of two hosts."""

    title = "bridges"

    def build(self):
        first, second = self.namespace("h1", bridge=True), self.namespace("h2", bridge=True)
        left, right = self.namespace("left"), self.namespace("right")
        self.join(first, second)
        self.cable(left, first, left_address="10.9.0.1/24", mtu=self.mtu)
        self.cable(second, right, right_address="10.9.0.2/24", mtu=self.mtu)
        self.paths = [Path(left, right, "10.9.0.1", "10.9.0.2")]

    mtu = 1500

    def join(self, first, second):
        self.cable(first, second, "trunk", "trunk")


class VXLANBridges(Bridges):
    """The kernel's VXLAN between the two bridges."""

    title = "VXLAN between bridges"
    mtu = 1450

    def join(self, first, second):
        self.cable(first, second, "trunk", "trunk", "10.8.0.1/24", "10.8.0.2/24")
        for name, local, remote in ((first, "10.8.0.1", "10.8.0.2"), (second, "10.8.0.2", "10.8.0.1")):
            ip("-n", name, "link", "add", "vx", "type", "vxlan", "id", "9", "local", local, "remote", remote,
               "dstport", "4789", "dev", "trunk")
            ip("-n", name, "link", "set", "vx", "master", "br0")
            ip("-n", name, "link", "set", "vx", "up")


class Routers(ByHand):
    """A chain of plain namespaces that forward."""

    def __init__(self, count=1):
        self.count = count
        self.title = "plain router" if count == 1 else f"chain of {count} plain routers"

    def build(self):
        names = [self.namespace("left"), *(self.namespace(f"r{i}", router=True) for i in range(self.count)),
                 self.namespace("right")]
        last = len(names) - 1
        for index, (left, right) in enumerate(zip(names, names[1:])):
            self.cable(left, right, left_address=f"10.7.{index}.1/24", right_address=f"10.7.{index}.2/24")
        for index, name in enumerate(names):
            if index < last:
                ip("-n", name, "route", "replace", f"10.7.{last - 1}.0/24", "via", f"10.7.{index}.2"
                   ) if index < last - 1 else None
            if index > 1:
                ip("-n", name, "route", "replace", "10.7.0.0/24", "via", f"10.7.{index - 1}.1")
        self.paths = [Path(names[0], names[-1], "10.7.0.1", f"10.7.{last - 1}.2")]


class RoutersBeside(ByHand):
    """Plain routers side by side, each between two guests of its own."""

    def __init__(self, count=8):
        self.count = count
        self.title = f"{count} plain routers beside each other"

    def build(self):
        for number in range(self.count):
            left, right = self.namespace(f"l{number}"), self.namespace(f"r{number}")
            router = self.namespace(f"m{number}", router=True)
            self.cable(left, router, left_address="10.7.0.1/24", right_address="10.7.0.2/24")
            self.cable(router, right, left_address="10.7.1.1/24", right_address="10.7.1.2/24")
            ip("-n", left, "route", "add", "default", "via", "10.7.0.2")
            ip("-n", right, "route", "add", "default", "via", "10.7.1.1")
            self.paths.append(Path(left, right, "10.7.0.1", "10.7.1.2"))


class HTB(ByHand):
    """A forwarding namespace whose way out has a class for each flow: `rates` and, above them, `ceils` in Mbit/s."""

    def __init__(self, rates, ceils=None, total=None):
        self.rates, self.ceils, self.total = rates, ceils or rates, total or sum(ceils or rates)
        self.title = "HTB"

    def build(self):
        left, right = self.namespace("left"), self.namespace("right")
        router = self.namespace("router", router=True)
        self.cable(left, router, left_address="10.6.0.1/24", right_address="10.6.0.254/24")
        self.cable(router, right, left_address="10.6.1.254/24", right_address="10.6.1.1/24")
        ip("-n", left, "route", "add", "default", "via", "10.6.0.254")
        ip("-n", right, "route", "add", "default", "via", "10.6.1.254")
        tc("-n", router, "qdisc", "add", "dev", "right", "root", "handle", "1:", "htb")
        tc("-n", router, "class", "add", "dev", "right", "parent", "1:", "classid", "1:1", "htb", "rate",
           f"{self.total}mbit")
        for number, (rate, ceil) in enumerate(zip(self.rates, self.ceils), 1):
            if number > 1:
                ip("-n", right, "addr", "add", f"10.6.1.{number}/24", "dev", "left")
            tc("-n", router, "class", "add", "dev", "right", "parent", "1:1", "classid", f"1:{number + 1}", "htb",
               "rate", f"{rate}mbit", "ceil", f"{ceil}mbit")
            tc("-n", router, "filter", "add", "dev", "right", "parent", "1:", "protocol", "ip", "u32", "match", "ip",
               "dst", f"10.6.1.{number}", "flowid", f"1:{number + 1}")
            self.paths.append(Path(left, right, "10.6.0.1", f"10.6.1.{number}"))
