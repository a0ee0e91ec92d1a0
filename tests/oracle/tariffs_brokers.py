"""Brokers' plans, typed from reference/tariffs.md sections 10 to 13 and tariffs2.md section 3.

A formula takes an order (turnover, strike_and_premium in micro-rupees; lots) and answers atto-rupees.
None is unknown, as is a kind of trade that a plan does not list. A day outside the plan is NoTariff.
"""
from money import Dated, percent, rupees


class NoTariff(Exception):
    pass


# --- Formulas ------------------------------------------------------------------------------------

def with_flats(formula, *amounts):
    """A note of ICICI rounds a percentage a share at a time, but not these."""
    formula.flats = amounts
    return formula


def nil(order):
    return 0


def percentage(rate):
    rate = percent(rate)
    formula = with_flats(lambda order: order.turnover * rate)
    formula.rate = rate
    return formula


def flat(amount):
    amount = rupees(amount)
    return with_flats(lambda order: amount, amount)


def lesser(rate, cap):
    rate, cap = percent(rate), rupees(cap)
    return with_flats(lambda order: min(order.turnover * rate, cap), cap)


def lesser_of_strike_and_premium(rate, cap):
    rate, cap = percent(rate), rupees(cap)
    return lambda order: min(order.strike_and_premium * rate, cap)


def bounded(rate, cap, least, most='2.5'):
    """The lower of the rate and the cap, not under least, and never above SEBI's 2.5 %."""
    inner, least, most = lesser(rate, cap), rupees(least), percent(most)
    return lambda order: min(max(inner(order), least), order.turnover * most)


def at_least(rate, least, most):
    """The rate, not under the lower of least and most percent."""
    rate, least, most = percent(rate), rupees(least), percent(most)
    return with_flats(lambda order: max(order.turnover * rate, min(least, order.turnover * most)), least)


def a_share(amount):
    amount = rupees(amount)
    return lambda order: amount * order.units


