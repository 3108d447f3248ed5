"""Members of an etcd cluster, each on a machine of its own."""
from places import run, until


class Etcd:
    """A cluster on machines 101 and up."""

    def __init__(self, site, members):
        self.site = site
        self.numbers = [101 + index for index in range(members)]
        self._spaces = {number: site.machine(f"etcd{number}", number) for number in self.numbers}
        self._processes = {}
        for number in self.numbers:
            self.start(number)
        until(self.answers, 30, "an etcd that answers")

    @property
    def endpoints(self):
        return [f"http://{self.site.address(number)}:2379" for number in self.numbers]

    def start(self, number):
        address = self.site.address(number)
        cluster = ",".join(f"e{n}=http://{self.site.address(n)}:2380" for n in self.numbers)
        self._processes[number] = self.site.start(
            self._spaces[number],
            ["etcd", "--name", f"e{number}", "--data-dir", self.site.path(f"etcd{number}"),
             "--listen-client-urls", f"http://{address}:2379", "--advertise-client-urls", f"http://{address}:2379",
             "--listen-peer-urls", f"http://{address}:2380", "--initial-advertise-peer-urls", f"http://{address}:2380",
             "--initial-cluster", cluster, "--log-level", "error"], f"etcd{number}.log")

    def kill(self, number):
        self._processes[number].kill()

    def answers(self):
        done = run(
            "nsenter", f"--net=/run/netns/{self.site.switch}", "etcdctl", "--endpoints", ",".join(self.endpoints),
            "--command-timeout=2s", "endpoint", "health", check=False)
        return done.returncode == 0
