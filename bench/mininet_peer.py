"""The peer: one Linux bridge and N hosts in Mininet 2.3.0, as its documentation has it.

    mininet_peer.py N     prints {"up_ms": …, "down_ms": …, "pss_kb": … a host}
"""
import json
import sys
import time

from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def main():
    count = int(sys.argv[1])
    setLogLevel("error")
    begin = time.monotonic()
    network = Mininet(
        topo=SingleSwitchTopo(k=count), switch=LinuxBridge, controller=None, ipBase="10.0.0.0/16")
    network.start()
    up = time.monotonic() - begin
    memory = sum(pss(host.pid) for host in network.hosts) / count
    begin = time.monotonic()
    network.stop()
    down = time.monotonic() - begin
    print(json.dumps({"up_ms": up * 1e3, "down_ms": down * 1e3, "pss_kb": memory}))


main()