def a_freeze_lot(amount):
    """An index position above the freeze quantity is closed as several orders."""
    amount = rupees(amount)
    return lambda order: amount * -(-order.units // (order.freeze_quantity() or order.units))


def not_offered(order):
    raise NoTariff('not offered')


def a_lot(amount):
    amount = rupees(amount)
    return lambda order: amount * order.lots


# --- Plans ---------------------------------------------------------------------------------------

CASH = ('delivery', 'intraday', 'mtf')
FUTURES = ('future', 'currency-future', 'commodity-future')
OPTIONS = ('option', 'currency-option', 'commodity-option')
EXPIRY_KINDS = ('exercise', 'physical', 'goods')        # goods: delivered commodities
CASH_INSTRUMENTS = ('share', 'etf', 'bond', 'gsec', 'sgb', 'reit', 'invit')


def kind_of(fill):
    """The name under which a plan lists the fill."""
    if fill.event in ('exercise', 'assignment'):
        return 'exercise'
    if fill.event == 'physical':
        return 'physical' if fill.segment == 'equity-derivative' else 'goods'
    if fill.segment == 'equity':
        return fill.product
    prefix = '' if fill.segment == 'equity-derivative' else fill.segment + '-'
    return prefix + fill.instrument


def kind_of_expiry(fill):
    return fill.cls + '-exercise' if fill.segment == 'equity-derivative' else fill.segment + '-exercise'


class Plan:
    def __init__(self, begins, rules, ends='9999', note_minimum=None, special=None, penny=None, women=None):
        self.begins, self.ends = begins, ends
        self.penny = penny                              # (instruments, formula) of a delivery at Rs 10 or less
        self.women = women                              # {kinds: table} of a woman, before rules
        self.rules = {kind: table for kinds, table in rules.items()
                      for kind in ([kinds] if isinstance(kinds, str) else kinds)}
        self.note_minimum = note_minimum                # atto, of the brokerage of a contract note
        self.special = special or {}                    # (instrument, class) -> {kind: table}, before rules

    def is_penny(self, fill):
        return (self.penny is not None and fill.instrument in self.penny[0] and kind_of(fill) in ('delivery', 'mtf')
                and fill.price <= 10_000_000)

    def formula(self, fill):
        if not self.begins <= fill.day <= self.ends:
            raise NoTariff('plan not open on that day')
        kind = kind_of(fill)
        if self.is_penny(fill):
            return self.penny[1]
        for key in ((fill.instrument, fill.cls), (fill.instrument, '')):
            if key in self.special and kind in self.special[key]:
                special = self.special[key][kind]
                if fill.day >= special.begins():
                    return special.at(fill.day)
        if kind == 'exercise' and kind_of_expiry(fill) in self.rules:
            kind = kind_of_expiry(fill)
        rules = self.women if fill.holder == 'woman' and self.women and kind in self.women else self.rules
        return rules[kind].at(fill.day) if kind in rules else None


# Largest order in an index, from data/lists/index_contracts.csv; None where no circular was read.
FREEZE = {
    'NIFTY': Dated(('2004-01-01', 5000), ('2021-08-02', 2800), ('2023-04-03', 1800), ('2025-10-01', None),
                   ('2025-11-03', 1800), ('2026-10-05', None)),
    'BANKNIFTY': Dated(('2018-10-01', 2500), ('2021-08-02', 1200), ('2023-04-03', 900), ('2025-07-01', 600),
                       ('2025-09-01', 900), ('2025-10-01', None), ('2025-11-03', 600), ('2026-04-01', 900),
                       ('2026-07-01', 600), ('2026-10-05', None)),
    'SENSEX': Dated(('2025-01-01', 1000)), 'BANKEX': Dated(('2004-01-01', 900))}

PLANS = {}
DEFAULT_PLANS = {}


def plan(broker, name, *args, default=False, **kwargs):
    PLANS[broker, name] = Plan(*args, **kwargs)
    if default:
        DEFAULT_PLANS[broker] = name


def always(day, formula):
    return Dated((day, formula))


# --- Zerodha (T10, T2.3.1) -----------------------------------------------------------------------

plan('zerodha', 'standard', '2010-01-01', {
    'delivery': Dated(('2010-01-01', lesser('0.1', '20')), ('2015-12-01', nil)),
    ('intraday', *FUTURES): Dated(('2010-01-01', lesser('0.01', '20')), ('2020-04-01', lesser('0.03', '20'))),
    'mtf': Dated(('2010-01-01', not_offered), ('2024-01-01', lesser('0.03', '20')), ('2025-01-01', lesser('0.3', '20'))),
    'option': Dated(('2010-01-01', lesser_of_strike_and_premium('0.01', '20')), ('2015-01-01', flat('20'))),
    'currency-option': Dated(('2010-01-01', lesser('0.01', '20')), ('2015-01-01', flat('20'))),
    'commodity-option': always('2015-01-01', flat('20')),
    'index-exercise': always('2018-01-01', a_freeze_lot('20')),
    'physical': Dated(('2018-07-01', percentage('0.5')), ('2020-01-01', percentage('0.25'))),
}, default=True)

# --- ICICI Direct (T11, T2.3.2) ------------------------------------------------------------------

ICICI_PHYSICAL = always('2024-10-01', percentage('0.15'))
ICICI_20 = always('2022-01-01', flat('20'))


def deliveries(day, rate):
    table = always(day, percentage(rate))
    return {'delivery': table, 'mtf': table}


CURRENCY_AND_COMMODITY = ('currency-future', 'currency-option', 'commodity-future', 'commodity-option')

plan('icici', 'moneysaver', '2024-01-01', {
    ('delivery', 'mtf'): always('2024-01-01', percentage('0.29')),
    ('intraday', 'future'): always('2024-01-01', percentage('0.029')),
    'option': always('2024-01-01', a_lot('45')),
    CURRENCY_AND_COMMODITY: ICICI_20,
    'physical': ICICI_PHYSICAL,
}, default=True, penny=(('share',), percentage('0.25')), special={('bond', ''): deliveries('2024-01-01', '0.25')})

PRIME = {                                               # delivery %, intraday and futures %, Rs an option lot
    '299': [('2020-01-01', '0.27', '0.027', '40'), ('2024-01-01', '0.25', '0.025', '35'),
            ('2025-01-01', '0.25', '0.025', '49')],
    '999': [('2020-01-01', '0.22', '0.022', '35'), ('2025-01-01', '0.22', '0.022', '49')],
    '1999': [('2020-01-01', '0.18', '0.018', '25')],
    '2999': [('2020-01-01', '0.15', '0.015', '20'), ('2025-01-01', '0.15', '0.015', '29')],
    '3999': [('2020-01-01', '0.12', '0.012', '15')],
    '4999': [('2020-01-01', '0.10', '0.010', '10'), ('2025-01-01', '0.10', '0.010', '19')],
    '9999': [('2024-01-01', '0.07', '0.007', '7'), ('2025-01-01', '0.07', '0.007', '9')]}
PRIME_ENDS = {'1999': '2024-12-31', '3999': '2021-12-31'}

for fee, rows in PRIME.items():
    plan('icici', 'prime-' + fee, rows[0][0], {
        ('delivery', 'mtf'): Dated(*((day, percentage(delivery)) for day, delivery, _, _ in rows)),
        ('intraday', 'future'): Dated(*((day, percentage(tenth)) for day, _, tenth, _ in rows)),
        'option': Dated(*((day, a_lot(lot)) for day, _, _, lot in rows)),
        CURRENCY_AND_COMMODITY: ICICI_20,
        'physical': ICICI_PHYSICAL,
    }, ends=PRIME_ENDS.get(fee, '9999'))

plan('icici', 'neo', '2020-01-01', {
    ('delivery', 'mtf'): always('2020-01-01', percentage('0.55')),
    'intraday': always('2020-01-01', lesser('0.05', '20')),          # "up to Rs 40,000" is where 0.05 % is 20
    'future': always('2020-01-01', nil),
    ('option', *CURRENCY_AND_COMMODITY): always('2020-01-01', flat('20')),
    'physical': ICICI_PHYSICAL,
}, special={('bond', ''): deliveries('2020-01-01', '0.75')})
plan('icici', 'ivalue', '2022-01-01', {
    ('delivery', 'mtf'): always('2022-01-01', None),                 # "as the client's other plan"
    ('intraday', 'future', 'option', *CURRENCY_AND_COMMODITY): always('2022-01-01', flat('20')),
    'physical': ICICI_PHYSICAL})
plan('icici', 'i-secure', '2018-01-01', {
    'delivery': always('2018-01-01', at_least('0.55', '35', '2.5')),
    'intraday': always('2018-01-01', at_least('0.05', '25', '2.5')),
    'future': always('2018-01-01', None),                            # legs of a day: not modelled
    'option': always('2018-01-01', None),
    ('currency-future', 'currency-option'): Dated(('2018-01-01', None), ('2022-04-19', flat('20'))),
    ('commodity-future', 'commodity-option'): Dated(('2018-01-01', None), ('2022-04-19', flat('20'))),
    'physical': ICICI_PHYSICAL})

FIXED_AND_NRI = {CURRENCY_AND_COMMODITY: ICICI_20, 'physical': ICICI_PHYSICAL}
plan('icici', 'fixed', '2018-01-01', {                               # its minimum is never above its rate
    **FIXED_AND_NRI, ('delivery', 'mtf'): always('2018-01-01', percentage('0.75')),
}, penny=(CASH_INSTRUMENTS, a_share('0.05')))
plan('icici', 'nri', '2018-08-01', {
    **FIXED_AND_NRI, 'delivery': always('2018-08-01', at_least('0.75', '75', '2.5')),
    ('intraday', 'mtf'): always('2018-08-01', not_offered)})

# --- Angel One (T12, T2.3.3) ---------------------------------------------------------------------

plan('angel', 'itrade-prime', '2019-11-01', {
    'delivery': Dated(('2019-11-01', nil), ('2024-11-01', bounded('0.1', '20', '2')),
                      ('2025-11-17', bounded('0.1', '20', '5'))),
    'intraday': Dated(('2019-11-01', lesser('0.25', '20')), ('2024-01-01', lesser('0.03', '20')),
                      ('2025-11-17', bounded('0.1', '20', '5', most='100'))),
    'mtf': always('2025-11-17', bounded('0.1', '20', '5')),
    (*FUTURES, *OPTIONS): Dated(('2019-11-01', lesser('0.25', '20')), ('2024-11-01', flat('20'))),
}, default=True)

for name, delivery, tenth in [('classic', '0.32', '0.032'), ('preferred', '0.224', '0.0224'),
                              ('premier', '0.176', '0.0176'), ('elite', '0.128', '0.0128')]:
    plan('angel', name, '2019-01-01', {
        'delivery': always('2019-01-01', percentage(delivery)),
        ('intraday', 'future'): always('2019-01-01', percentage(tenth)),
    }, ends='2019-10-31', note_minimum=rupees('30'))

# --- Groww, Upstox, Dhan (T13, T2.3.4) -----------------------------------------------------------

plan('groww', 'standard', '2020-01-01', {
    ('delivery', 'intraday'): Dated(('2020-01-01', lesser('0.05', '20')),
                                    ('2024-10-01', bounded('0.1', '20', '2')),
                                    ('2025-11-01', bounded('0.1', '20', '5'))),
    ('future', 'option'): always('2021-01-01', flat('20')),
}, default=True)

UPSTOX = {
    'delivery': Dated(('2019-01-01', nil), ('2023-04-01', lesser('2.5', '20'))),
    'intraday': Dated(('2019-01-01', lesser('0.01', '20')), ('2020-12-01', lesser('0.05', '20')),
                      ('2025-01-01', lesser('0.1', '20'))),
    FUTURES: Dated(('2019-01-01', lesser('0.01', '20')), ('2020-12-01', lesser('0.05', '20'))),
    OPTIONS: always('2019-01-01', flat('20'))}
plan('upstox', 'standard', '2019-01-01', UPSTOX, default=True)
plan('upstox', 'plus', '2026-10-01', {**UPSTOX, OPTIONS: always('2026-10-01', flat('30'))})

plan('dhan', 'standard', '2021-01-01', {
    'delivery': always('2021-01-01', nil),
    ('intraday', 'mtf', *FUTURES): always('2021-01-01', lesser('0.03', '20')),
    OPTIONS: always('2021-01-01', flat('20')),
}, default=True, women={                                             # half
    **dict.fromkeys(('intraday', 'mtf', *FUTURES), always('2021-01-01', lesser('0.015', '10'))),
    **dict.fromkeys(OPTIONS, always('2021-01-01', flat('10')))})

# --- Fyers, 5paisa, Kotak, HDFC Sky, Paytm Money, Shoonya ----------------------------------------

plan('fyers', 'standard', '2020-01-01', {
    'delivery': Dated(('2020-01-01', nil), ('2024-10-01', lesser('0.3', '20'))),
    ('intraday', *FUTURES): always('2021-01-01', lesser('0.03', '20')),
    (*OPTIONS, 'exercise'): always('2021-01-01', flat('20')),
    ('physical', 'goods'): always('2021-01-01', percentage('0.5')),
}, default=True)

plan('5paisa', 'standard', '2020-01-01', {
    (*CASH, *FUTURES, *OPTIONS, *EXPIRY_KINDS): always('2020-01-01', flat('20')),
}, default=True)

KOTAK_ETF = {
    ('etf', 'liquid'): {'delivery': always('2024-01-01', percentage('0.01'))},
    ('gsec', ''): {'delivery': always('2024-01-01', percentage('0.01'))},
    ('etf', ''): {'delivery': always('2024-01-01', percentage('0.05'))}}
KOTAK_FIRST = at_least('0.25', '20', '100000')                       # the first version of the page has a minimum
plan('kotak', 'trade-free', '2021-01-01', {
    'delivery': Dated(('2021-01-01', KOTAK_FIRST), ('2024-01-01', percentage('0.25')), ('2026-01-01', percentage('0.20'))),
    'intraday': Dated(('2021-01-01', nil), ('2026-01-01', lesser('0.05', '10'))),
    ('future', 'option'): Dated(('2021-01-01', lambda order: 0 if order.intraday else rupees('20')),
                                ('2026-01-01', flat('10'))),
}, default=True, special=KOTAK_ETF)
plan('kotak', 'youth', '2023-01-01', {
    'delivery': always('2023-01-01', nil),
    'intraday': always('2023-01-01', nil),
    ('future', 'option'): Dated(('2023-01-01', nil), ('2026-01-01', flat('10'))),
})
plan('kotak', 'pro', '2025-01-01', {
    'delivery': always('2025-01-01', percentage('0.10')),
    'intraday': always('2025-01-01', nil),
    ('future', 'option'): always('2025-01-01', flat('20')),
}, special=KOTAK_ETF)

plan('hdfc-sky', 'standard', '2023-01-01', {
    ('delivery', 'intraday', *FUTURES): always('2023-01-01', lesser('2.5', '20')),
    OPTIONS: always('2023-01-01', flat('20')),
}, default=True)

plan('paytm', 'standard', '2021-01-01', {
    'delivery': Dated(('2021-01-01', nil), ('2022-01-01', lesser('2.5', '15')), ('2024-10-01', lesser('2.5', '20'))),
    'intraday': Dated(('2021-01-01', lesser('0.05', '10')), ('2022-01-01', lesser('0.05', '15')),
                      ('2024-10-01', lesser('0.05', '20'))),
    'future': Dated(('2021-01-01', flat('10')), ('2022-01-01', lesser('0.02', '15')),
                    ('2024-10-01', lesser('0.02', '20'))),
    'option': Dated(('2021-01-01', flat('10')), ('2022-01-01', flat('15')), ('2024-10-01', flat('20'))),
}, default=True)

plan('shoonya', 'standard', '2021-01-01', {
    (*CASH, *FUTURES, *OPTIONS): Dated(('2021-01-01', nil), ('2025-01-01', None)),
}, default=True)

# --- Clearing charges, rates of turnover or premium ----------------------------------------------

CLEARING = {                                            # unknown before the first row
    ('zerodha', 'future'): Dated(('2010-01-01', None), ('2019-01-01', 0)),
    ('zerodha', 'option'): Dated(('2010-01-01', percent('0.003')), ('2019-01-01', 0)),
    ('fyers', 'future'): Dated(('2021-01-01', percent('0.0005'))),
    ('fyers', 'option'): Dated(('2021-01-01', percent('0.009'))),
    ('fyers', 'commodity-future'): Dated(('2021-01-01', percent('0.0018'))),
    ('fyers', 'commodity-option'): Dated(('2021-01-01', percent('0.05'))),
    ('fyers', 'currency-future'): Dated(('2021-01-01', None)),
    ('fyers', 'currency-option'): Dated(('2021-01-01', percent('0.009')))}


def clearing_charge(fill):
    if fill.broker == 'angel' and fill.segment == 'equity-derivative' and fill.event == 'trade':
        return rupees('0.02') if fill.day < '2020-01-01' else 0      # a trade, from its list of 2018-19
    table = CLEARING.get((fill.broker, kind_of(fill)))
    if table is None or fill.segment == 'commodity' and fill.exchange != 'MCX':
        return 0
    rate = table.at(fill.day)
    return None if rate is None else fill.turnover * rate


# --- DP charges, rupees an ISIN-day without their tax --------------------------------------------

DP = {
    'zerodha': Dated(('2015-01-01', '13.50'), ('2024-10-01', '13')),
    'icici': Dated(('2024-10-01', '20')),
    'angel': Dated(('2021-01-01', '20')),
    'groww': Dated(('2020-01-01', '13.50'), ('2024-10-01', '20')),   # below Rs 100: GROWW_DP_SMALL
    'upstox': Dated(('2019-01-01', '18.50'), ('2025-01-01', '20')),
    'dhan': Dated(('2021-01-01', '12.50')),
    'fyers': Dated(('2021-01-01', '15.50'), ('2024-10-01', '13.50')),
    '5paisa': Dated(('2020-01-01', '12.50'), ('2025-01-01', '20')),
    'kotak': Dated(('2021-01-01', ('0.04%', 'at least 20'))),
    'hdfc-sky': Dated(('2023-01-01', '20')),
    'paytm': Dated(('2021-01-01', '13.50'), ('2025-02-01', '20')),
    'shoonya': Dated(('2021-01-01', None))}
DP_OF_WOMEN = {'zerodha': Dated(('2024-10-01', '12.75')), 'groww': Dated(('2024-10-01', '19.75'))}
DP_AN_ORDER = {'groww', 'icici'}
GROWW_DP_SMALL = {'woman': '3.25', '': '3.50'}          # from GROWW_DP_SMALL_BEGINS
GROWW_DP_SMALL_BEGINS = '2024-10-01'
DP_NIL_PLANS = {('kotak', 'youth')}
DP_TAX_BEGINS = '2017-07-01'                            # 13.50, "then 13.50 + GST = 15.93"

# --- How a broker rounds its notes, and taxes its lines ------------------------------------------

STT_ONCE_A_SEGMENT = {'groww'}                          # its note of 2026-01-05
STT_TO_THE_PAISA = {'kotak'}                            # C035
GST_ON_ROUNDED_LINES = {'dhan', 'groww'}                # C022
ZERODHA_PAISA_BEGINS = '2015-12-01'
STAMP_COMMODITY_TO_THE_PAISA = {'zerodha'}              # C014
IPFT_TAXED_FROM = {'zerodha': '2024-10-01', 'upstox': '2024-10-01'}    # others: tariffs_law.GST_ON_IPFT
UPSTOX_NARROW_BASE_UNTIL = '2024-09-30'                 # brokerage and exchange charge alone
PER_SHARE_PLACES = {'icici': {'NSE': 4, 'BSE': 2}}      # brokerage of a share, before the quantity (R3)

# --- The column "other": call and trade, square-off by the broker, an order; interest of MTF -----

def both(*rows):
    return {'call': Dated(*rows), 'squareoff': Dated(*rows)}


CHANNEL_FEES = {                                        # unknown before the first row; no row: nil
    'zerodha': both(('2010-01-01', flat('20')), ('2020-03-19', flat('50'))),
    'angel': both(('2021-01-01', flat('20'))),
    'upstox': both(('2020-01-01', flat('20'))),
    'icici': both(('2021-01-01', flat('50'))),
    'fyers': both(('2021-01-01', flat('20'))),
    'dhan': {'call': always('2021-01-01', flat('50')), 'squareoff': always('2021-01-01', flat('20'))},
    '5paisa': {'call': Dated(('2021-01-01', flat('100')), ('2025-01-01', flat('20'))),
               'squareoff': Dated(('2021-01-01', flat('50')))},
    'paytm': {'call': always('2024-10-01', flat('100')), 'squareoff': always('2024-10-01', flat('50'))},
    'hdfc-sky': {'call': always('2023-01-01', flat('20')), 'squareoff': always('2023-01-01', lesser('0.1', '20'))}}
ICICI_SQUAREOFF_MOST = rupees('100')                    # a day, commodity

# Days from which the interest is known. Nothing is funded in a file, so it is nil where known.
MTF_INTEREST = {
    'zerodha': Dated(('2010-01-01', True)), 'dhan': Dated(('2021-01-01', True)), 'hdfc-sky': Dated(('2023-01-01', True)),
    'angel': Dated(('2022-01-01', True)), '5paisa': Dated(('2025-01-01', True)), 'custom': Dated(('2004-01-01', True)),
    ('kotak', 'pro'): Dated(('2025-01-01', True)), 'icici': Dated(('2024-01-01', True)),
    ('icici', 'neo'): Dated(('2020-01-01', True)), ('icici', 'i-secure'): Dated(('2020-01-01', True)),
    **{('icici', 'prime-' + fee): Dated(('2020-01-01', True)) for fee in PRIME},
    ('icici', 'prime-999'): Dated(('2020-01-01', True), ('2024-01-01', None), ('2025-01-01', True))}
INTEREST_BEARS_NO_GST = {'zerodha', 'angel', 'icici', '5paisa', 'dhan', 'hdfc-sky', 'kotak'}


def other_charge(order):
    """Atto-rupees of an order, None where a fee exists and its amount does not."""
    fill = order.fills[0]
    table = CHANNEL_FEES.get(fill.broker, {}).get(fill.channel) if fill.event == 'trade' else None
    if fill.product != 'mtf':
        formula = table.at(fill.day) if table else nil
        return formula and formula(order)
    interest = MTF_INTEREST.get((fill.broker, fill.plan), MTF_INTEREST.get(fill.broker))
    if not interest or not interest.at(fill.day):
        return None
    fee = table.at(fill.day) if table else nil          # with its GST inside: the interest bears none
    return fee and fee(order) * 118 // 100


# --- Custom: law and exchange alone --------------------------------------------------------------

plan('custom', '', '2004-01-01', {
    (*CASH, *FUTURES, *OPTIONS, *EXPIRY_KINDS): always('2004-01-01', nil),
}, default=True)
DP['custom'] = always('2004-01-01', '0')
