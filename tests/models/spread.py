#!/usr/bin/env python3
"""`tradecost spread` against published figures and against the formulas written out in plain loops.

    spread.py BINARY

Published figures are read from the reference folder beside the repository, where it exists (REFERENCE_DATA says another place).
"""
import csv
import datetime
import json
import math
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.environ.get('REFERENCE_DATA', os.path.join(os.path.dirname(ROOT), 'shared', 'data')) + '/models'
BEST = 1e-12
NAN = math.nan
NAMES = {'EDGE': 'edge', 'OHLC': 'ohlc', 'CHLO': 'chlo', 'OHL': 'ohl', 'CHL': 'chl', 'ROLL': 'roll', 'CS': 'corwin-schultz',
         'CS2': 'corwin-schultz-2', 'AR': 'abdi-ranaldo', 'AR2': 'abdi-ranaldo-2'}


class Checks:
    passed = failed = 0

    def that(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f'FAILED {what}')

    def near(self, got, wanted, what, tolerance=BEST, floor=0.0):
        good = math.isnan(got) if math.isnan(wanted) else abs(got - wanted) <= tolerance * abs(wanted) + floor
        self.that(good, f'{what}: {got!r}, not {wanted!r}')


# The formulas, from the papers. A bar is (open, high, low, close) in logarithms; None is missing.

def minus(a, b):
    return None if a is None or b is None else a - b


def times(*factors):
    return None if any(f is None for f in factors) else math.prod(factors)


def mean(values):
    known = [v for v in values if v is not None]
    return math.fsum(known) / len(known) if known else NAN


def middle(h, l):
    return None if h is None or l is None else (h + l) / 2


def differ(tau, a, b):
    return None if tau is None or a is None or b is None else tau * (a != b)


def pairs(bars):
    """What both bars of each pair say."""
    for (o1, h1, l1, c1), (o, h, l, c) in zip(bars, bars[1:]):
        tau = None if h is None or l is None or c1 is None else int(h != l or l != c1)
        yield {'o': o, 'h': h, 'l': l, 'c1': c1, 'h1': h1, 'l1': l1, 'm': middle(h, l), 'm1': middle(h1, l1), 'tau': tau}


def frequencies(rows):
    po = mean([differ(r['tau'], r['o'], r['h']) for r in rows]) + mean([differ(r['tau'], r['o'], r['l']) for r in rows])
    pc = mean([differ(r['tau'], r['c1'], r['h1']) for r in rows]) + mean([differ(r['tau'], r['c1'], r['l1']) for r in rows])
    return mean([r['tau'] for r in rows]), po, pc


def idle(rows, *often):
    return len(rows) < 2 or sum(r['tau'] or 0 for r in rows) < 2 or any(not p > 0 for p in often)


def edge(bars):
    """(s2, the size of what it is the difference of)"""
    rows = list(pairs(bars))
    pt, po, pc = frequencies(rows) if rows else (NAN, NAN, NAN)
    if idle(rows, po, pc):
        return NAN, 0
    r1, r2 = [minus(r['m'], r['o']) for r in rows], [minus(r['o'], r['m1']) for r in rows]
    r3, r4 = [minus(r['m'], r['c1']) for r in rows], [minus(r['c1'], r['m1']) for r in rows]
    r5, tau = [minus(r['o'], r['c1']) for r in rows], [r['tau'] for r in rows]
    d1, d3, d5 = ([minus(a, times(mean(s) / pt, t)) for a, t in zip(s, tau)] for s in (r1, r3, r5))
    x1 = [minus(times(-4 / po, a, b), times(4 / pc, c, d)) for a, b, c, d in zip(d1, r2, d3, r4)]
    x2 = [minus(times(-4 / po, a, b), times(4 / pc, c, d)) for a, b, c, d in zip(d1, r5, d5, r4)]
    e1, e2 = mean(x1), mean(x2)
    v1, v2 = (mean([None if v is None else (v - e) ** 2 for v in x]) for x, e in ((x1, e1), (x2, e2)))
    size = max(abs(v) for v in x1 + x2 if v is not None) if not math.isnan(e1 + e2) else 0
    return ((v2 * e1 + v1 * e2) / (v1 + v2) if v1 + v2 > 0 else (e1 + e2) / 2), size


