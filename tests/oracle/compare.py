#!/usr/bin/env python3
"""Compares `tradecost price FILE --level L --format csv` with oracle.py's answer, cell by cell as text.

compare.py TRADECOST.csv ORACLE.csv [--show 50]. Exit 1 where anything differs.
"""
import argparse
import csv
import sys
from collections import Counter
from itertools import zip_longest

from oracle import AMOUNTS

CONTEXT = ('fill_id', 'order_id', 'date', 'client', 'broker', 'plan', 'state', 'exchange', 'segment', 'symbol',
           'series', 'instrument', 'class', 'product', 'side', 'quantity', 'price', 'strike', 'event')


def differences(ours, theirs):
    """[(column, tradecost's, oracle's)] of one row, and the number of cells compared."""
    if ours['error'] or theirs['error']:
        same = bool(ours['error']) == bool(theirs['error'])
        return [] if same else [('error', ours['error'], theirs['error'])], 1
    return [(name, ours[name], theirs[name]) for name in AMOUNTS if ours[name] != theirs[name]], len(AMOUNTS)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('tradecost')
    options.add_argument('oracle')
    options.add_argument('--show', type=int, default=50)
    options = options.parse_args()
    rows = cells = shown = 0
    counts, columns = Counter(), Counter()
    with open(options.tradecost, newline='') as first, open(options.oracle, newline='') as second:
        for number, (ours, theirs) in enumerate(zip_longest(csv.DictReader(first), csv.DictReader(second)), 1):
            if ours is None or theirs is None:
                print(f'row {number}: only one file has it')
                counts['', '', '', 'row'] += 1
                break
            rows += 1
            found, compared = differences(ours, theirs)
            cells += compared
            for name, left, right in found:
                counts[ours.get('broker', ''), ours.get('plan', ''), ours.get('segment', ''), name] += 1
                columns[name] += 1
                if shown < options.show:
                    shown += 1
                    print(f'row {number} {name}: tradecost {left or "(empty)"}, oracle {right or "(empty)"}: '
                          + ' '.join(f'{key}={ours[key]}' for key in CONTEXT if ours.get(key)))
    print(f'{rows} rows, {cells} cells compared, {sum(counts.values())} differences')
    for name, count in columns.most_common():
        print(f'{count:9d}  {name}')
    for key, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f'{count:9d}  ' + ' '.join(part or '-' for part in key))
    return 1 if counts else 0


if __name__ == '__main__':
    sys.exit(main())
