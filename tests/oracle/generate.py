#!/usr/bin/env python3
"""Random canonical CSVs: generate.py --seed 1 --rows 10000 --kind orders|fills|notes > fills.csv

orders: a fill an order, a client a row. fills: partial fills of shared orders. notes: a client's whole day,
intraday and delivery mixed. Half of the days stand next to a change of some rate. Broker "custom" carries
the days before the first plan, where only law and exchange charge.
"""
import argparse
import csv
import datetime
import random
import re
import sys

import tariffs_brokers as brokers
import tariffs_law as law
from money import Dated

COLUMNS = ('fill_id,order_id,date,client,broker,plan,state,exchange,segment,symbol,isin,series,instrument,class,'
           'product,side,quantity,price,strike,option_type,lot_size,event,underlying,channel,holder').split(',')
FIRST, LAST = datetime.date(2004, 1, 1), datetime.date(2026, 11, 22)
MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split()

SHARES = [('INFY', 'INE009A01021'), ('TCS', 'INE467B01029'), ('RELIANCE', 'INE002A01018'), ('SBIN', 'INE062A01020'),
          ('HDFCBANK', 'INE040A01034'), ('ITC', 'INE154A01025'), ('ICICIBANK', 'INE090A01021'),
          ('TATASTEEL', 'INE081A01020'), ('WIPRO', 'INE075A01022'), ('ONGC', 'INE213A01029')]
ETFS = [('NIFTYBEES', 'INF204KB14I2', 'equity'), ('BANKBEES', 'INF204KB15I9', 'equity'),
        ('JUNIORBEES', 'INF732E01045', 'equity'), ('GOLDBEES', 'INF204KB17I5', 'gold'),
        ('SILVERBEES', 'INF204KC1402', 'silver'), ('EBBETF0430', 'INF754K01KO2', 'debt'),
        ('LIQUIDBEES', 'INF732E01037', 'liquid'),
        ('MON100', 'INF247L01AP3', 'international'), ('HNGSNGBEES', 'INF204KB19I1', 'international')]
NETTING = {'NSE': ['EQ'] * 8 + ['SM'], 'BSE': ['A', 'A', 'A', 'B', 'B', 'B', 'X', 'M', 'E', 'I', 'R', 'SS', 'MS', 'F']}
TRADE_FOR_TRADE = {'NSE': ['BE', 'BE', 'BZ', 'ST', 'SZ'], 'BSE': ['XT', 'Z', 'T', 'ZP', 'P', 'MT', 'TS']}
OTHER_SERIES = {'gsec': 'GS', 'sgb': 'GB', 'bond': 'EQ', 'reit': 'RR', 'invit': 'IV'}
INDICES = {'NSE': ['NIFTY', 'BANKNIFTY'], 'BSE': ['SENSEX', 'BANKEX', 'SENSEX50']}
FUTURE_GOODS = {'MCX': ['GOLDM', 'SILVER', 'CRUDEOIL', 'COPPER', 'NATURALGAS', 'MENTHAOIL', 'CPO', 'COTTON',
                        'CARDAMOM', 'KAPAS', 'CASTORSEED', 'RBDPMOLEIN', 'MCXBULLDEX', 'ELECMBL', 'NOSUCHGOOD'],
                'NSE': ['GOLDM', 'CRUDEOIL', 'DEGUMSYOIL'], 'BSE': ['GOLDM', 'GUARSEED'],
                'NCDEX': ['CHANA', 'GUARSEED', 'CASTOR', 'JEERA', 'SYOREF', 'SOYMEAL', 'BAJRA', 'AGRIDEX']}
COMMODITY_INDICES = {'MCXBULLDEX', 'AGRIDEX'}
OPTION_GOODS = {'NSE': ['GOLDM'], 'BSE': ['GUARSEED'], 'MCX': ['GOLDM', 'SILVER', 'CRUDEOIL', 'NATURALGAS'], 'NCDEX': ['GUARSEED', 'CHANA']}
STATES = 'MH DL GJ KL KA TN AP TS UP WB HR RJ MP AS GA AR ML HP JK PB BR'.split()
FILLS_A_DAY = 30                                        # about; days that fall together hold more
LEFT_OUT = {('icici', 'i-secure')}                      # legs, and minima that two pages print differently