def block(first, second, often):
    def s2(bars):
        rows = list(pairs(bars))
        pt, po, pc = frequencies(rows) if rows else (NAN, NAN, NAN)
        p = po if often == 'open' else pc
        if idle(rows, p):
            return NAN, 0
        a, b = ([minus(r[x], r[y]) for r in rows] for x, y in (first, second))
        products = [times(x, y) for x, y in zip(a, b)]
        value = -8 / p * (mean(products) - mean(a) * mean([times(r['tau'], y) for r, y in zip(rows, b)]) / pt)
        return value, max((abs(v) for v in products if v is not None), default=0) / p
    return s2


def roll(bars):
    closes = [c for _, _, _, c in bars]
    known = [(c - b, b - a) for a, b, c in zip(closes, closes[1:], closes[2:]) if None not in (a, b, c)]
    if len(known) < 2:
        return NAN, 0
    x, y = mean([a for a, _ in known]), mean([b for _, b in known])
    return -4 * math.fsum((a - x) * (b - y) for a, b in known) / (len(known) - 1), max(abs(a * b) for a, b in known)


def two_days(h1, l1, c1, h, l):
    gap = max(0, c1 - h) + min(0, c1 - l)
    beta = (h - l) ** 2 + (h1 - l1) ** 2
    gamma = (max(h + gap, h1) - min(l + gap, l1)) ** 2
    k = 3 - 2 * math.sqrt(2)
    alpha = (math.sqrt(2 * beta) - math.sqrt(beta)) / k - math.sqrt(gamma / k)
    return 2 * (math.exp(alpha) - 1) / (1 + math.exp(alpha))


def corwin_schultz(floor):
    def spread(bars):
        known = [(h1, l1, c1, h, l) for (_, h1, l1, c1), (_, h, l, _) in zip(bars, bars[1:]) if None not in (h1, l1, c1, h, l)]
        found = [two_days(*pair) for pair in known]
        found = [max(0, s) for s in found] if floor else found
        return mean(found), max([h - l + h1 - l1 for h1, l1, _, h, l in known] + [1e-3], default=0)
    return spread


def abdi_ranaldo(bars):
    return [4 * (c1 - (h1 + l1) / 2) * (c1 - (h + l) / 2)
            for (_, h1, l1, c1), (_, h, l, _) in zip(bars, bars[1:]) if None not in (h1, l1, c1, h, l)]


SQUARED = {'edge': edge, 'ohlc': block('mo', ('o', 'c1'), 'open'), 'chlo': block(('o', 'c1'), ('c1', 'm1'), 'close'),
           'ohl': block('mo', ('o', 'm1'), 'open'), 'chl': block(('m', 'c1'), ('c1', 'm1'), 'close'), 'roll': roll,
           'abdi-ranaldo': lambda bars: (mean(abdi_ranaldo(bars)), max(map(abs, abdi_ranaldo(bars)), default=0))}
PLAIN = {'corwin-schultz': corwin_schultz(False), 'corwin-schultz-2': corwin_schultz(True),
         'abdi-ranaldo-2': lambda bars: (mean([math.sqrt(max(0, s)) for s in abdi_ranaldo(bars)]), 0)}
LEAST = {'roll': 4, 'corwin-schultz': 2, 'corwin-schultz-2': 2, 'abdi-ranaldo': 2, 'abdi-ranaldo-2': 2}


def expected(name, bars, signed):
    """(spread, by how much rounding may move it)"""
    if len(bars) < LEAST.get(name, 3):
        return NAN, 0
    value, size = (SQUARED.get(name) or PLAIN[name])(bars)
    slack = 4e-15 * size
    if name in SQUARED and not math.isnan(value):
        root = math.sqrt(abs(value))
        slack = slack / root if root > math.sqrt(slack) else 2 * math.sqrt(slack)
        value = math.copysign(root, value)
    return (value if signed else abs(value)), slack


# The program.

class Program:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def rows(self, path, *options):
        done = subprocess.run([self.binary, 'spread', path, '--format', 'ndjson', '--quiet', *options], capture_output=True, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()], done.returncode

    def write(self, bars, columns=('Open', 'High', 'Low', 'Close')):
        path = f'{self.folder}/bars.csv'
        with open(path, 'w', newline='') as file:
            out = csv.writer(file)
            out.writerow(columns)
            out.writerows([['' if v is None else repr(v) for v in bar] for bar in bars])
        return path


def number(cell):
    return NAN if cell is None else cell


