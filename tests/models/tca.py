#!/usr/bin/env python3
"""tca.py TRADECOST: what `tradecost tca` says of random orders, against exact fractions worked out here; and of real tradebooks.

Random: tapes of quotes and trades, orders bought and sold, filled in parts, over several days or never. Every part of the shortfall, every
benchmark and mark-out is computed from its definition, by plain search over the tape. Identities: parts sum to the total exactly, charges to
the contract notes, a shuffled file gives the same bytes.
Real: the tradebooks of ../shared/data/market against the exchange's own daily files (skipped where they are not at hand).
"""
import csv
import datetime
import glob
import gzip
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction as F

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MARKET = os.path.join(os.path.dirname(ROOT), 'shared/data/market')
TRADECOST = os.path.abspath(sys.argv[1])
LAGS = {'1s': 1, '10s': 10, '1m': 60, '5m': 300, '30m': 1800}
PARTS = ('delay', 'spread', 'impact', 'timing', 'unsplit', 'opportunity')
CHARGES = ('brokerage', 'transaction_tax', 'exchange_charge', 'clearing_charge', 'sebi_fee', 'ipft', 'stamp_duty', 'gst', 'other', 'dp_charge')
passed = failed = 0


def check(good, *what):
    global passed, failed
    passed += bool(good)
    failed += not good
    if not good and failed < 30:
        print(*what)


def near(ours, theirs, tolerance=1e-9):
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return abs(ours - float(theirs)) <= tolerance * max(1, abs(float(theirs)))


def tca(*arguments, status=0):
    done = subprocess.run([TRADECOST, 'tca', *arguments, '--quiet', '--format', 'json'], capture_output=True, text=True)
    check(done.returncode == status, 'status', done.returncode, arguments, done.stderr[:300])
    return json.loads(done.stdout) if done.stdout else []


def write(path, header, rows):
    with open(path, 'w') as out:
        writer = csv.writer(out, lineterminator='\n')
        writer.writerow(header)
        writer.writerows(rows)


def paise(number):
    return f'{number // 100}.{number % 100:02d}'


# --- a market drawn at random: times in whole seconds of the session, prices in paise ---

DAYS = [datetime.datetime(2024, 8, day, 9, 15) for day in (5, 6, 7)]
SESSION = 375 * 60


class Tape:
    def __init__(self, seed):
        draw = random.Random(seed)
        self.quotes, self.trades = [], []
        price = draw.randrange(20000, 300000)
        for day in DAYS:
            for second in sorted(draw.sample(range(SESSION), 600)):
                price = max(1000, price + draw.randrange(-40, 41))
                time = day + datetime.timedelta(seconds=second)
                self.quotes.append((time, price, price + draw.choice((5, 10, 15))))
                if draw.random() < 0.5:
                    self.trades.append((time, price + draw.choice((0, 5)), draw.randrange(1, 500)))

    def quote(self, time):
        found = None
        for quote in self.quotes:
            if quote[0] > time:
                break
            if quote[0].date() == time.date():
                found = quote
        return found

    def mid(self, time, inside=False):
        quote = self.quote(time)
        if quote is None:
            return None
        later = [other[0] for other in self.quotes if other[0] > time and other[0].date() == time.date()]
        if inside and not later and quote[0] != time:
            return None
        return F(quote[1] + quote[2], 200)

    def twap(self, begin, end):
        integral = seconds = F(0)
        for at, quote in enumerate(self.quotes):
            following = self.quotes[at + 1][0] if at + 1 < len(self.quotes) else None
            if following is None or following.date() != quote[0].date():
                following = end if end.date() == quote[0].date() and end > quote[0] else quote[0]
            stood = (min(following, end) - max(quote[0], begin)).total_seconds()
            if stood > 0:
                integral += F(quote[1] + quote[2], 200) * F(stood)
                seconds += F(stood)
        return integral / seconds if seconds else None


def draw_orders(draw, tape, number):
    orders, fills = [], []
    for n in range(number):
        side = draw.choice(('buy', 'sell'))
        days = draw.choice(((0,), (1,), (0, 1), (0, 1, 2)))
        arrival = DAYS[days[0]] + datetime.timedelta(seconds=draw.randrange(600, 9000))
        quantity, mine = 0, []
        for day in days if draw.random() > 0.15 else ():
            for _ in range(draw.randrange(1, 4)):
                begin = max(arrival, DAYS[day])
                time = begin + datetime.timedelta(seconds=draw.randrange(1, 9000))
                quote = tape.quote(time)
                price = (quote[2] if side == 'buy' else quote[1]) + draw.choice((0, 0, 0, -5, 5)) if quote else 100000
                size = draw.randrange(1, 900)
                quantity += size
                mine.append((f'O{n}', time, side, size, price))
        mine.sort(key=lambda fill: fill[1])
        decided = quantity + (draw.randrange(1, 500) if draw.random() < 0.4 or not mine else 0)
        end = DAYS[days[-1]] + datetime.timedelta(seconds=SESSION)
        decision = arrival - datetime.timedelta(seconds=draw.randrange(0, 500))
        given = draw.choice(('', paise(draw.randrange(20000, 300000))))
        orders.append({'id': f'O{n}', 'time': arrival, 'decision_time': decision, 'decision_price': given, 'side': side, 'quantity': decided, 'end': end, 'fills': mine})
        fills += mine
    return orders, fills