def changes():
    """Every day on which some table of the law or of a broker changes."""
    days = set()
    for module in (law, brokers):
        for value in vars(module).values():
            stack = [value]
            while stack:
                item = stack.pop()
                if isinstance(item, Dated):
                    days.update(item.days)
                elif isinstance(item, brokers.Plan):
                    days.add(item.begins)
                    stack += item.rules.values()
                elif isinstance(item, dict):
                    stack += item.values()
                elif isinstance(item, str) and re.fullmatch(r'\d{4}-\d\d-\d\d', item):
                    days.add(item)
    return sorted(datetime.date.fromisoformat(day) for day in days)


def pick_days(rng, count):
    near = changes()
    days = []
    for _ in range(count):
        if rng.random() < 0.5:
            day = rng.choice(near) + datetime.timedelta(days=rng.choice((-1, -1, 0, 0, 1)))
        else:
            day = FIRST + datetime.timedelta(days=rng.randrange((LAST - FIRST).days + 1))
        days.append(min(max(day, FIRST), LAST))
    return sorted(days)


def open_plans(day):
    return [key for key, plan in brokers.PLANS.items()
            if plan.begins <= day <= plan.ends and key not in LEFT_OUT and key[0] != 'custom']


def kinds_of(key, day):
    """The kinds of trade that the client can do that day."""
    first = {'currency-future': '2009-01-01', 'currency-option': '2011-01-01', 'commodity-option': '2017-10-17',
             'mtf': '2023-07-01'}
    kinds = [kind for kind in (*brokers.CASH, *brokers.FUTURES, *brokers.OPTIONS) if day >= first.get(kind, '')]
    rare = key[0] != 'custom' and kinds_listed(key)
    return kinds + [kind for kind in kinds if kind in ('delivery', 'intraday')] * 3 + (rare or []) * 2


def kinds_listed(key):
    """Those for which the plan has a brokerage, so that they come more often than unknown ones."""
    return [kind for kind in brokers.PLANS[key].rules if kind in ('future', 'option')]


def size(rng, low, high):
    """A whole number, small ones as likely as large ones."""
    return round(low * (high / low) ** rng.random())


def decimal(value, places):
    """An integer of 10**-places as text."""
    return f'{value // 10**places}.{value % 10**places:0{places}d}'.rstrip('0').rstrip('.')


