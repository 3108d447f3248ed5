"""Runs the rows of the service's benchmark, prints what is wanted and what is measured, and writes JSON."""
from common import run_rows, text
from service_rows import ROWS


def show(row):
    for title, values in row["figures"]["values"].items():
        for name, value in values.items():
            digits = 0 if value["median"] >= 100 else 1 if value["median"] >= 10 else 2
            print(f"  {title:36} {name:30} {text(value, digits)}")
    if row["wanted"]:
        print(f"  {'':6} {'wanted':66} {'':10} measured")
    for what, wanted, value, kept in row["wanted"]:
        print(f"  {'-' if kept is None else 'kept' if kept else 'MISSED':6} {what:66} {wanted:10} {value}")


run_rows("service", __doc__, ROWS, show)