def expected(order, tape):
    """What each column must be; None where it cannot be told."""
    s = -1 if order['side'] == 'sell' else 1
    fills = [(time, F(size), F(price, 100)) for _, time, _, size, price in order['fills']]
    filled, paid = sum(f[1] for f in fills), sum(f[1] * f[2] for f in fills)
    arrival = tape.mid(order['time'])
    decision = F(order['decision_price']) if order['decision_price'] else tape.mid(order['decision_time'])
    end = tape.mid(order['end'])
    left = order['quantity'] - filled
    last = order['end'] if left else fills[-1][0]
    market = [trade for trade in tape.trades if order['time'] <= trade[0] <= last]
    volume, value = sum(t[2] for t in market), sum(F(t[1], 100) * t[2] for t in market)
    out = {'delay': s * order['quantity'] * (arrival - decision), 'opportunity': s * left * (end - arrival) if left else F(0),
           'execution': s * (paid - filled * arrival), 'arrival_price': arrival, 'decision_price': decision,
           'vwap_price': value / volume if volume else None, 'twap_price': tape.twap(order['time'], last)}
    mids = [tape.mid(f[0]) for f in fills]
    if fills and None not in mids:
        out['spread'] = s * sum(f[1] * (f[2] - m) for f, m in zip(fills, mids))
        out['timing'] = s * sum(f[1] * (m - arrival) for f, m in zip(fills, mids))
    if fills:
        average = paid / filled
        above, below = (sum(t[2] for t in market if (F(t[1], 100) > average) == up and F(t[1], 100) != average) for up in (True, False))
        good, bad = (below, above) if s < 0 else (above, below)
        out['rpm'] = F(volume + good - bad, 2 * volume) if volume else None
        out['arrival_bps'] = s * (average / arrival - 1) * 10000
        for name, lag in LAGS.items():
            later = [tape.mid(f[0] + datetime.timedelta(seconds=lag), True) for f in fills]
            known = None not in later
            out[f'markout_{name}_bps'] = s * (paid / sum(f[1] * m for f, m in zip(fills, later)) - 1) * 10000 if known else None
    target, first, cost = F(order['quantity']) * 5, F(0), F(0)
    for time, price, size in tape.trades:
        if time >= order['time'] and first < target:
            part = min(F(size), target - first)
            first, cost = first + part, cost + part * F(price, 100)
    out['pwp_price'] = cost / first if first == target else None
    return out


def stamp(time):
    return time.isoformat()


def write_market(folder, tape):
    write(f'{folder}/quotes.csv', ('time', 'symbol', 'bid', 'ask'), ((stamp(t), 'INFY', paise(b), paise(a)) for t, b, a in tape.quotes))
    write(f'{folder}/trades.csv', ('time', 'symbol', 'price', 'quantity'), ((stamp(t), 'INFY', paise(p), q) for t, p, q in tape.trades))


def write_orders(folder, orders, fills):
    write(f'{folder}/orders.csv', ('order_id', 'time', 'decision_time', 'decision_price', 'side', 'symbol', 'exchange', 'quantity', 'end_time'),
          ((o['id'], stamp(o['time']), stamp(o['decision_time']), o['decision_price'], o['side'], 'INFY', 'NSE', o['quantity'], stamp(o['end'])) for o in orders))
    write(f'{folder}/fills.csv', ('order_id', 'fill_id', 'time', 'exchange', 'symbol', 'product', 'side', 'quantity', 'price'),
          ((f[0], n, stamp(f[1]), 'NSE', 'INFY', 'delivery', f[2], f[3], paise(f[4])) for n, f in enumerate(fills)))


def money(text):
    return F(0) if text is None else F(text)


def identities(row):
    check(sum(money(row[part]) for part in PARTS) + sum(money(row[charge]) for charge in CHARGES) == F(row['total']), 'sum', row)
    check(sum(money(row[part]) for part in PARTS[1:5]) == money(row['execution']), 'execution', row)
    check(money(row['delay']) + money(row['execution']) + money(row['opportunity']) + money(row['charges']) == F(row['total']), 'total', row)


