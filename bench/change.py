"""A one-machine change in a small and in a large infrastructure."""
from common import Installation, segment, summary


def measure(rounds, sizes=(10, 200)):
    samples = {size: {"add": [], "remove": []} for size in sizes}
    with Installation() as installation:
        for size in sizes:
            installation.run("up", "-q", "-t", "-", text=segment(size, f"size{size}"))
        for _ in range(rounds):
            for size in sizes:
                for key, count in (("add", size + 1), ("remove", size)):
                    wall, _ = installation.run("up", "-q", "-t", "-", text=segment(count, f"size{size}"))
                    samples[size][key].append(wall)
    return {str(size): {key: summary(values) for key, values in both.items()} for size, both in samples.items()}
