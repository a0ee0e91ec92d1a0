#!/usr/bin/env python3
"""tradecost calibrate against arithmetic of its own.

    calibrate.py BINARY

Least squares by Gauss and Newton in (Y, delta), on orders that a script draws: values, standard errors, covariance,
scale, z, sandwich; the parameter file as estimate reads it back; the same bytes twice; what must not matter does not.
"""
import csv
import datetime
import json
import math
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
passed = failed = 0


def check(good, message):
    global passed, failed
    passed += bool(good)
    failed += not good
    if not good:
        print(message)


def close(name, ours, theirs, relative):
    check(abs(ours - theirs) <= relative * abs(theirs), f'{name}: {ours!r}, by hand {theirs!r}')


def simulate(path, *arguments):
    with open(path, 'w') as file:
        subprocess.run([sys.executable, f'{ROOT}/tests/golden/files/simulate_orders.py', *map(str, arguments)], stdout=file, check=True)


def calibrate(*arguments, status=0):
    done = subprocess.run([BINARY, 'calibrate', *arguments], capture_output=True)
    check(done.returncode == status, f'{arguments}: status {done.returncode}: {done.stderr.decode()}')
    return done.stdout


def by_hand(path):
    """(values, covariance, sandwich, scale, z) of cost = Y sigma (Q/V)^delta/(1 + delta), in bps, with sd sigma sqrt(T/3)."""
    rows = []
    for row in csv.DictReader(open(path)):
        side = 1 if row['side'] == 'buy' else -1
        paid, arrival = float(row['execution_price']), float(row['arrival_price'])
        cost = (side * (paid - arrival) / arrival - float(row['spread']) / 2) * 1e4
        sigma = float(row['volatility']) * 1e4
        rows.append((float(row['quantity']) / float(row['adv']), sigma, cost, sigma * math.sqrt(float(row['duration']) / 3)))
    y, delta = 1.0, 0.5
    for _ in range(200):
        a = [[0, 0], [0, 0]]
        g = [0, 0]
        for x, sigma, cost, sd in rows:
            f = y * sigma * x ** delta / (1 + delta)
            j = (f / y / sd, f * (math.log(x) - 1 / (1 + delta)) / sd)
            for k in range(2):
                g[k] += j[k] * (cost - f) / sd
                for l in range(2):
                    a[k][l] += j[k] * j[l]
        det = a[0][0] * a[1][1] - a[0][1] ** 2
        inverse = [[a[1][1] / det, -a[0][1] / det], [-a[0][1] / det, a[0][0] / det]]
        step = [sum(inverse[k][l] * g[l] for l in range(2)) for k in range(2)]
        y, delta = y + step[0], delta + step[1]
        if max(map(abs, step)) < 1e-14:
            break
    z = [(cost - y * sigma * x ** delta / (1 + delta)) / sd for x, sigma, cost, sd in rows]
    variance = sum(r * r for r in z) / (len(rows) - 2)
    meat = [[0, 0], [0, 0]]
    for (x, sigma, cost, sd), r in zip(rows, z):
        f = y * sigma * x ** delta / (1 + delta)
        j = (f / y / sd, f * (math.log(x) - 1 / (1 + delta)) / sd)
        for k in range(2):
            for l in range(2):
                meat[k][l] += j[k] * j[l] * r * r
    covariance = [[variance * inverse[k][l] for l in range(2)] for k in range(2)]
    return (y, delta), covariance, math.sqrt(variance), z


