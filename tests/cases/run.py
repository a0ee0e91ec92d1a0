#!/usr/bin/env python3
"""Published cases: what exchanges' and brokers' own documents say that trades cost.

    run.py BINARY [ID...]

published.csv holds one case a line, re-typed from the source it names; none was written by this project. Of the same
shape are groww_2026_01_05/figures.csv, a whole contract note, and vectors/vectors.csv, trades that tell readings of the
tax on securities apart.

  level    exact, api or note: how the source rounds
  date why the day it is priced on, and why that day (many sources print none)
  options  words of the command line, key=value
  fills    SIDE QUANTITY @ PRICE [key=value...]; several are separated by ";"; or a file of them
  figures  what the source prints: name=value at its printed decimals, half up; name==value to the last decimal
           (beyond nine they are noise of a float); name+name is printed as one; name@1,2 is of these fills alone
  differs  name=value reason: the source's figure cannot follow from the tariffs. The value is what follows from them by
           hand and is compared instead, at its own decimals; the source's own must really differ. "unknown" is an
           empty cell.

A line for each figure that fails, then "N passed, N failed"; exit status 1 if any failed.
"""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = "published.csv", "groww_2026_01_05/figures.csv", "vectors/vectors.csv"
CHARGES = ("turnover brokerage transaction_tax exchange_charge clearing_charge sebi_fee ipft stamp_duty gst other "
           "note_total dp_charge total").split()
ON_COMMAND_LINE = {"dp", "brokerage"}  # options that are no column


def run(binary, *arguments):
    done = subprocess.run([binary, *arguments], capture_output=True, text=True)
    if done.returncode or "runtime error" in done.stderr:
        raise RuntimeError(f"{' '.join(arguments)}: status {done.returncode}: {done.stderr.strip()[:300]}")
    return done.stdout


def number(text):
    return None if text == "" else Decimal(text)


def add(rows):
    """The sum of each column; a cell that is empty in any row has none."""
    return {name: None if any(row[name] is None for row in rows) else sum(row[name] for row in rows) for name in rows[0]}


def pairs(text):
    return dict(part.split("=", 1) for part in text.split())


def read_fills(text):
    if text.endswith(".csv"):
        with open(os.path.join(HERE, text), newline="") as file:
            yield from csv.DictReader(file)
        return
    for part in text.split(";"):
        side, quantity, at, price, *more = part.split()
        assert at == "@", part
        yield {"side": side, "quantity": quantity, "price": price, **pairs(" ".join(more))}


def quote(binary, extra, level, order):
    arguments = [word for key, value in order.items() for word in ("--" + key.replace("_", "-"), value)]
    answer = json.loads(run(binary, "quote", "--format", "json", "--level", level, *extra, *arguments))
    return {name: number(answer["charges"][name]) for name in CHARGES}


def table(binary, command, extra, orders, wanted):
    """The rows that `price` or `note` makes of a file of these orders."""
    columns = list(dict.fromkeys(key for order in orders for key in order))
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", delete=False) as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(orders)
    try:
        rows = list(csv.DictReader(io.StringIO(run(binary, *command, "--format", "csv", *extra, file.name))))
    finally:
        os.unlink(file.name)
    return [{name: number(row[name]) for name in wanted} for row in rows]


def price(binary, case):
    """Amounts of the case in all and, where files can say it, of each fill."""
    options = pairs(case["options"])
    extra = ["--tariffs", os.path.join(HERE, "tariffs")]
    extra += [word for key in sorted(ON_COMMAND_LINE & set(options)) for word in ("--" + key, options[key])]
    orders = []
    for fill in read_fills(case["fills"]):
        columns = {key: value for key, value in options.items() if key not in ON_COMMAND_LINE}
        orders.append({"date": case["date"], **columns, **fill})
    if case["level"] == "api" or (case["level"] == "exact" and len(orders) == 1):
        each = [quote(binary, extra, case["level"], order) for order in orders]
        return add(each), each
    for place, order in enumerate(orders, 1):
        order.setdefault("symbol", "UNNAMED")
        order["order_id"] = str(place)
    each = table(binary, ["price", "--level", case["level"]], extra, orders, CHARGES)
    if case["level"] == "exact":
        return add(each), each
    note = add(table(binary, ["note"], extra, orders, CHARGES + ["net_amount"]))
    if len(orders) == 1:  # three ways to one answer
        single = quote(binary, extra, "note", orders[0])
        assert {**single, "net_amount": note["net_amount"]} == note, (case["id"], single, note)
    assert add(each) == {name: note[name] for name in CHARGES}, (case["id"], add(each), note)
    return note, each


def ours(name, whole, each):
    name, _, places = name.partition("@")
    rows = [each[int(place) - 1] for place in places.split(",")] if places else [whole]
    parts = [row[part] for row in rows for part in name.split("+")]
    return None if any(part is None for part in parts) else sum(parts)


def same(printed, exactly, value):
    if printed == "unknown" or value is None:
        return printed == "unknown" and value is None
    decimals = len(printed.partition(".")[2])
    if exactly and decimals <= 9:
        return value == Decimal(printed)
    quantum = Decimal(1).scaleb(-min(decimals, 9))
    return value.quantize(quantum, ROUND_HALF_UP) == Decimal(printed).quantize(quantum, ROUND_HALF_UP)


def figures(case):
    """name, printed, exactly, and where it differs by right (value, reason)."""
    excuses = {}
    for part in filter(None, map(str.strip, case["differs"].split(";"))):
        name, value, reason = re.fullmatch(r"([a-z_+@0-9,]+)=(\S+) (.{10,})", part).groups()
        excuses[name] = value, reason
    for part in case["figures"].split(";"):
        name, equals, printed = re.fullmatch(r"([a-z_+@0-9,]+?)(==?)(-?[0-9.]+)", part.strip()).groups()
        yield name, printed, equals == "==", excuses.pop(name, None)
    assert not excuses, (case["id"], excuses)


def check(case, binary):
    """Lines that say what fails, and how many figures there are."""
    count = 0
    try:
        whole, each = price(binary, case)
    except (RuntimeError, AssertionError, KeyError) as problem:
        count = len(list(figures(case)))
        return [f"{case['id']}: {problem}"] * count, count
    bad = []
    for name, printed, exactly, excuse in figures(case):
        count += 1
        value = ours(name, whole, each)
        if not excuse and not same(printed, exactly, value):
            bad.append(f"{case['id']} {name}: printed {printed}, ours {value}")
        elif excuse and not same(excuse[0], False, value):
            bad.append(f"{case['id']} {name}: expected {excuse[0]} ({excuse[1]}), ours {value}")
        elif excuse and same(printed, exactly, value):
            bad.append(f"{case['id']} {name}: agrees with the source now, drop the excuse ({excuse[1]})")
    return bad, count


def main(binary, *ids):
    passed = failed = 0
    cases = []
    for table_name in TABLES:
        with open(os.path.join(HERE, table_name), newline="") as file:
            cases += [case for case in csv.DictReader(file) if not ids or case["id"] in ids]
    for case in cases:
        bad, count = check(case, binary)
        for line in dict.fromkeys(bad):
            print(line)
        failed += len(bad)
        passed += count - len(bad)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
