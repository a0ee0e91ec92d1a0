"""Prices the fills of one date, at level exact or note. Every amount is an integer (money.py) or a Fraction."""
from collections import defaultdict
from fractions import Fraction

import tariffs_brokers as brokers
import tariffs_law as law
from money import ATTO, MICRO, NANO, PAISA, RATE, RUPEE, half_up, parse, rupees, spread
from tariffs_brokers import NoTariff

LINES = ('brokerage', 'transaction_tax', 'exchange_charge', 'clearing_charge', 'sebi_fee', 'ipft',
         'stamp_duty', 'gst', 'other')
DAILY_LINES = ('exchange_charge', 'clearing_charge', 'sebi_fee', 'ipft', 'other')
OWN_LINES = ('transaction_tax', 'exchange_charge', 'clearing_charge', 'sebi_fee', 'ipft', 'stamp_duty')
POOLED_BY_ISIN_FROM = '2019-06-01'
NO_NETTING = {'NSE': {'BE', 'BZ', 'ST', 'SZ', 'ME', 'ID', 'RT'},
              'BSE': {'T', 'XT', 'MT', 'TS', 'Z', 'ZP', 'P'}}


SEGMENTS = ('equity', 'equity-derivative', 'currency', 'commodity')
CASH_INSTRUMENTS = ('share', 'etf', 'bond', 'gsec', 'sgb', 'reit', 'invit')
EVENTS = ('trade', 'exercise', 'assignment', 'physical')


class Refused(Exception):
    pass


class Fill:
    __slots__ = ('index', 'time', 'fill_id', 'order_id', 'day', 'client', 'broker', 'plan', 'state', 'exchange',
                 'segment', 'symbol', 'isin', 'series', 'instrument', 'cls', 'product', 'sells', 'quantity',
                 'price', 'strike', 'option_type', 'lot_size', 'event', 'underlying', 'channel', 'turnover',
                 'holder', 'strike_and_premium', 'settlement_value', 'nets', 'matched', 'exact', 'amounts', 'dp',
                 'error')

    def __init__(self, index, row):
        self.index, self.error, self.amounts, self.exact, self.dp, self.matched = index, None, {}, {}, 0, 0
        get = row.get
        self.time, self.fill_id, self.order_id = get('time') or '', get('fill_id') or '', get('order_id') or ''
        self.day, self.client, self.broker = row['date'], get('client') or '', row['broker']
        self.plan = get('plan') or brokers.DEFAULT_PLANS.get(self.broker, '')
        self.state = get('state') or ''
        self.exchange, self.segment, self.symbol = row['exchange'], get('segment') or 'equity', row['symbol']
        self.isin, self.series = get('isin') or '', get('series') or ''
        self.instrument = get('instrument') or ('share' if self.segment == 'equity' else
                                                'option' if get('strike') or get('option_type') else '')
        self.cls = get('class') or ''
        self.product = get('product') or ('' if self.segment == 'equity' else 'carryforward')
        self.event, self.underlying = get('event') or 'trade', get('underlying') or ''
        self.channel, self.option_type = get('channel') or 'online', get('option_type') or ''
        self.holder = '' if get('holder') == 'general' else get('holder') or ''
        self.sells = row['side'] == 'sell' or not row['side'] and self.event == 'assignment'
        self.quantity, self.price = parse(row['quantity']), parse(row['price'])
        self.strike = parse(get('strike') or '0')
        self.lot_size = int(get('lot_size') or 0)
        if self.segment == 'commodity' and not self.cls:
            name = law.commodity(self.underlying or self.symbol)
            agri = name and law.COMMODITIES[name]['agri_segment'] == 'yes'
            self.cls = 'commodity-agri' if agri else 'commodity-nonagri'
        self.validate()
        self.value()
        self.nets = self.series not in NO_NETTING.get(self.exchange, ())

    def validate(self):
        if self.exchange not in law.EXCHANGES or self.segment not in SEGMENTS:
            raise Refused('no such exchange or segment')
        if self.instrument not in (CASH_INSTRUMENTS if self.segment == 'equity' else ('future', 'option')):
            raise NoTariff('impossible instrument')
        if self.instrument == 'etf' and not self.cls:
            raise Refused('class needed')
        if self.event not in EVENTS:
            raise NoTariff('event unknown')
        if self.event in law.EXPIRY and (self.instrument != 'option' or not self.strike):
            raise Refused('strike needed')
        if self.quantity <= 0 or self.price <= 0:
            raise Refused('quantity and price must be positive')
        if self.segment == 'equity':
            if self.product not in brokers.CASH:
                raise NoTariff('impossible product')
            if self.event != 'trade':
                raise NoTariff('event unknown')
            if self.product == 'intraday' and self.series in NO_NETTING.get(self.exchange, ()):
                raise NoTariff('trade for trade')
        elif self.product not in ('intraday', 'carryforward'):
            raise NoTariff('impossible product')
        if self.segment != 'commodity' and self.quantity % MICRO:
            raise Refused('fractional quantity')
        if self.event == 'physical' and self.segment != 'commodity' and self.day < law.PHYSICAL_BEGINS:
            raise NoTariff('no physical settlement on that day')
        if self.event == 'physical' and (self.cls == 'index' or self.segment == 'currency'):
            raise NoTariff('impossible physical settlement')
        if self.day < law.STAMP_UNIFORM and not self.state:
            raise Refused('state needed')
        if self.lot_size and self.quantity % (self.lot_size * MICRO):
            raise Refused('not a multiple of the lot')

    def value(self):
        """Turnover, strike + premium and settlement value, in micro-rupees."""
        paid = self.price
        if self.event in law.EXPIRY:
            paid = self.price - self.strike if self.option_type == 'CE' else self.strike - self.price
            if paid <= 0:
                raise Refused('out of the money')
        self.turnover = half_up(paid * self.quantity, MICRO)
        self.strike_and_premium = half_up((self.strike + paid) * self.quantity, MICRO)
        self.settlement_value = half_up(self.price * self.quantity, MICRO)

    @property
    def units(self):
        return self.quantity // MICRO

    def tie(self):
        return (self.time, self.fill_id, self.exchange, self.symbol, self.sells, self.quantity, self.price)

    def refuse(self, reason):
        self.error = reason
        self.amounts = {}


