"""Orders that pay 0.8 sigma (Q/V)^0.5 / 1.5 and half the spread, and are moved by chance: simulate_orders.py COUNT SEED [NOISE] [fills]"""
import math
import random
import sys

COUNT, SEED = int(sys.argv[1]), int(sys.argv[2])
NOISE = float(sys.argv[3]) if len(sys.argv) > 3 else 0.2
FILLS = 'fills' in sys.argv
chance = random.Random(SEED)

print('order_id,date,time,symbol,side,quantity,price,arrival_price,duration,adv,volatility,spread' if FILLS else
      'date,symbol,side,quantity,arrival_price,execution_price,duration,adv,volatility,spread')
for number in range(COUNT):
    day, security, side = chance.randrange(20), chance.randrange(12), chance.choice((1, -1))
    adv, sigma, spread, duration = 100000 * (1 + security), 0.01 + 0.001 * security, 0.0008, 0.1 + 0.6 * chance.random()
    quantity = max(1, round(adv * 10 ** chance.uniform(-4, -1)))
    impact = 0.8 * sigma * math.sqrt(quantity / adv) / 1.5
    moved = NOISE * sigma * math.sqrt(duration / 3) * chance.gauss(0, 1)
    price = 100 * (1 + side * (impact + spread / 2 + moved))
    date, symbol, word = f'2026-01-{day + 1:02d}', f'S{security:02d}', 'buy' if side > 0 else 'sell'
    tail = f'{duration:.6f},{adv},{sigma},{spread}'
    if not FILLS:
        print(f'{date},{symbol},{word},{quantity},100,{price:.8f},{tail}')
    else:
        # Two fills with the same average, one above and one below it.
        for minute, off in ((0, 0.01), (7, -0.01)):
            print(f'o{number},{date},{date}T10:{minute:02d}:00,{symbol},{word},{quantity},{price + off:.8f},100,{tail}')
