"""Trades and quotes of a market with a known kernel, into trades.csv and quotes.csv.

    simulate_trades.py SEED DAYS TRADES_A_DAY [shuffled|one-sided|fast]

Signs have the long memory of orders that are cut into pieces (Lillo, Mike and Farmer 2005, Phys. Rev. E 71, 066122):
HIDDEN orders are worked at a time, each trade is a piece of one of them, picked at random, and an order has n pieces with
P(>= n) = n^-ALPHA, so that the signs' covariance decays like l^-(ALPHA - 1). A trade l trades ago moves the mid by
G(l) = 2 (1 + (l - 1)/5)^-0.25 bps (fast: 2 e^(-(l - 1)/20)), and chance by NOISE bps a trade. Shuffled: the
mids move as they did, and the signs that are seen are dealt anew.
"""
import math
import random
import sys

HIDDEN, ALPHA, NOISE, DEPTH = 10, 1.5, 1.0, 400

seed, days, trades_a_day = map(int, sys.argv[1:4])
kind = sys.argv[4] if len(sys.argv) > 4 else ''
chance = random.Random(seed)


def kernel(lag):
    return 2 * (math.exp(-(lag - 1) / 20) if kind == 'fast' else (1 + (lag - 1) / 5) ** -0.25)


def order():
    return [chance.choice((1, -1)), int((1 - chance.random()) ** (-1 / ALPHA))]


def day_of_signs(count):
    orders, signs = [order() for _ in range(HIDDEN)], []
    for _ in range(count):
        at = chance.randrange(HIDDEN)
        signs.append(orders[at][0])
        orders[at][1] -= 1
        if not orders[at][1]:
            orders[at] = order()
    return signs


STEPS = [kernel(1)] + [kernel(lag + 1) - kernel(lag) for lag in range(1, DEPTH)]


def main():
    trades, quotes = open('trades.csv', 'w'), open('quotes.csv', 'w')
    trades.write('time,price,quantity\n')
    quotes.write('time,bid,ask\n')
    for day in range(days):
        signs = day_of_signs(trades_a_day)
        moves = [sum(STEPS[n] * signs[t - n] for n in range(min(t + 1, DEPTH))) + NOISE * chance.gauss(0, 1) for t in range(trades_a_day)]
        seen = chance.sample(signs, len(signs)) if kind == 'shuffled' else [1] * len(signs) if kind == 'one-sided' else signs
        log_mid = math.log(1000)
        for t, (sign, move) in enumerate(zip(seen, moves)):
            second = 9.25 * 3600 + t * 22000 / trades_a_day
            clock = f'2026-{1 + day // 28:02d}-{1 + day % 28:02d}T{int(second) // 3600:02d}:{int(second) // 60 % 60:02d}:{second % 60:09.6f}'
            mid = math.exp(log_mid)
            quotes.write(f'{clock},{mid - 0.01:.9f},{mid + 0.01:.9f}\n')
            second += 0.001
            clock = f'2026-{1 + day // 28:02d}-{1 + day % 28:02d}T{int(second) // 3600:02d}:{int(second) // 60 % 60:02d}:{second % 60:09.6f}'
            trades.write(f'{clock},{mid + 0.01 * sign:.9f},50\n')
            log_mid += move / 1e4


main()