def flat_amounts(formula):
    return getattr(formula, 'flats', ())


class Batch:
    """Fills of one order that a formula prices together."""

    def __init__(self, fills):
        self.fills = fills
        self.turnover = sum(fill.turnover for fill in fills)
        self.strike_and_premium = sum(fill.strike_and_premium for fill in fills)
        self.units = sum(fill.units for fill in fills)
        self.intraday = fills[0].product == 'intraday'

    @property
    def lots(self):
        size = self.fills[0].lot_size
        if not size:
            raise NoTariff('lot_size needed')
        return self.units // size

    def freeze_quantity(self):
        first = self.fills[0]
        table = brokers.FREEZE.get(first.underlying or first.symbol)
        return table and table.at(first.day)

    def parts(self, amount):
        """An amount over the fills by turnover."""
        if amount is None or len(self.fills) == 1:
            return [amount] * len(self.fills)
        return [Fraction(amount * fill.turnover, self.turnover) for fill in self.fills]


class Priced(Batch):
    """The fills of an order that are of one kind of price."""

    def __init__(self, plan, fills):
        super().__init__(fills)
        self.formula = plan.formula(fills[0])
        self.brokerage = self.formula(self) if self.formula else None

    def per_share_brokerage(self):
        """What the note charges each fill: a percentage a share at a time where the broker rounds so, else its part of the
        exact amount."""
        first = self.fills[0]
        places = brokers.PER_SHARE_PLACES.get(first.broker, {}).get(first.exchange)
        if places is None or first.segment != 'equity' or self.brokerage in (None, *flat_amounts(self.formula)):
            return self.parts(self.brokerage)
        unit = ATTO // 10**places
        if hasattr(self.formula, 'rate'):
            return [half_up(fill.turnover * self.formula.rate, unit * fill.units) * unit * fill.units
                    for fill in self.fills]
        return self.parts(half_up(self.brokerage, unit * self.units) * unit * self.units)