def least_squares(folder):
    simulate(f'{folder}/orders.csv', 400, 11)
    found = json.loads(calibrate(f'{folder}/orders.csv', '--model', 'square-root', '--loss', 'squares', '--bootstrap', '0', '--format', 'json'))
    values, covariance, scale, z = by_hand(f'{folder}/orders.csv')
    for k, name in enumerate(('y', 'delta')):
        close(name, found['parameters'][name]['value'], values[k], 1e-8)
        close(f'{name} se', found['parameters'][name]['se'], math.sqrt(covariance[k][k]), 1e-7)
        for l in range(2):
            close(f'covariance {k} {l}', found['covariance']['matrix'][k][l], covariance[k][l], 1e-6)
    close('scale', found['scale'], scale, 1e-9)
    close('z sd', found['fit']['z']['sd'], math.sqrt(sum((x - sum(z) / len(z)) ** 2 for x in z) / (len(z) - 1)), 1e-8)
    close('y low', found['parameters']['y']['low'], values[0] * math.exp(-1.96595 * math.sqrt(covariance[0][0]) / values[0]), 1e-4)
    check(found['data']['sha256'] == subprocess.run(['sha256sum', f'{folder}/orders.csv'], capture_output=True, text=True).stdout.split()[0], 'digest')
    check(found['data']['orders'] == 400 and found['net_of_spread'] is True, 'data')
    check(abs(values[0] - 0.8) < 4 * math.sqrt(covariance[0][0]) and abs(values[1] - 0.5) < 4 * math.sqrt(covariance[1][1]), f'truth {values}')


def same_again(folder):
    arguments = [f'{folder}/orders.csv', '--model', 'square-root', '--bootstrap', '30', '--buckets', '3', '--seed', '9']
    for form in ('json', 'html', 'table'):
        first = calibrate(*arguments, '--format', form)
        check(first == calibrate(*arguments, '--format', form), f'{form} differs the second time')
        check(folder.encode() not in first and b'2026-11' not in first, f'{form} tells a path or a time')
    page = calibrate(*arguments, '--format', 'html')
    check(not any(word in page for word in (b'<script', b' src=', b'href=', b'url(')), 'the page does not stand alone')


def fills_are_orders(folder):
    """The same orders as two fills each: the same fit, for the fills' average is the order's price."""
    simulate(f'{folder}/fills.csv', 400, 11, 0.2, 'fills')
    one = json.loads(calibrate(f'{folder}/orders.csv', '--model', 'square-root', '--bootstrap', '0', '--format', 'json'))
    two = json.loads(calibrate(f'{folder}/fills.csv', '--model', 'square-root', '--bootstrap', '0', '--format', 'json'))
    check(two['data']['orders'] == 400, 'fills are added up')
    # Twice the quantity of each order: Q/V doubles, so Y falls by 2^delta and nothing else changes.
    close('delta of fills', two['parameters']['delta']['value'], one['parameters']['delta']['value'], 1e-5)
    close('y of fills', two['parameters']['y']['value'] * 2 ** two['parameters']['delta']['value'], one['parameters']['y']['value'], 1e-5)


def estimate_reads_it(folder):
    calibrate(f'{folder}/orders.csv', '--model', 'square-root', '--bootstrap', '30', '--output', f'{folder}/fitted.json')
    found = json.load(open(f'{folder}/fitted.json'))
    order = ['--broker', 'zerodha', '--exchange', 'NSE', '--product', 'delivery', '--state', 'MH', '--side', 'buy', '--quantity', '10000',
             '--date', '2026-04-02', '--bid', '99.95', '--ask', '100.05', '--adv', '1e6', '--volatility', '0.02', '--duration', '0.5d',
             '--impact-model', 'square-root', '--parameters', f'{folder}/fitted.json', '--format', 'json']
    done = subprocess.run([BINARY, 'estimate', *order], capture_output=True, text=True)
    check(done.returncode == 0, done.stderr)
    impact = json.loads(done.stdout)
    impact = (impact.get('orders') or [impact])[0]['components']['impact']
    y, delta = found['parameters']['y']['value'], found['parameters']['delta']['value']
    cost = y * 0.02 * 0.01 ** delta / (1 + delta) * 1e4
    slope = (cost / y, cost * (math.log(0.01) - 1 / (1 + delta)))
    c = found['covariance']['matrix']
    se = math.sqrt(sum(slope[k] * slope[l] * c[k][l] for k in range(2) for l in range(2)))
    close('impact', float(impact['bps']), cost, 1e-9)
    close('se of impact', float(impact['se']), se, 1e-6)