def read(path):
    with open(path) as file:
        return [tuple(float(row[k]) if row.get(k) not in (None, '', 'NA', 'NaN') else None for k in ('Open', 'High', 'Low', 'Close'))
                for row in csv.DictReader(file)]


def logs(bars):
    return [tuple(None if v is None else math.log(v) for v in bar) for bar in bars]


def published(check, program):
    if not os.path.isdir(DATA):
        print(f'skipped: no reference data in {DATA}')
        return
    three = [(18.21, 18.21, 17.61, 17.61), (17.61,) * 4, (17.61,) * 4]
    for row in csv.DictReader(open(f'{DATA}/bidask_expected.csv')):
        name, value = row['dataset'], float(row['value'])
        bars = three if name.startswith('3-row') else read(f'{DATA}/{name.split()[0]}')
        bars = bars[:10] if 'rows 1-10' in name else bars
        path = program.write([bar[:3] for bar in bars], ('open', 'HIGH', 'Low')) if 'no Close' in name else program.write(bars)
        estimator, _, part = row['estimator'].partition('.')
        if part:
            continue                                    # the intermediates: tests/unit/spread_test.c
        signed = ['--signed'] if row['sign'] == '1' else []
        got, status = program.rows(path, '--estimator', NAMES[estimator], *signed)
        check.near(number(got[0]['spread']), value, f'{name} {estimator}')
        check.that(status == (1 if math.isnan(value) else 0), f'{name} {estimator}: exit status {status}')


def draw(rng, count, missing, tick, spread):
    """Bars of a random walk whose trades are at bid or ask, some of them without trades."""
    price, bars = 100 * rng.uniform(0.5, 20), []
    for _ in range(count):
        trades = []
        for _ in range(rng.choice((1, 1, 2, 5, 30))):
            price *= math.exp(rng.gauss(0, 0.004))
            trades.append(max(tick, round(price * (1 + rng.choice((-0.5, 0.5)) * spread) / tick) * tick))
        if bars and rng.random() < 0.1:
            trades = [bars[-1][3] or price]
        bars.append((trades[0], max(trades), min(trades), trades[-1]))
    return [tuple(None if rng.random() < missing else v for v in bar) for bar in bars]


def random_series(check, program):
    rng = random.Random(20240)
    for round_ in range(24):
        bars = draw(rng, rng.choice((1, 2, 3, 4, 7, 40, 300)), rng.choice((0, 0, 0.02, 0.2, 0.6)), rng.choice((0.01, 0.05, 1)), rng.choice((0, 0.001, 0.02)))
        path, logarithms = program.write(bars), logs(bars)
        for name in NAMES.values():
            for signed in (False, True):
                options = ['--estimator', name] + (['--signed'] if signed else [])
                what = f'series {round_} {" ".join(options)}'
                got, status = program.rows(path, *options)
                wanted, slack = expected(name, logarithms, signed)
                check.near(number(got[0]['spread']), wanted, what, floor=slack)
                check.that(status == (1 if math.isnan(wanted) else 0), f'{what}: exit status {status}')
                windows(check, program, path, logarithms, name, signed, options, what)


def windows(check, program, path, logarithms, name, signed, options, what):
    window = 5 if len(logarithms) < 40 else 21
    got, _ = program.rows(path, *options, '--window', str(window))
    check.that([row['row'] for row in got] == list(range(1, len(logarithms) + 1)), f'{what}: a row for each bar')
    for i, row in enumerate(got):
        wanted, slack = expected(name, logarithms[i + 1 - window:i + 1], signed) if i + 1 >= window else (NAN, 0)
        check.near(number(row['spread']), wanted, f'{what} window ending at {i + 1}', floor=slack)


def one_answer(check, program):
    """A window has the very spread of a file that holds nothing else, and spreads know no unit of price."""
    rng = random.Random(7)
    bars = draw(rng, 120, 0.1, 0.05, 0.01)
    for name in NAMES.values():
        rolling, _ = program.rows(program.write(bars), '--estimator', name, '--window', '30', '--signed')
        for end in (30, 57, 120):
            alone, _ = program.rows(program.write(bars[end - 30:end]), '--estimator', name, '--signed')
            check.that(alone[0]['spread'] == rolling[end - 1]['spread'], f'{name}: the window ending at {end} alone')
        scaled = [tuple(None if v is None else v * 1024 for v in bar) for bar in bars]
        one, other = (number(program.rows(program.write(b), '--estimator', name, '--signed')[0][0]['spread']) for b in (bars, scaled))
        check.near(other, one, f'{name}: prices times 1024', 1e-9)