class Order(Batch):
    """Fills that share client, broker, date, exchange and order id."""

    def __init__(self, fills):
        super().__init__(fills)
        plan = brokers.PLANS.get((fills[0].broker, fills[0].plan))
        if plan is None:
            raise NoTariff('no such plan')
        self.priced = [Priced(plan, batch) for batch in by(fills, plan.is_penny)]
        self.other = brokers.other_charge(self)


def orders_of(fills):
    """The orders of the fills; those without a tariff refuse their fills."""
    orders = []
    for group in by(fills, lambda fill: (fill.client, fill.broker, fill.exchange,
                                         fill.order_id or ('fill', fill.index))):
        try:
            orders.append(Order(group))
        except NoTariff as reason:
            for fill in group:
                fill.refuse(f'no tariff: {reason}')
    return orders


def gst_base(fill):
    """The lines that bear service tax or GST on the fill's day."""
    day, narrow = fill.day, fill.broker == 'upstox' and fill.day <= brokers.UPSTOX_NARROW_BASE_UNTIL
    if narrow:
        return ('brokerage', 'exchange_charge', 'clearing_charge', 'other')
    base = ['brokerage', 'exchange_charge', 'clearing_charge', 'other']
    if fill.product == 'mtf' and fill.broker in brokers.INTEREST_BEARS_NO_GST:
        base.remove('other')
    if day >= law.GST_ON_SEBI_FEE:
        base.append('sebi_fee')
    if day >= brokers.IPFT_TAXED_FROM.get(fill.broker, law.GST_ON_IPFT):
        base.append('ipft')
    return base


def own_lines(fill):
    """The lines that need no other fill, unrounded."""
    return {'transaction_tax': law.transaction_tax(fill), 'exchange_charge': law.exchange_charge(fill),
            'clearing_charge': brokers.clearing_charge(fill), 'sebi_fee': law.sebi_fee(fill),
            'ipft': law.ipft(fill), 'stamp_duty': law.stamp_duty(fill)}


def give(fills, line, units, weights, total=None):
    for fill, share in zip(fills, spread(units, weights, total)):
        fill.amounts[line] = share


# --- DP charges, the same at both levels but for the unit -----------------------------------------

def dp_charges(fills, unit):
    """Sets fill.dp, in units (NANO or PAISA), for the net delivered sales of each ISIN of a date."""
    groups = defaultdict(list)
    for fill in fills:
        if fill.segment == 'equity' and fill.product in ('delivery', 'mtf') and not fill.error:
            security = fill.isin or (fill.exchange, fill.symbol)
            groups[fill.client, fill.broker, security].append(fill)
    for group in groups.values():
        sales = [fill for fill in group if fill.sells]
        sold = sum(fill.quantity for fill in sales)
        net = sold - sum(fill.quantity for fill in group if not fill.sells)
        if net <= 0 or (sales[0].broker, sales[0].plan) in brokers.DP_NIL_PLANS:
            continue
        tariff = dp_tariff(sales[0])
        if tariff is None:
            for fill in sales:
                fill.dp = None
        elif sales[0].broker in brokers.DP_AN_ORDER:
            for order in by(sales, lambda fill: (fill.exchange, fill.order_id or fill.index)):
                dp_give(order, rupees(groww_small_dp(order) or tariff), unit)
        elif tariff == ('0.04%', 'at least 20'):
            value = Fraction(sum(fill.turnover for fill in sales) * net, sold)
            dp_give(sales, max(value * RATE * 4 / 10_000, rupees('20')), unit)
        else:
            dp_give(sales, rupees(tariff), unit)


def dp_tariff(fill):
    table = brokers.DP_OF_WOMEN.get(fill.broker) if fill.holder == 'woman' else None
    return (table and table.at(fill.day)) or brokers.DP[fill.broker].at(fill.day)


def groww_small_dp(order):
    first = order[0]
    if (first.broker == 'groww' and first.day >= brokers.GROWW_DP_SMALL_BEGINS
            and sum(fill.turnover for fill in order) < 100 * MICRO):
        return brokers.GROWW_DP_SMALL[first.holder]
    return None


