"""Real hosts: machines of the site with an agent each, and a second cable to the site's switch."""
import contextlib
import glob
import os
import shutil

from common import tag
from places import program, run


class Host:
    """A host called `h1` and so on, on machine 11 and up."""

    def __init__(self, site, index, controllers):
        self.site, self.number, self.name, self.controllers = site, 10 + index, f"h{index}", controllers
        self.state = site.path(self.name, "state")
        os.makedirs(self.state, exist_ok=True)
        self.tag = tag(self.state)
        self.namespace = site.machine(self.name, self.number, trunk=True)
        self.agent = None
        site.at_end(shutil.rmtree, f"/run/virtcloud-{self.tag}", ignore_errors=True)
        site.at_end(self._remove)

    def start(self, token=None):
        words = [program(), "agent", "--state", self.state, "--name", self.name]
        for address in self.controllers.addresses:
            words += ["--controller", f"https://{address}"]
        if token:
            words += ["--token", token, "--ca", self.controllers.ca]
        self.agent = self.site.start(self.namespace, words, f"{self.name}.log")

    def kill(self):
        self.agent.kill()

    def cut(self, isCut):
        self.site.cut(self.number, isCut)

    def cut_trunk(self, isCut):
        """Takes the cable out on which infrastructures' traffic goes."""
        run("ip", "-n", self.site.switch, "link", "set", f"t{self.number}", "down" if isCut else "up")

    @property
    def groups(self):
        """Its control groups, innermost first."""
        found = glob.glob(f"/sys/fs/cgroup/**/virtcloud-{self.tag}", recursive=True)
        return sorted((path for top in found for path, _, _ in os.walk(top)), key=len, reverse=True)

    def processes(self):
        """Ids of what runs on its machines."""
        ids = []
        for group in self.groups:
            with contextlib.suppress(OSError), open(os.path.join(group, "cgroup.procs")) as file:
                ids += [int(line) for line in file]
        return sorted(set(ids))

    def machine_at(self, address):
        """A process of the machine that has this address; nil where there is none."""
        for pid in self.processes():
            words = run("nsenter", "-t", str(pid), "-n", "ip", "-o", "addr", check=False).stdout
            if f" {address}/" in words:
                return pid
        return None

    @property
    def devices(self):
        """Network namespaces that its agent made."""
        return [name for name in os.listdir("/run/netns") if name.startswith(f"vc{self.tag}-")]

    def leftovers(self):
        """What is there though nothing should be."""
        links = run("ip", "-n", self.namespace, "-o", "link").stdout
        found = [f"namespace {name}" for name in self.devices] + [f"process {pid}" for pid in self.processes()]
        return found + [line.split(":")[1].strip() for line in links.splitlines() if ": vc" in line]

    def _remove(self):
        """What an interrupted run leaves."""
        for pid in self.processes():
            with contextlib.suppress(OSError):
                os.kill(pid, 9)
        for name in self.devices:
            run("ip", "netns", "del", name, check=False)
        for group in self.groups:
            with contextlib.suppress(OSError):
                os.rmdir(group)