def bad_rows(folder):
    with open(f'{folder}/orders.csv') as file:
        text = file.read()
    with open(f'{folder}/bad.csv', 'w') as file:
        file.write(text + '2026-01-01,S01,hold,1,100,100,0.1,1,0.01,0\n2026-01-01,S01,buy,1,100,100,0.1,0,0.01,0\n')
    done = subprocess.run([BINARY, 'calibrate', f'{folder}/bad.csv', '--model', 'square-root', '--bootstrap', '0'], capture_output=True, text=True)
    check(done.returncode == 1 and ':402: ' in done.stderr and ':403: ' in done.stderr and done.stdout, done.stderr)


def from_a_store(folder):
    """What the file does not tell comes from the store: ADV and volatility of the twenty days before, the mid of the quote at arrival."""
    first = datetime.date(2026, 1, 1)
    days = [(first + datetime.timedelta(day), 100 + (day * 7 % 5) * 0.5, 1000000 + 1000 * day) for day in range(40)]
    with open(f'{folder}/bars.csv', 'w') as file:
        file.write('date,symbol,open,high,low,close,volume\n')
        for day, price, volume in days:
            file.write(f'{day},ABC,{price},{price + 1},{price - 1},{price},{volume}\n')
    returns = [math.log(b / a) for (_, a, _), (_, b, _) in zip(days[18:], days[19:-1])]
    mean = sum(returns) / 20
    sigma = math.sqrt(sum((r - mean) ** 2 for r in returns) / 19)
    adv = sum(volume for _, _, volume in days[19:39]) / 20
    quotes, orders = ['time,symbol,bid,ask,bid_quantity,ask_quantity'], ['time,exchange,symbol,side,quantity,execution_price,duration']
    for k in range(12):
        time, mid, side, quantity = f'2026-02-09T{10 + k // 6:02d}:{10 * (k % 6):02d}', 100 + k * 0.1, (-1) ** k, 1000 * (k + 1)
        quotes.append(f'{time}:00,ABC,{mid - 0.1:.2f},{mid + 0.1:.2f},100,100')
        price = mid * (1 + side * 0.5 * sigma * quantity / adv) + side * 0.1
        orders.append(f'{time}:05,NSE,ABC,{"buy" if side > 0 else "sell"},{quantity},{price:.12f},0.1')
    orders.append('2026-02-09T10:00:00,NSE,XYZ,buy,100,100,0.1')
    for name, lines in (('quotes', quotes), ('store-orders', orders)):
        with open(f'{folder}/{name}.csv', 'w') as file:
            file.write('\n'.join(lines) + '\n')
    imported = subprocess.run([BINARY, 'market', 'import', f'{folder}/bars.csv', f'{folder}/quotes.csv', '--store', f'{folder}/store.db', '--exchange', 'NSE'],
                              capture_output=True, text=True)
    check(imported.returncode == 0, imported.stderr)
    found = json.loads(calibrate(f'{folder}/store-orders.csv', '--model', 'linear', '--loss', 'squares', '--bootstrap', '0', '--format', 'json',
                                 '--store', f'{folder}/store.db', status=1) or '{}')
    if not found:
        return
    close('alpha from a store', found['parameters']['alpha']['value'], 0.5, 1e-8)
    check(found['data']['orders'] == 12 and found['data']['refused'] == 1 and found['net_of_spread'], 'orders from a store')


def main():
    with tempfile.TemporaryDirectory() as folder:
        least_squares(folder)
        same_again(folder)
        fills_are_orders(folder)
        estimate_reads_it(folder)
        bad_rows(folder)
        from_a_store(folder)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    BINARY = os.path.abspath(sys.argv[1])
    sys.exit(main())
