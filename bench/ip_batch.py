"""The second floor: the same links, namespaces and addresses through one `ip -batch` a namespace.

    ip_batch.py N     prints {"up_ms": …, "down_ms": …}
"""
import json
import subprocess
import sys
import time

HOST = "vcbench-host"


def ip(lines, namespace=None):
    command = ["ip"] + (["-n", namespace] if namespace else []) + ["-batch", "-"]
    subprocess.run(command, input="\n".join(lines) + "\n", text=True, check=True)


def up(count):
    guests = [f"vcbench-{i}" for i in range(count)]
    ip([f"netns add {name}" for name in [HOST] + guests])
    lines = ["link add name br0 type bridge", "link set br0 up"]
    for i, name in enumerate(guests):
        lines.append(f"link add p{i} type veth peer name eth0 netns {name}")
        lines.append(f"link set p{i} group 7 master br0 up")
    ip(lines, HOST)
    for i, name in enumerate(guests):
        ip(["link set lo up", f"addr add 10.0.{i // 250}.{i % 250 + 1}/16 dev eth0", "link set eth0 up"], name)
    return guests


def down(guests):
    ip(["link del group 7", "link del br0"], HOST)
    ip([f"netns del {name}" for name in [HOST] + guests])


def main():
    begin = time.monotonic()
    guests = up(int(sys.argv[1]))
    built = time.monotonic() - begin
    begin = time.monotonic()
    down(guests)
    print(json.dumps({"up_ms": built * 1e3, "down_ms": (time.monotonic() - begin) * 1e3}))


main()
