"""The definition of break-even, tried at every tick: each exit is one client's in one tradebook that `price` prices.

    breakeven.py BROKER PRODUCT SIDE QUANTITY PRICE TICK LEVEL TARGET
"""
import csv
import io
import subprocess
import sys
from decimal import Decimal

broker, product, side, quantity, price, tick, level, target = sys.argv[1:]
other = {'buy': 'sell', 'sell': 'buy'}[side]
entry, step, wanted = Decimal(price), Decimal(tick), Decimal(target)
common = ['--broker', broker, '--exchange', 'NSE', '--product', product, '--state', 'MH', '--date', '2026-04-02', '--level', level]


def run(*arguments, text=None):
    done = subprocess.run(['tradecost', *arguments, '--format', 'csv'], input=text, capture_output=True, text=True, check=True)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def nets(ticks):
    """What is left after an exit at each tick; on one note with the entry if both are of one day."""
    book = io.StringIO()
    rows = csv.writer(book)
    rows.writerow(['client', 'side', 'price', 'order_id', 'time', 'symbol', 'quantity'])
    for number in ticks:
        if product == 'intraday':
            rows.writerow([number, side, entry, 1, '10:00:00', 'X', quantity])
        rows.writerow([number, other, number * step, 2, '11:00:00', 'X', quantity])
    costs = dict.fromkeys(ticks, Decimal(0))
    for row in run('price', '-', *common, text=book.getvalue()):
        costs[int(row['client'])] += Decimal(row['total'])
    before = Decimal(0)
    if product != 'intraday':
        before = Decimal(run('quote', *common, '--side', side, '--quantity', quantity, '--price', price)[0]['total'])
    sign = 1 if side == 'buy' else -1
    return {number: sign * Decimal(quantity) * (number * step - entry) - costs[number] - before for number in ticks}


def by_definition(last):
    """The best tick all of whose run is good; None if the ticks up to `last` do not tell."""
    first = int(entry / step)
    left = nets(range(first, last + 1) if side == 'buy' else range(last, first + 1))
    for number in sorted(left, reverse=side == 'sell'):
        run_of = range(number, 2 * number + 1) if side == 'buy' else range(-(-number // 2), number + 1)
        if all(left.get(n, wanted) >= wanted for n in run_of):
            return number if run_of[0] in left and run_of[-1] in left else None


found = run('breakeven', *common, '--side', side, '--quantity', quantity, '--price', price, '--tick', tick, '--target', target)[0]
number = int(Decimal(found['breakeven']) / step)
assert by_definition(2 * number if side == 'buy' else -(-number // 2)) == number, (found, by_definition(2 * number))
print('the same', found['breakeven'])