def note_total(path):
    done = subprocess.run([TRADECOST, 'note', path, '--broker', 'zerodha', '--state', 'MH', '--by', 'charge', '--quiet', '--format', 'csv'], capture_output=True, text=True)
    return sum(F(row['amount']) for row in csv.DictReader(io.StringIO(done.stdout)))


def random_market(folder, seed):
    draw, tape = random.Random(seed), Tape(seed)
    orders, fills = draw_orders(draw, tape, 25)
    write_market(folder, tape)
    write_orders(folder, orders, fills)
    arguments = [f'{folder}/fills.csv', '--orders', f'{folder}/orders.csv', '--quotes', f'{folder}/quotes.csv', '--trades', f'{folder}/trades.csv',
                 '--broker', 'zerodha', '--state', 'MH']
    rows = tca(*arguments)
    check(len(rows) == len(orders), 'orders', len(rows))
    for row, order in zip(rows, orders):
        identities(row)
        for name, value in expected(order, tape).items():
            exact = name in PARTS or name == 'execution'
            good = (F(row[name]) == value if row[name] is not None else value is None) if exact else near(row[name], value)
            check(good, seed, order['id'], name, row[name], value and float(value))
    check(sum(F(row['charges']) for row in rows) == note_total(f'{folder}/fills.csv'), 'ledger', seed)
    write_orders(folder, orders, draw.sample(fills, len(fills)))
    shuffled = tca(*arguments)
    check(rows == shuffled, 'permutation', seed)
    for how in ('markout', 'none'):
        for row, other in zip(tca(*arguments, '--impact', how, '--impact-lag', '10s'), rows):
            identities(row)
            check(row['execution'] == other['execution'] and row['total'] == other['total'], 'impact rule', how)
    groups = tca(*arguments, '--by', 'side')
    for group in groups:
        mine = [row for row in rows if row['side'] == group['side']]
        check(F(group['total']) == sum(F(row['total']) for row in mine), 'group')


def mirrored(folder):
    """A sale in a market turned upside down costs what the purchase costs."""
    draw, tape = random.Random(4), Tape(4)
    orders, fills = draw_orders(draw, tape, 10)
    top = 2 * max(q[2] for q in tape.quotes)
    other = Tape(4)
    other.quotes = [(t, top - a, top - b) for t, b, a in tape.quotes]
    other.trades = [(t, top - p, q) for t, p, q in tape.trades]
    turned = {'buy': 'sell', 'sell': 'buy'}
    for order in orders:
        order['decision_price'] = ''
    parts = []
    for market, side, sign in ((tape, lambda s: s, 0), (other, turned.get, top)):
        mine = [(f[0], f[1], side(f[2]), f[3], abs(sign - f[4])) for f in fills]
        write_market(folder, market)
        write_orders(folder, [{**o, 'side': side(o['side'])} for o in orders], mine)
        rows = tca(f'{folder}/fills.csv', '--orders', f'{folder}/orders.csv', '--quotes', f'{folder}/quotes.csv', '--broker', 'zerodha', '--state', 'MH')
        parts.append([[row[part] for part in PARTS] for row in rows])
    check(parts[0] == parts[1], 'mirror')


def corporate_action(folder):
    """A bonus of 1:1 on the 7th: decided at 200 on the 6th is 100 on the 7th."""
    write(f'{folder}/days.csv', ('date', 'symbol', 'open', 'high', 'low', 'close', 'volume', 'previous_close'),
          (('2024-08-05', 'INFY', 198, 201, 197, 200, 1000, 198), ('2024-08-06', 'INFY', 200, 203, 199, 202, 1000, 200),
           ('2024-08-07', 'INFY', 101, 104, 100, 103, 2000, 101), ('2024-08-08', 'INFY', 103, 106, 102, 105, 2000, 103)))
    header = ('order_id', 'time', 'decision_time', 'decision_price', 'side', 'symbol', 'exchange', 'quantity', 'arrival_price')
    write(f'{folder}/orders.csv', header, (('A', '2024-08-07T10:00:00', '2024-08-06T15:00:00', 202, 'buy', 'INFY', 'NSE', 15, 102),))
    write(f'{folder}/fills.csv', ('order_id', 'time', 'exchange', 'symbol', 'product', 'side', 'quantity', 'price'),
          (('A', '2024-08-07T10:00:05', 'NSE', 'INFY', 'delivery', 'buy', 10, 103),))
    arguments = (f'{folder}/fills.csv', '--orders', f'{folder}/orders.csv', '--bars', f'{folder}/days.csv', '--broker', 'zerodha', '--state', 'MH')
    row, = tca(*arguments)
    check('corporate-action' in row['flags'].split(), row['flags'])
    check((F(row['delay']), F(row['execution']), F(row['opportunity'])) == (15 * (102 - 101), 10, 5 * (103 - 102)), 'rescaled', row)
    check(row['previous_close_price'] == 101 and row['close_price'] == 103, 'days', row)
    write(f'{folder}/orders.csv', header, (('A', '2024-08-06T15:00:00', '', 202, 'buy', 'INFY', 'NSE', 15, 202),))
    write(f'{folder}/fills.csv', ('order_id', 'time', 'exchange', 'symbol', 'product', 'side', 'quantity', 'price'),
          (('A', '2024-08-06T15:20:05', 'NSE', 'INFY', 'delivery', 'buy', 5, 203), ('A', '2024-08-07T10:00:05', 'NSE', 'INFY', 'delivery', 'buy', 10, 103)))
    row, = tca(*arguments, status=1)
    check('corporate action between its fills' in row['error'] and row['delay'] is None and row['total'] is None, 'split inside', row)