class Security:
    """What one client trades on one day: a share, an ETF, a bond or a contract."""

    def __init__(self, rng, kind, day):
        self.rng, self.event, self.isin, self.cls = rng, 'trade', '', ''
        self.strike = self.option_type = self.lot = self.underlying = ''
        self.series = {}
        if kind in brokers.CASH:
            self.cash(kind)
        else:
            segment, _, self.instrument = kind.rpartition('-')
            self.segment = segment or 'equity-derivative'
            self.products = ['intraday', 'carryforward']
            getattr(self, self.segment.replace('-', '_'))(day)

    def cash(self, kind):
        rng = self.rng
        self.segment, self.exchanges = 'equity', ['NSE', 'NSE', 'BSE']
        self.price = size(rng, 500, 500_000) // 5 * 5   # paise
        self.most = max(2, 200_000_000 // self.price)
        self.products = [kind]
        chance = rng.random()
        if chance < 0.80:
            self.instrument, (self.symbol, self.isin) = 'share', rng.choice(SHARES)
        elif chance < 0.97:
            self.instrument, (self.symbol, self.isin, self.cls) = 'etf', rng.choice(ETFS)
        else:
            self.instrument, self.symbol = rng.choice([('gsec', '718GS2033'), ('sgb', 'SGBFEB32IV'), ('bond', 'NHAI-N2'),
                                                       ('reit', 'EMBASSY'), ('invit', 'PGINVIT')])
        tables = NETTING
        if kind == 'delivery' and self.instrument == 'share' and rng.random() < 0.12:
            tables = TRADE_FOR_TRADE
        self.series = {exchange: rng.choice(table) for exchange, table in tables.items()}
        if self.instrument == 'etf':
            self.series = {'NSE': 'EQ', 'BSE': 'B'}
        elif self.instrument != 'share':
            self.exchanges = ['NSE', 'BSE']
            self.series = {'NSE': OTHER_SERIES[self.instrument], 'BSE': 'A' if self.instrument in ('reit', 'invit') else 'F'}

    def contract(self, name, day, price, strike_step=100):
        """Symbol, strike and premium of a contract on name at an underlying price in paise."""
        rng = self.rng
        self.underlying, self.price = name, price
        self.symbol = f'{name}{day[2:4]}{MONTHS[int(day[5:7]) - 1]}'
        if self.instrument == 'future':
            self.symbol += 'FUT'
            return
        self.option_type = rng.choice(['CE', 'PE'])
        strike = max(1, price * rng.randrange(85, 116) // 10_000 // strike_step) * strike_step      # rupees
        self.strike = str(strike)
        self.symbol += self.strike + self.option_type
        self.price = size(rng, 5, max(50, price // 20)) // 5 * 5 + 5

    def equity_derivative(self, day):
        rng = self.rng
        self.exchanges = ['BSE'] if day >= '2019-08-20' and rng.random() < 0.25 else ['NSE']
        self.lot = rng.choice([15, 25, 50, 75, 500])
        self.most = self.lot * 20
        index = rng.random() < 0.6
        self.cls = 'index' if index else 'stock'
        name = rng.choice(INDICES[self.exchanges[0]]) if index else rng.choice(SHARES)[0]
        settlement = size(rng, 200_000, 5_000_000) if index else size(rng, 10_000, 400_000)
        self.contract(name, day, settlement)
        if self.instrument == 'option' and index and rng.random() < 0.08:
            self.expire(size(rng, 100, 50_000))
        elif not index and day >= law.PHYSICAL_BEGINS and rng.random() < 0.08:
            self.event, self.products = 'physical', ['carryforward']
            self.price = int(self.strike) * 100 if self.strike else self.price

    def currency(self, day):
        rng = self.rng
        self.exchanges = ['NSE', 'NSE', 'BSE'][:rng.choice([2, 3])]
        self.exchanges, self.lot, self.most = [rng.choice(self.exchanges)], 1000, 50_000
        self.cls = 'currency' if rng.random() < 0.93 else 'interest-rate'
        name = rng.choice(['USDINR', 'EURINR']) if self.cls == 'currency' else '718GS2033'
        self.contract(name, day, size(rng, 5_000, 11_000), strike_step=1)
        if self.instrument == 'option' and rng.random() < 0.05:
            self.expire(size(rng, 10, 500))

    def expire(self, away):
        """The option ends in the money by so many paise."""
        self.event, self.products = self.rng.choice(['exercise', 'assignment']), ['carryforward']
        strike = int(self.strike) * 100
        self.price = strike + away if self.option_type == 'CE' else max(5, strike - away)

    def commodity(self, day):
        rng = self.rng
        goods = FUTURE_GOODS if self.instrument == 'future' else OPTION_GOODS
        self.exchanges = ['NCDEX'] if rng.random() < 0.25 else ['MCX']
        if day >= '2018-10-01' and rng.random() < 0.15:
            self.exchanges = [rng.choice(['NSE', 'BSE'])]
        name = rng.choice(goods[self.exchanges[0]])
        agri = name in law.COMMODITIES and law.COMMODITIES[name]['agri_segment'] == 'yes'
        self.cls, self.lot = 'commodity-agri' if agri else 'commodity-nonagri', rng.choice([1, 10, 100])
        if name in COMMODITY_INDICES:
            self.cls = 'index'
        self.most = self.lot * 20
        self.contract(name, day, size(rng, 20_000, 8_000_000))
        if self.instrument == 'option' and rng.random() < 0.05:
            self.expire(size(rng, 100, 5_000))
        elif self.cls != 'index' and rng.random() < 0.04:
            self.event, self.products = 'physical', ['carryforward']
            self.price = int(self.strike) * 100 if self.strike else self.price

    def quantity(self):
        if self.lot:
            return self.lot * self.rng.randrange(1, self.most // self.lot + 1)
        return size(self.rng, 1, self.most)

    def price_near(self):
        """Around the security's price, on the tick; expiry prices are the day's one."""
        if self.event != 'trade':
            return self.price
        return max(5, self.price + self.rng.randrange(-20, 21) * max(5, self.price // 1000 // 5 * 5))


class Writer:
    """Numbers the fills and orders and holds a day's rows until they are mixed."""

    def __init__(self, rng):
        self.rng, self.fills, self.orders, self.rows = rng, 0, 0, []

    def order(self, who, day, security, side, quantity, product, parts):
        self.orders += 1
        *who, holder = who
        channel = self.rng.choice(['call', 'squareoff']) if self.rng.random() < 0.03 else 'online'
        exchange = self.rng.choice(security.exchanges)
        unit = int(security.lot or 1)
        cuts = sorted(self.rng.sample(range(1, quantity // unit), parts - 1)) if quantity // unit > parts else []
        bounds = [0, *(cut * unit for cut in cuts), quantity]
        places = 4 if security.segment == 'currency' else 2
        for low, high in zip(bounds, bounds[1:]):
            self.fills += 1
            price = security.price_near() * 10 ** (places - 2) + (self.rng.randrange(0, 100, 25) if places == 4 else 0)
            self.rows.append([
                f'F{self.fills:09d}', f'O{self.orders:09d}', day, *who, exchange, security.segment, security.symbol,
                security.isin, security.series.get(exchange, ''), security.instrument, security.cls, product, side,
                high - low, decimal(price, places), security.strike, security.option_type, security.lot,
                security.event, security.underlying, channel, holder])

    def day_done(self, out):
        self.rng.shuffle(self.rows)
        out.writerows(self.rows)
        done, self.rows = len(self.rows), []
        return done


def client(rng, day, name):
    """(client, broker, plan, state) and the kinds of trade open to it."""
    plans = open_plans(day)
    key = rng.choice(plans) if plans and rng.random() < 0.95 else ('custom', '')
    if plans and rng.random() < 0.3 and ('zerodha', 'standard') in plans:
        key = ('zerodha', 'standard')
    if rng.random() < 0.005:                            # perhaps not open on that day: an error row
        key = rng.choice(sorted(brokers.PLANS.keys() - LEFT_OUT))
    state = rng.choice(STATES) if rng.random() < 0.99 else ''        # an error before 2020-07
    holder = 'woman' if rng.random() < 0.1 else 'general'
    return (name, *key, state, holder), kinds_of(key, day)


def side_of(rng, security):
    if security.event in ('exercise', 'assignment'):
        return 'buy' if security.event == 'exercise' else 'sell'
    return rng.choice(['buy', 'sell'])


def random_orders(rng, writer, who, day, kinds, count, partial):
    for _ in range(count):
        security = Security(rng, rng.choice(kinds), day)
        parts = rng.choice([1, 1, 2, 3, 5]) if partial and security.event == 'trade' else 1
        odd = 1 if parts == 1 and rng.random() < 0.001 else 0           # not a multiple of the lot
        writer.order(who, day, security, side_of(rng, security), security.quantity() + odd,
                     rng.choice(security.products), parts)


def whole_day(rng, writer, who, day, kinds):
    """A few securities, each bought and sold: matched intraday orders, a delivery order, sometimes anything."""
    for kind in rng.choices(kinds, k=rng.randrange(1, 5)):
        security = Security(rng, kind, day)
        if security.event != 'trade' or rng.random() < 0.2:
            for _ in range(rng.randrange(1, 4)):
                writer.order(who, day, security, side_of(rng, security), security.quantity(),
                             rng.choice(security.products), 1)
            continue
        intraday = security.segment != 'equity' or 'intraday' in kinds and not is_trade_for_trade(security)
        if intraday:
            quantity, product = security.quantity(), 'intraday'
            for side in ('buy', 'sell'):
                writer.order(who, day, security, side, quantity, product, rng.choice([1, 2, 3]))
        if rng.random() < 0.6 or not intraday:
            held = 'carryforward' if security.segment != 'equity' else 'mtf' if kind == 'mtf' else 'delivery'
            if security.segment != 'equity' or held in kinds:
                side = rng.choice(['buy', 'sell'])
                for _ in range(rng.choice([1, 1, 2])):
                    writer.order(who, day, security, side, security.quantity(), held, rng.choice([1, 2]))


def is_trade_for_trade(security):
    return any(series in TRADE_FOR_TRADE[exchange] for exchange, series in security.series.items())


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--seed', type=int, default=1)
    options.add_argument('--rows', type=int, default=10_000)
    options.add_argument('--kind', choices=('orders', 'fills', 'notes'), default='orders')
    options = options.parse_args()
    rng = random.Random(f'{options.kind}/{options.seed}')
    out = csv.writer(sys.stdout, lineterminator='\n')
    out.writerow(COLUMNS)
    writer, written = Writer(rng), 0
    days = sorted(set(day.isoformat() for day in pick_days(rng, max(1, options.rows // FILLS_A_DAY))))
    for done, day in enumerate(days, 1):
        while written + len(writer.rows) < options.rows * done // len(days):
            name = f'C{rng.randrange(10**6):06d}-{len(writer.rows)}'
            who, kinds = client(rng, day, name)
            if options.kind == 'notes':
                whole_day(rng, writer, who, day, kinds)
            else:
                count = 1 if options.kind == 'orders' else rng.randrange(1, 5)
                random_orders(rng, writer, who, day, kinds, count, options.kind == 'fills')
        written += writer.day_done(out)


if __name__ == '__main__':
    main()