SESSIONS = 60
SHORT = '2024-11-01'                                    # an hour's Muhurat session
SPLIT = '2024-10-14'                                    # in two, of the file below
GOLDEN = f'{ROOT}/tests/golden/files/market/sessions.csv'


def sessions():
    """(day, bar in today's prices, row as it stands in the file) of every session."""
    header, *rows = list(csv.reader(open(GOLDEN), skipinitialspace=True))
    for row in rows:
        day = datetime.datetime.strptime(row[2], '%d-%b-%Y').date().isoformat()
        factor = 0.5 if day < SPLIT else 1
        yield day, tuple(float(row[header.index(k)]) * factor for k in ('OPEN_PRICE', 'HIGH_PRICE', 'LOW_PRICE', 'CLOSE_PRICE')), row


class Desk:
    """A store with some of those sessions, and what `tradecost estimate` makes of a spread that nobody quotes."""
    def __init__(self, program, rows, name):
        self.binary, self.store = program.binary, f'{program.folder}/{name}.db'
        path = f'{program.folder}/{name}.csv'
        with open(path, 'w', newline='') as file:
            csv.writer(file).writerows([next(csv.reader(open(GOLDEN), skipinitialspace=True)), *rows])
        subprocess.run([self.binary, 'market', 'import', path, '--store', self.store, '--quiet'], check=True, stdout=subprocess.DEVNULL)

    def ask(self, day, model='quoted-or-edge', price='200'):
        done = subprocess.run([self.binary, 'estimate', '--broker', 'zerodha', '--exchange', 'NSE', '--symbol', 'EDGY', '--product', 'delivery', '--side', 'buy',
                               '--quantity', '100', '--state', 'MH', '--price', price, '--store', self.store, '--at', f'{day}T11:00', '--impact-model', 'none',
                               '--spread-model', model, '--format', 'ndjson'], capture_output=True, text=True)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr


def of_the_store(check, program):
    """EDGE over the sessions before an order: those and no others, in one unit of price."""
    every = list(sessions())
    desk = Desk(program, [row for _, _, row in every], 'all')
    for day in ('2024-09-05', '2024-09-19', SPLIT, '2024-10-15', '2024-11-04', '2024-11-22', '2024-11-28', '2024-11-29'):
        bars = [bar for other, bar, _ in every if other < day and other != SHORT][-SESSIONS:]
        wanted, slack = expected('edge', logs(bars), False)
        alone, _ = program.rows(program.write(bars))
        answers = [desk.ask(day, model) for model in ('quoted-or-edge', 'estimated-spread')]
        got = answers[0]['market']['spread']
        check.near(got, wanted, f'EDGE before {day}', floor=slack)
        check.near(got, alone[0]['spread'], f'EDGE before {day} as of `tradecost spread`', floor=slack)
        check.that(answers[1]['market']['spread'] == got, f'{day}: one EDGE for both models')
        check.near(float(answers[0]['components']['spread']['bps']), got / 2 * 1e4, f'{day}: half of it is the cost')
        check.that(f'EDGE of {len(bars)} sessions ' in answers[0]['market']['source'], f'{day}: {answers[0]["market"]["source"]}')
        check.that('estimated-spread' in answers[0]['market']['flags'], f'{day}: flagged')
        before = Desk(program, [row for other, _, row in every if other < day], f'before{day}')
        check.that(before.ask(day)['market']['spread'] == got, f'{day}: that day and what is behind it change nothing')
    for count, day in ((1, every[1][0]), (2, every[2][0])):
        plural = 's' if count > 1 else ''
        check.that(desk.ask(day) == f'tradecost estimate: market data missing: spread: EDGE is undefined over {count} session{plural} before {day}\n',
                   f'{count} sessions: {desk.ask(day)}')


def main(binary):
    check = Checks()
    with tempfile.TemporaryDirectory(prefix='spread.') as folder:
        program = Program(binary, folder)
        published(check, program)
        random_series(check, program)
        one_answer(check, program)
        of_the_store(check, program)
    print(f'{check.passed} passed, {check.failed} failed')
    return 1 if check.failed or not check.passed else 0


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(os.path.abspath(sys.argv[1])))