def dp_give(sales, amount, unit):
    taxed = amount
    if sales[0].day >= brokers.DP_TAX_BEGINS:
        taxed = Fraction(amount * (RATE + law.SERVICE_TAX.at(sales[0].day)), RATE)
    for fill, share in zip(sales, spread(half_up(taxed, unit), [fill.quantity for fill in sales])):
        fill.dp = share


# --- Level exact ---------------------------------------------------------------------------------

def price_exact(fills):
    """Sets amounts and dp of the fills of one date, in nano-rupees."""
    fills = sorted(fills, key=Fill.tie)
    for order in orders_of(fills):
        for line, batch, amount in (*(('brokerage', batch, batch.brokerage) for batch in order.priced),
                                    ('other', order, order.other)):
            if amount is None:
                for fill in batch.fills:
                    fill.amounts[line] = None
            else:
                give(batch.fills, line, half_up(amount, NANO), [fill.turnover for fill in batch.fills])
            for fill, part in zip(batch.fills, batch.parts(amount)):
                fill.exact[line] = part
    priced = [fill for fill in fills if not fill.error]
    for fill in priced:
        fill.exact.update(own_lines(fill))
        for line in OWN_LINES:
            amount = fill.exact[line]
            fill.amounts[line] = None if amount is None else half_up(amount, NANO)
    for line, bound in bounds_of(priced):
        give(bound, line, half_up(sum(fill.exact[line] for fill in bound), NANO), [fill.exact[line] for fill in bound])
    for fill in priced:
        base = [fill.amounts[line] for line in gst_base(fill)]
        fill.amounts['gst'] = None if None in base else half_up(
            sum(base) * law.SERVICE_TAX.at(fill.day), RATE)
    dp_charges(fills, NANO)


# --- Bounds over a contract note: the same at both levels ------------------------------------------

def contract_notes(fills):
    return by(fills, lambda fill: (fill.client, fill.broker, fill.plan, fill.segment == 'commodity'))


def bounds_of(fills):
    """Puts the exact lines within the bounds of each note; [(line, the fills whose sum is bounded)]."""
    bounded = []
    for note in contract_notes(fills):
        first = note[0]
        plan = brokers.PLANS[first.broker, first.plan]
        if plan.note_minimum:
            bounded.append(('brokerage', note, plan.note_minimum, None))
        for segments, cap in law.stamp_caps(first):
            bounded.append(('stamp_duty', [fill for fill in note if fill.segment in segments], None, cap))
        if first.broker == 'icici' and first.segment == 'commodity':
            bounded.append(('other', [fill for fill in note if fill.channel == 'squareoff'], None,
                            brokers.ICICI_SQUAREOFF_MOST))
    return [(line, bound) for line, group, least, most in bounded
            if (bound := put_within(group, line, least, most))]


def put_within(fills, line, least, most):
    fills = [fill for fill in fills if fill.exact[line] is not None]
    total = sum(fill.exact[line] for fill in fills)
    amount = max(total, least or 0) if most is None else min(total, most)
    if amount == total:
        return []  # a bound that does not bind leaves each line its own
    if total and amount != total:
        for fill in fills:
            fill.exact[line] = Fraction(fill.exact[line] * amount, total)
    return fills


# --- Level note ----------------------------------------------------------------------------------

def price_note(fills):
    """Sets amounts and dp of the fills of one date, in paise."""
    notes = defaultdict(list)
    for fill in sorted(fills, key=Fill.tie):
        notes[fill.client, fill.broker].append(fill)
    for note in notes.values():
        orders = orders_of(note)
        priced = [fill for fill in note if not fill.error]
        if priced:
            price_one_note(priced, orders)
    dp_charges([fill for note in notes.values() for fill in note], PAISA)