def documented():
    """docs/tca.md has the flags of the program, with the same meanings."""
    source = open(f'{ROOT}/apps/cli/tca.h').read()
    flags = re.findall(r'X\(TCA_\w+, "([^"]*)",\s*"([^"]*)"\)', source)
    rows = re.findall(r'^\| `([a-z-]+)` \| ([^|]+) \|$', open(f'{ROOT}/docs/tca.md').read().split('## Flags')[1], re.M)
    check(flags and flags == rows, 'docs/tca.md: not the flags of tca.h')


# --- real data ---

def real_tradebook(folder, path, broker):
    """Every fill lies inside the exchange's own low and high; its day's vwap is the exchange's."""
    days = {}
    with open(f'{folder}/days.csv', 'w') as out:
        for number, file in enumerate(sorted(glob.glob(f'{MARKET}/nse_cm/sec_bhavdata_full/*.csv.gz'))):
            lines = gzip.open(file, 'rt').read().splitlines()
            out.write('\n'.join(lines[number > 0:]) + '\n')
            for row in csv.DictReader(lines, skipinitialspace=True):
                if row['SERIES'] in ('EQ', 'BE'):
                    days[row['SYMBOL'], datetime.datetime.strptime(row['DATE1'], '%d-%b-%Y').date().isoformat()] = row
    rows = tca(path, '--bars', f'{folder}/days.csv', '--broker', broker, '--state', 'MH')
    matched = 0
    for row in rows:
        identities(row)
        day = days.get((row['symbol'], row['date']))
        if not day or row['day_vwap_price'] is None:
            continue
        matched += 1
        check(row['outside_day'] == 0, 'outside', row['symbol'], row['date'])
        check(near(row['day_vwap_price'], F(day['AVG_PRICE'])) and near(row['previous_close_price'], F(day['PREV_CLOSE'])), 'day', row['symbol'], row['date'])
        check(near(row['open_price'], F(day['OPEN_PRICE'])), 'open', row['symbol'], row['date'])
    check(matched > 5, path, matched)
    return matched


def real_quotes():
    """NYSE trades as fills on NYSE quotes of the highfrequency package: its own effective spreads, by plain search."""
    quotes, trades = (list(csv.DictReader(gzip.open(f'{MARKET}/quotes/highfrequency_{name}.csv.gz', 'rt'))) for name in ('sampleQData', 'sampleTData'))
    trades = [t for t in trades if t['DT'].startswith('2018-01-02')][100:2000:50]
    with tempfile.TemporaryDirectory() as folder:
        write(f'{folder}/quotes.csv', quotes[0].keys(), (q.values() for q in quotes))
        write(f'{folder}/fills.csv', ('order_id', 'time', 'exchange', 'symbol', 'product', 'side', 'quantity', 'price'),
              ((n, t['DT'], 'NSE', t['SYMBOL'], 'delivery', 'buy', t['SIZE'], t['PRICE']) for n, t in enumerate(trades)))
        rows = tca(f'{folder}/fills.csv', '--quotes', f'{folder}/quotes.csv', '--broker', 'zerodha', '--state', 'MH')
    for row, trade in zip(rows, trades):
        before = [q for q in quotes if q['DT'] <= trade['DT']]
        mid = (F(before[-1]['BID']) + F(before[-1]['OFR'])) / 2
        check(F(row['spread']) == F(trade['SIZE']) * (F(trade['PRICE']) - mid), 'effective half-spread', row['order_id'], row['spread'])


def main():
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, 13):
            random_market(folder, seed)
        mirrored(folder)
        corporate_action(folder)
        documented()
        if os.path.isdir(MARKET):
            matched = real_tradebook(folder, f'{MARKET}/tradebooks/zerodha_console_tradebook_EQ_A_fy2024_25.csv', 'zerodha')
            print(f'orders of tradebook A with a day of the exchange: {matched}')
            real_quotes()
        else:
            print('no ../shared/data/market: real tradebooks and quotes skipped')
    print(f'tca: {passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
