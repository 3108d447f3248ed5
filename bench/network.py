"""Runs the rows of the network benchmark, prints what is wanted and what is measured, and writes JSON."""
import network_changes
import network_rates
import network_rows
from common import run_rows, text

ROWS = {
    "tagging": network_rows.tagging, "throughput": network_rows.throughput, "router": network_rows.router,
    "round-trip": network_rows.round_trip, "packets": network_rows.packets, "order": network_changes.order,
    "unrest": network_changes.unrest, "rates": network_rates.rates, "guarantee": network_rates.guarantee,
    "scale": network_changes.scale, "set-type": network_changes.set_type, "encrypted": network_rows.encrypted,
}


def show(row):
    figures = row["figures"]
    values = figures.get("values", {})
    if any("median" in both for both in values.values()):
        values = {"virtcloud": values}
    for title, both in values.items():
        for name, value in both.items():
            if not isinstance(value, dict):
                continue
            ratio = figures.get("ratios", {}).get(title, {}).get(name)
            digits = 1 if value["median"] >= 10 else 3
            print(f"  {title:42} {name:24} {text(value, digits):28}" + (f" {text(ratio, 2)}" if ratio else ""))
    print(f"  {'wanted':72} {'':10} measured")
    for what, wanted, value, kept in row["wanted"]:
        print(f"  {'kept' if kept else 'MISSED' if kept is not None and value != 'not measured' else '-':6} {what:65} "
              f"{wanted:10} {value}")


run_rows("network", __doc__, ROWS, show, "ratios are to the base of the same round; ")