def price_one_note(fills, orders):
    for fill in fills:
        fill.exact.update(own_lines(fill))
    stamp_of_scrip_days(fills)
    exact_brokerage(orders)
    bounds_of(fills)
    note_brokerage(orders)
    zerodha_paisa(fills)
    segments = defaultdict(list)
    for fill in fills:
        segments[fill.segment].append(fill)
    for segment in segments.values():
        for line in DAILY_LINES:
            give_known(segment, line, PAISA)
    securities_tax(segments.pop('equity', []))
    contract_tax([fill for segment in segments.values() for fill in segment])
    note_stamp(fills)
    for segment in by(fills, lambda fill: fill.segment):
        note_gst(segment)


def by(fills, key):
    groups = defaultdict(list)
    for fill in fills:
        groups[key(fill)].append(fill)
    return groups.values()


def give_known(fills, line, unit):
    """One sum over the fills whose line is known, rounded to the unit, spread in paise."""
    known = []
    for fill in fills:
        if fill.exact[line] is None:
            fill.amounts[line] = None
        else:
            known.append(fill)
    if known:
        weights = [fill.exact[line] for fill in known]
        total = sum(weights)
        give(known, line, half_up(total, unit) * (unit // PAISA), weights, total)


def exact_brokerage(orders):
    for order in orders:
        for batch in order.priced:
            for fill, part in zip(batch.fills, batch.per_share_brokerage()):
                fill.exact['brokerage'] = part
        for fill, part in zip(order.fills, order.parts(order.other)):
            fill.exact['other'] = part


def note_brokerage(orders):
    """Each order to the paisa; the exact amount stays behind for the GST."""
    for order in orders:
        give_known(order.fills, 'brokerage', PAISA)


def zerodha_paisa(fills):
    """A note with delivery trades and no brokerage shows a paisa on the first of them, which no GST falls on."""
    note = [fill for fill in fills if fill.segment != 'commodity']
    shown = [fill for fill in note if fill.segment == 'equity' and fill.product == 'delivery']
    if not shown or shown[0].broker != 'zerodha' or shown[0].day < brokers.ZERODHA_PAISA_BEGINS:
        return
    if not any(fill.exact['brokerage'] for fill in note):
        shown[0].amounts['brokerage'] = 1


# --- STT and stamp duty of a contract note (docs/levels.md) --------------------

class ScripDay:
    """The day's fills of one client in one security, netted or trade for trade."""

    def __init__(self, fills):
        self.fills = fills
        self.buys = [fill for fill in fills if not fill.sells]
        self.sales = [fill for fill in fills if fill.sells]
        self.bought, self.sold = (sum(fill.units for fill in side) for side in (self.buys, self.sales))
        self.paid, self.received = (sum(fill.turnover for fill in side) for side in (self.buys, self.sales))
        self.matched = min(self.bought, self.sold) if fills[0].nets else 0
        for side in (self.buys, self.sales):
            left = self.matched                         # the first units in time are the intraday ones
            for fill in side:
                fill.matched = min(fill.units, left)
                left -= fill.matched

    def tax_parts(self):
        """[(fills, their quantities, rate of a unit in atto)], or None where the rates are unknown."""
        first = self.fills[0]
        rates = law.share_stt_rates(first.instrument, first.cls, first.day)
        if rates is None:
            return None
        intraday, purchase, sale = rates
        if not first.nets:
            return [(side, [fill.units for fill in side], average(value, quantity) * rate)
                    for side, quantity, value, rate in ((self.buys, self.bought, self.paid, purchase),
                                                        (self.sales, self.sold, self.received, sale)) if side]
        price = average(self.paid + self.received, self.bought + self.sold)
        larger, rate = (self.sales, sale) if self.sold > self.bought else (self.buys, purchase)
        return [(self.sales, [fill.matched for fill in self.sales], price * intraday),
                (larger, [fill.units - fill.matched for fill in larger], price * rate)]

    def stamp(self):
        """{fill: exact duty}, None where unknown: from 2020-07 the buys on their unrounded average price, before it
        each fill on its own."""
        first = self.fills[0]
        rates = law.stamp_cash_rates(first)
        if rates is None:
            return None
        intraday, delivery = rates
        own = first.day < law.STAMP_UNIFORM
        return {fill: (fill.matched * intraday + (fill.units - fill.matched) * delivery)
                * (Fraction(fill.turnover, fill.units) if own else Fraction(self.paid, self.bought))
                for fill in (self.fills if own else self.buys)}


def average(value, quantity):
    """Average price rounded to the paisa; times a rate it is atto-rupees."""
    return half_up(value, quantity * 10_000) * 10_000


def scrip_days(fills):
    def key(fill):
        pooled = fill.isin and fill.day >= POOLED_BY_ISIN_FROM
        return (fill.nets, fill.isin) if pooled else (fill.nets, fill.exchange, fill.isin or fill.symbol)
    return [ScripDay(group) for group in by(fills, key)]


def securities_tax(fills):
    """STT of the cash segment."""
    if not fills:
        return
    broker = fills[0].broker
    weights = {}
    for scrip in scrip_days(fills):
        for fill in scrip.fills:
            fill.amounts['transaction_tax'] = 0
        parts = scrip.tax_parts()
        if parts is None:
            for fill in scrip.fills:
                fill.amounts['transaction_tax'] = None
            continue
        for side, quantities, rate in parts:
            if broker in brokers.STT_ONCE_A_SEGMENT:
                for fill, quantity in zip(side, quantities):
                    weights[fill] = weights.get(fill, 0) + quantity * rate
            elif sum(quantities) and rate:
                unit = tax_unit(broker)
                tax = half_up(sum(quantities) * rate, unit) * (unit // PAISA)
                for fill, share in zip(side, spread(tax, quantities)):
                    fill.amounts['transaction_tax'] += share
    if weights:
        payers = [fill for fill in fills if fill in weights]
        give(payers, 'transaction_tax', half_up(sum(weights.values()), RUPEE) * 100,
             [weights[fill] for fill in payers])


def tax_unit(broker):
    return PAISA if broker in brokers.STT_TO_THE_PAISA else RUPEE


def contract_tax(fills):
    """STT of derivatives and CTT: a contract, a day, an event."""
    for segment in by(fills, lambda fill: fill.segment):
        broker, commodity = segment[0].broker, segment[0].segment == 'commodity'
        for fill in segment:
            fill.amounts['transaction_tax'] = 0
        if broker in brokers.STT_ONCE_A_SEGMENT and not commodity:
            give_known(segment, 'transaction_tax', RUPEE)
            continue
        for contract in by(segment, lambda fill: (fill.exchange, fill.symbol, fill.strike, fill.option_type,
                                                  fill.event)):
            give_known(contract, 'transaction_tax', RUPEE if commodity else tax_unit(broker))


def stamp_of_scrip_days(fills):
    for scrip in scrip_days([fill for fill in fills if fill.segment == 'equity']):
        duties = scrip.stamp()
        for fill in scrip.fills:
            fill.exact['stamp_duty'] = None if duties is None else duties.get(fill, 0)


def note_stamp(fills):
    """Once a segment and day, to the paisa while it was the states', then to the rupee."""
    for segment in by(fills, lambda fill: fill.segment):
        first = segment[0]
        to_the_paisa = first.day < law.STAMP_UNIFORM or (
            first.segment == 'commodity' and first.broker in brokers.STAMP_COMMODITY_TO_THE_PAISA)
        give_known(segment, 'stamp_duty', PAISA if to_the_paisa else RUPEE)


def note_gst(segment):
    """Once a segment and day, on the unrounded lines or, at some brokers, on the rounded ones; spread by the unrounded."""
    rate = law.SERVICE_TAX.at(segment[0].day)
    rounded = segment[0].broker in brokers.GST_ON_ROUNDED_LINES
    known, weights, total = [], [], 0
    for fill in segment:
        lines = [fill.exact[line] for line in gst_base(fill)]
        if None in lines:
            fill.amounts['gst'] = None
        else:
            known.append(fill)
            weights.append(sum(lines))
            total += sum(fill.amounts[line] * PAISA for line in gst_base(fill)) if rounded else weights[-1]
    if known:
        give(known, 'gst', half_up(total * rate, RATE * PAISA), weights)
