#!/usr/bin/env python3
"""Prices a canonical CSV, a row for a row: oracle.py FILE --level exact|note [--jobs N] > amounts.csv"""
import argparse
import csv
import os
import sys
from collections import defaultdict
from multiprocessing import Pool

import pricing
from money import half_up, show

AMOUNTS = ('turnover', 'brokerage', 'transaction_tax', 'exchange_charge', 'clearing_charge', 'sebi_fee', 'ipft',
           'stamp_duty', 'gst', 'other', 'note_total', 'dp_charge', 'total')
REQUIRED = ('exchange', 'symbol', 'side', 'quantity', 'price', 'date', 'broker')
BLOCK = 4000                                            # rows a worker takes at a time, whole dates


def split(line):
    if '"' in line:
        return next(csv.reader([line]))
    return line.rstrip('\r\n').split(',')


def read(path):
    """(header, {date: [(row number, line)]})."""
    days = defaultdict(list)
    with (sys.stdin if path == '-' else open(path, newline='')) as file:
        header = split(next(file))
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            sys.exit(f'{path}: no column ' + ', '.join(missing))
        date = header.index('date')
        for number, line in enumerate(file):
            days[split(line)[date]].append((number, line))
    return header, days


def blocks(header, days, level):
    """Whole dates, gathered until a block is worth a message to a worker."""
    block, size = [], 0
    for day in sorted(days):
        rows = days.pop(day)
        block.append(rows)
        size += len(rows)
        if size >= BLOCK:
            yield header, level, block
            block, size = [], 0
    if block:
        yield header, level, block


def price(task):
    header, level, days = task
    numbers, texts = [], []
    for rows in days:
        fills, errors = [], {}
        for number, line in rows:
            try:
                fills.append(pricing.Fill(number, dict(zip(header, split(line)))))
            except (pricing.Refused, pricing.NoTariff, ValueError, KeyError) as reason:
                errors[number] = f'{type(reason).__name__}: {reason}'
        (pricing.price_exact if level == 'exact' else pricing.price_note)(fills)
        done = {fill.index: fill for fill in fills}
        for number, _ in rows:
            numbers.append(number)
            texts.append(refused(errors[number]) if number in errors else text_of(done[number], level))
    return numbers, texts


def refused(reason):
    return ',' * len(AMOUNTS) + reason.replace(',', ';')


def text_of(fill, level):
    if fill.error:
        return refused(fill.error)
    places, trim = (9, True) if level == 'exact' else (2, False)
    amounts = dict(fill.amounts)
    amounts['turnover'] = fill.turnover * 1000 if level == 'exact' else half_up(fill.turnover, 10_000)
    lines = [amounts[line] for line in pricing.LINES]
    amounts['dp_charge'] = fill.dp
    known = None not in lines and fill.dp is not None   # what is unknown leaves both totals empty
    amounts['note_total'] = sum(lines) if known else None
    amounts['total'] = sum(lines) + fill.dp if known else None
    return ','.join('' if amounts[name] is None else show(amounts[name], places, trim) for name in AMOUNTS) + ','


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('file')
    options.add_argument('--level', choices=('exact', 'note'), default='exact')
    options.add_argument('--jobs', type=int, default=min(2, os.cpu_count() or 1))
    options.add_argument('--output', default='-')
    options = options.parse_args()
    header, days = read(options.file)
    results = [''] * sum(len(rows) for rows in days.values())
    with Pool(options.jobs) as pool:
        for numbers, texts in pool.imap_unordered(price, blocks(header, days, options.level)):
            for number, text in zip(numbers, texts):
                results[number] = text
    with (sys.stdout if options.output == '-' else open(options.output, 'w')) as file:
        file.write(','.join(AMOUNTS) + ',error\n')
        file.writelines(text + '\n' for text in results)


if __name__ == '__main__':
    main()
