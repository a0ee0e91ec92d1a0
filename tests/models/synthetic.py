#!/usr/bin/env python3
"""synthetic.py BINARY: the simulated market a second time, the processes of src/market/live/process.h in another language.

Every double must be the same to the last bit. Compares a digest of whole sessions with the one that tests/unit/synthetic_test.c
demands of the program, and what `tradecost market show` says of some moments.
"""
import datetime
import json
import math
import os
import re
import statistics
import struct
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MASK = (1 << 64) - 1
LN2_HIGH, LN2_LOW = float.fromhex('0x1.62e42fee00000p-1'), float.fromhex('0x1.a39ef35793c76p-33')
MINUTES = 375

# Wichura's AS 241, routine PPND16: numerators and denominators of the middle, the near and the far tail.
PPND16 = (
    ([3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
      4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3],
     [1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
      3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3]),
    ([1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
      1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
     [1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
      1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9]),
    ([6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
      2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
     [1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
      1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15]))


def splitmix(state):
    state = (state + 0x9E3779B97F4A7C15) & MASK
    z = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
    return state, z ^ z >> 31


def rotate(x, bits):
    return (x << bits | x >> 64 - bits) & MASK


class Random:
    """xoshiro256**, keyed by a list of whole numbers."""

    def __init__(self, *keys):
        state = len(keys)
        for key in keys:
            _, state = splitmix(state ^ key)
        self.state = []
        for _ in range(4):
            state, word = splitmix(state)
            self.state.append(word)

    def next(self):
        a, b, c, d = self.state
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ (b << 17 & MASK), rotate(d, 45)]
        return rotate(b * 5 & MASK, 7) * 9 & MASK

    def normal(self):
        return quantile(((self.next() >> 12) + 0.5) * 2.0 ** -52)


def ratio(tables, x):
    values = []
    for table in tables:
        value = table[-1]
        for coefficient in reversed(table[:-1]):
            value = value * x + coefficient
        values.append(value)
    return values


def quantile(p):
    q = p - 0.5
    if abs(q) <= 0.425:
        above, below = ratio(PPND16[0], 0.180625 - q * q)
        return q * above / below
    r = math.sqrt(-log(p if q < 0 else 1 - p))
    above, below = ratio(PPND16[1], r - 1.6) if r <= 5 else ratio(PPND16[2], r - 5)
    return -(above / below) if q < 0 else above / below


def exp(x):
    k = x / (LN2_HIGH + LN2_LOW)
    whole = int(k - 0.5 if k < 0 else k + 0.5)
    r, total = x - whole * LN2_HIGH - whole * LN2_LOW, 1.0
    for n in range(13, 0, -1):
        total = 1 + r / n * total
    return math.ldexp(total, whole)


def log(x):
    m, whole = math.frexp(x)
    if m < 0.70710678118654752:
        m, whole = m * 2, whole - 1
    s = (m - 1) / (m + 1)
    total = 0.0
    for n in range(21, 0, -2):
        total = total * (s * s) + 1.0 / n
    return whole * LN2_HIGH + (2 * s * total + whole * LN2_LOW)


def part(minute, depth):
    noon = (2.0 * minute + 1 - MINUTES) / MINUTES
    return (1 + depth * noon * noon) / (MINUTES + depth * (MINUTES * MINUTES - 1.0) / (3.0 * MINUTES))


def log_normal(z, sd):
    return exp(sd * z - sd * sd / 2)


def day(p, session):
    """(mid, spread, bid, ask, last, volume) of each minute."""
    def stream(which):
        return Random(p['seed'], p['security'], session, which)

    def move_of(number):
        return p['volatility'] * Random(p['seed'], p['security'], number, 0).normal() - p['volatility'] * p['volatility'] / 2

    level = log(p['price'])
    for number in range(session):
        level += move_of(number)
    path, volumes, spreads, coin = stream(1), stream(3), stream(4), stream(5)
    expected = p['adv'] * log_normal(stream(2).normal(), 0.3)
    left, remaining, y = move_of(session), 1.0, 0.35 * spreads.normal()
    fresh = math.sqrt(1 - 0.95 * 0.95) * 0.35
    for minute in range(MINUTES):
        w, last_one = part(minute, 3), minute == MINUTES - 1
        after = 0.0 if last_one else max(remaining - w, 0.0)
        move = left * (w / remaining) + p['volatility'] * math.sqrt(w * after / remaining) * path.normal()
        move = left if last_one else move
        level, left, remaining = level + move, left - move, after
        mid = exp(level)
        y = 0.95 * y + fresh * spreads.normal() if minute else y
        spread = p['spread'] * exp(y - 0.35 * 0.35 / 2)
        volume = math.floor(expected * part(minute, 2) * log_normal(volumes.normal(), 0.5) + 0.5)
        ticks = max(float(math.floor(spread * mid / p['tick'] + 0.5)), 1.0)
        below = max(float(math.floor(mid / p['tick'] - ticks / 2 + 0.5)), 1.0)
        bid, ask = (math.floor(n * p['tick'] * 1e4 + 0.5) / 1e4 for n in (below, below + ticks))
        yield mid, spread, bid, ask, ask if coin.next() >> 63 else bid, float(volume)


def digest(sessions):
    """FNV-1a over the bytes of all doubles, least significant first."""
    market = {'seed': 11, 'security': 5, 'price': 1000.0, 'volatility': 0.02, 'adv': 1e6, 'spread': 0.0005, 'tick': 0.05}
    value = 0xCBF29CE484222325
    for session in sessions:
        for minute in day(market, session):
            for byte in struct.pack('<6d', *minute):
                value = (value ^ byte) * 0x100000001B3 & MASK
    return value


def session_of(date):
    """Mondays to Fridays are counted from 2020-01-01, a Wednesday."""
    days = (date - datetime.date(2019, 12, 30)).days
    return None if days % 7 >= 5 or days < 2 else days // 7 * 5 + days % 7 - 2


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & MASK
    return value


def book(p, session, minute):
    random = Random(p['seed'], p['security'], session, 6 + 1000 * (minute + 1))
    sizes = [max(float(math.floor(p['adv'] / 2000 * log_normal(random.normal(), 0.5) + 0.5)), 1.0) for _ in range(10)]
    return sizes[0::2], sizes[1::2]


def shown(seed, symbol, at):
    """What the market is at a time of day of 2020 or later, by the minute that ended last."""
    p = {'seed': seed, 'security': fnv(f'NSE:{symbol}'), 'price': 1000.0, 'volatility': 0.02, 'adv': 1e6, 'spread': 0.0005, 'tick': 0.05}
    session, minute = session_of(at.date()), at.hour * 60 + at.minute - 9 * 60 - 15 - 1
    minutes = list(day(p, session))[:minute + 1]
    lasts, before = [m[4] for m in minutes], range(max(session - 20, 0), session)
    returns = [p['volatility'] * Random(p['seed'], p['security'], n, 0).normal() - p['volatility'] ** 2 / 2 for n in before]
    bids, asks = book(p, session, minute)
    steps = [[math.floor((minutes[-1][side] + sign * i * p['tick']) * 1e4 + 0.5) / 1e4 for i in range(5)] for side, sign in ((2, -1), (3, 1))]
    return {'bid': minutes[-1][2], 'ask': minutes[-1][3], 'bid_quantity': bids[0], 'ask_quantity': asks[0], 'last': lasts[-1], 'open': lasts[0],
            'high': max(lasts), 'low': min(lasts), 'volume': sum(m[5] for m in minutes), 'previous_close': list(day(p, session - 1))[-1][4],
            'adv': statistics.fmean(sum(m[5] for m in day(p, n)) for n in before), 'volatility': statistics.stdev(returns), 'tick': 0.05,
            'bids': ','.join(f'{price:.10g}x{size:.10g}' for price, size in zip(steps[0], bids)),
            'asks': ','.join(f'{price:.10g}x{size:.10g}' for price, size in zip(steps[1], asks))}


def differences(binary):
    """Every field that the program shows otherwise, of a few moments."""
    for seed, symbol, at in ((7, 'INFY', '2024-07-01T10:30'), (7, 'INFY', '2026-01-01T12:00'), (18446744073709551615, 'M&M', '2020-02-03T15:30'),
                             (0, 'SBIN', '2020-01-14T09:16')):
        words = [binary, 'market', 'show', symbol, '--exchange', 'NSE', '--mode', 'simulation', '--seed', str(seed), '--at', at, '--format', 'json']
        rows = {row['field']: row['value'] for row in json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)}
        for name, value in shown(seed, symbol, datetime.datetime.fromisoformat(at)).items():
            # Mean and deviation are summed in another order here; all else is equal.
            near = name in ('adv', 'volatility') and math.isclose(float(rows[name]), value, rel_tol=1e-12)
            if not near and (rows[name] != value if isinstance(value, str) else float(rows[name]) != value):
                yield f'{symbol} with seed {seed} at {at}: {name} is {rows[name]}, here {value!r}'


def main():
    demanded = re.search(r'GOLDEN = UINT64_C\(0x(\w+)\)', open(f'{ROOT}/tests/unit/synthetic_test.c').read())
    ours = digest((0, 1, 300))
    good = bool(demanded) and int(demanded[1], 16) == ours
    if not good:
        print(f'the digest of sessions 0, 1 and 300 is {ours:016X}, the test demands {demanded and demanded[1]}')
    wrong = list(differences(sys.argv[1]))
    print(*wrong, sep='\n', end='\n' if wrong else '')
    print(f'synthetic: {good + (not wrong)} passed, {(not good) + bool(wrong)} failed')
    return 0 if good and not wrong else 1


if __name__ == '__main__':
    raise SystemExit(main())
