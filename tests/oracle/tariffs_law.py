"""Charges of the law and the exchanges, typed from reference/tariffs.md and tariffs2.md (section numbers T, T2).

A function takes one fill and answers its unrounded line in atto-rupees, 0 for nil, None for unknown.
Where the sources are open, READINGS.md says what was read.
"""
import csv
import os
from money import MICRO, Dated, per_crore, per_lakh, percent, rupees

EXPIRY = {'exercise', 'assignment'}

# --- Securities transaction tax (T1, T2.7) -------------------------------------------------------

STT_DELIVERY = Dated(                                   # both sides
    ('2004-01-01', 0),
    ('2004-10-01', percent('0.075')),
    ('2005-06-01', percent('0.1')),
    ('2006-06-01', percent('0.125')),                   # NSE/FATAX20990
    ('2012-07-01', percent('0.1')))
STT_INTRADAY = Dated(                                   # seller
    ('2004-01-01', 0),
    ('2004-10-01', percent('0.015')),
    ('2005-06-01', percent('0.02')),
    ('2006-06-01', percent('0.025')))
STT_FUTURE = Dated(                                     # seller
    ('2004-01-01', 0),
    ('2004-10-01', percent('0.01')),
    ('2005-06-01', percent('0.0133')),
    ('2006-06-01', percent('0.017')),
    ('2013-06-01', percent('0.01')),                    # NSE/FATAX23500
    ('2023-04-01', percent('0.0125')),                  # NSE/FATAX56235
    ('2024-10-01', percent('0.02')),                    # NSE/FATAX63809
    ('2026-04-01', percent('0.05')))                    # NSE/FATAX73524
STT_OPTION = Dated(                                     # seller
    ('2004-01-01', 0),
    ('2004-10-01', percent('0.01')),
    ('2005-06-01', percent('0.0133')),
    ('2006-06-01', percent('0.017')),
    ('2016-06-01', percent('0.05')),                    # NSE/FATAX32385
    ('2023-04-01', percent('0.0625')),
    ('2024-10-01', percent('0.1')),
    ('2026-04-01', percent('0.15')))
STT_OPTION_ON_PREMIUM = '2008-06-01'                    # strike + premium before
STT_EXERCISE = Dated(                                   # the long from 2008-06, the writer before
    ('2004-01-01', 0),
    ('2004-10-01', percent('0.01')),
    ('2005-06-01', percent('0.0133')),
    ('2006-06-01', percent('0.017')),
    ('2008-06-01', percent('0.125')),
    ('2026-04-01', percent('0.15')))
STT_EXERCISE_BY_LONG = '2008-06-01'
STT_EXERCISE_ON_INTRINSIC = '2019-09-01'                # settlement price x quantity before
STT_TRUSTS_BEGIN = '2014-10-01'                         # listed units of REITs and InvITs, as shares
STT_ETF_APART = '2013-06-01'                            # units taxed as shares before
STT_ETF_DELIVERY_SALE = percent('0.001')
STT_PHYSICAL = percent('0.1')
PHYSICAL_BEGINS = '2018-07-26'                          # the receiver alone
PHYSICAL_BOTH_SIDES = '2018-08-28'

TAX_FREE_ETFS = {'gold', 'silver', 'liquid', 'debt', 'international'}
TAX_FREE = {'bond', 'gsec', 'sgb'}


def share_stt_rates(instrument, cls, day):
    """(intraday sale, delivery purchase, delivery sale) of a cash security; None where unknown."""
    if instrument in TAX_FREE or instrument == 'etf' and cls in TAX_FREE_ETFS:
        return 0, 0, 0
    if instrument in ('reit', 'invit') and day < STT_TRUSTS_BEGIN:
        return 0, 0, 0
    if instrument in ('share', 'reit', 'invit') or instrument == 'etf' and cls == 'equity':
        intraday, delivery = STT_INTRADAY.at(day), STT_DELIVERY.at(day)
        if instrument == 'etf' and day >= STT_ETF_APART:
            return intraday, 0, STT_ETF_DELIVERY_SALE
        return intraday, delivery, delivery
    return None                                         # an ETF whose class no source gives


def transaction_tax(fill):
    """STT or CTT of one fill by its own product and side: level exact, and derivatives at every level."""
    if fill.segment == 'equity':
        rates = share_stt_rates(fill.instrument, fill.cls, fill.day)
        if rates is None:
            return None
        intraday, purchase, sale = rates
        if fill.product == 'intraday':
            return fill.turnover * intraday if fill.sells else 0
        return fill.turnover * (sale if fill.sells else purchase)
    if fill.segment == 'currency':
        return 0
    if fill.segment == 'commodity':
        return commodity_tax(fill)
    if fill.event == 'physical':
        taxed = not fill.sells or fill.day >= PHYSICAL_BOTH_SIDES
        return fill.turnover * STT_PHYSICAL if taxed else 0
    if fill.event in EXPIRY:
        payer = 'exercise' if fill.day >= STT_EXERCISE_BY_LONG else 'assignment'
        if fill.event != payer:
            return 0
        base = fill.turnover if fill.day >= STT_EXERCISE_ON_INTRINSIC else fill.settlement_value
        return base * STT_EXERCISE.at(fill.day)
    if not fill.sells:
        return 0
    if fill.instrument == 'future':
        return fill.turnover * STT_FUTURE.at(fill.day)
    base = fill.turnover if fill.day >= STT_OPTION_ON_PREMIUM else fill.strike_and_premium
    return base * STT_OPTION.at(fill.day)


# --- Commodities transaction tax (T2, T2.1) ------------------------------------------------------

CTT_BEGINS = '2013-07-01'
CTT_61_NAMES = '2015-02-10'
CTT_OPTIONS_BEGIN = '2018-04-01'
CTT_GOODS_BEGIN = '2020-04-01'                          # options in goods; contracts on indices
CTT_FUTURE = percent('0.01')
CTT_OPTION = percent('0.05')
CTT_EXERCISE = percent('0.0001')                        # of the settlement price


def load_commodities():
    """Rule 3 of the CTT Rules, 2013, by symbol: exempt or taxed, to and from the notification of 2015-02-10."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'commodities.csv')
    with open(path, newline='') as file:
        return {row['prefix']: row for row in csv.DictReader(file)}


COMMODITIES = load_commodities()
_commodity_of = {}


def commodity(symbol):
    """The list's longest prefix of the symbol, or None."""
    if symbol not in _commodity_of:
        found = [symbol[:n] for n in range(len(symbol), 0, -1) if symbol[:n] in COMMODITIES]
        _commodity_of[symbol] = found[0] if found else None
    return _commodity_of[symbol]


def commodity_tax(fill):
    """Sellers pay, and the long of an option that is exercised or delivered. Only farm goods can be exempt."""
    day, name = fill.day, commodity(fill.underlying or fill.symbol)
    future = fill.instrument == 'future'
    long = fill.sells == (fill.option_type == 'PE')     # of a delivered option: who takes the goods of a call
    pays = {'trade': fill.sells, 'exercise': True, 'assignment': False, 'physical': not future and long}[fill.event]
    begins = CTT_BEGINS if future else CTT_OPTIONS_BEGIN
    if fill.event == 'physical' or fill.cls == 'index':
        begins = CTT_GOODS_BEGIN
    if not pays or day < begins:
        return 0
    if name == 'AGRIDEX' or fill.cls == 'index' and not future:
        return None
    column = 'ctt_from_2015_02_10' if day >= CTT_61_NAMES else 'ctt_2013_07_01_to_2015_02_09'
    if name is None and fill.cls != 'commodity-nonagri':
        return None
    if name is not None and COMMODITIES[name][column].startswith('exempt'):
        return 0
    if fill.event == 'exercise':
        return fill.settlement_value * CTT_EXERCISE
    return fill.turnover * (CTT_EXERCISE if fill.event == 'physical' else CTT_FUTURE if future else CTT_OPTION)


# --- Exchange transaction charges (T3, T4, T5, T2.4); first slab of a member where there are slabs ----

NSE_CASH = Dated(
    ('2004-01-01', percent('0.0035')),
    ('2009-10-01', percent('0.00325')),                 # NSE/F&A/13028
    ('2021-01-01', percent('0.00345')),                 # NSE/FA/46730
    ('2023-04-01', percent('0.00325')),                 # NSE/FA/56129
    ('2024-04-01', percent('0.00322')),                 # NSE/FA/61137
    ('2024-10-01', percent('0.00297')),                 # NSE/FA/64232
    ('2026-03-01', percent('0.0030699')))               # NSE/FA/73061
NSE_DEBT_ETF = percent('0.00275')                       # NSE/FA/46225, a scheme of eight months
NSE_SME = percent('0.00275')
NSE_SME_BEGINS, NSE_SME_ENDS = '2023-01-01', '2024-10-01'          # "2023 or before"; to the uniform rates
NSE_SME_SERIES = {'SM', 'ST', 'SZ'}
NSE_FUTURE = Dated(
    ('2004-01-01', percent('0.0020')),
    ('2009-10-01', percent('0.0019')),                  # NSE/F&A/13029
    ('2021-01-01', percent('0.0020')),
    ('2023-04-01', percent('0.0019')),
    ('2024-04-01', percent('0.00188')),
    ('2024-10-01', percent('0.00173')),
    ('2026-03-01', percent('0.0018299')))
NSE_OPTION = Dated(
    ('2009-10-01', percent('0.05')),
    ('2021-01-01', percent('0.053')),
    ('2023-04-01', percent('0.05')),
    ('2024-04-01', percent('0.0495')),
    ('2024-10-01', percent('0.03503')),
    ('2026-03-01', percent('0.0355299')))               # NSE/FA/73061
NSE_CURRENCY_FUTURE = Dated(
    ('2004-01-01', 0),
    ('2011-08-01', per_lakh('1.15')),
    ('2015-03-01', percent('0.0011')),
    ('2017-08-01', percent('0.0009')),
    ('2024-10-01', percent('0.00035')))
NSE_CURRENCY_OPTION = Dated(
    ('2015-01-01', percent('0.04')),
    ('2021-01-01', percent('0.035')),
    ('2024-10-01', percent('0.0311')))
NSE_RATE_FUTURE = Dated(
    ('2010-07-01', 0),
    ('2012-04-01', None),
    ('2015-03-01', percent('0.0001')),
    ('2015-10-01', None))
NSE_RATE_OPTION = Dated(('2024-10-01', percent('0.0311')))


def nse_charge(fill):
    day, future = fill.day, fill.instrument == 'future'
    if fill.segment == 'equity':
        if fill.instrument in ('bond', 'gsec'):
            return None                                 # "Bonds and debentures: exchange charges" not sourced
        if fill.series in NSE_SME_SERIES and NSE_SME_BEGINS <= day < NSE_SME_ENDS:
            return fill.turnover * NSE_SME
        if fill.instrument == 'etf' and fill.cls == 'debt' and '2020-08-01' <= day <= '2021-03-31':
            return fill.turnover * NSE_DEBT_ETF
        return fill.turnover * NSE_CASH.at(day)
    if fill.segment == 'equity-derivative':
        return times(fill.turnover, (NSE_FUTURE if future else NSE_OPTION).at(day))
    if fill.segment == 'currency':
        if fill.cls == 'interest-rate':
            return times(fill.turnover, (NSE_RATE_FUTURE if future else NSE_RATE_OPTION).at(day))
        return times(fill.turnover, (NSE_CURRENCY_FUTURE if future else NSE_CURRENCY_OPTION).at(day))
    return None                                         # NSE commodity: not sourced


def times(base, rate):
    return None if rate is None else base * rate


# Rows of the BSE tables: a rate, or (rupees, 'a trade'), which is a fill.
UNKNOWN = None
BSE_OLD = [('2004-01-01', percent('0.0034')), ('2012-01-01', percent('0.00275'))]
BSE_AB = [('2021-03-01', percent('0.00345')),           # notice 20210210-42
          ('2022-12-01', percent('0.00375'))]           # notice 20221109-7
BSE_A = Dated(*BSE_OLD, ('2017-04-01', ('1', 'a trade')),
              ('2018-03-12', UNKNOWN),                  # Sensex 30 scrips nil; no dated list
              ('2018-08-01', percent('0.003')), *BSE_AB)
BSE_B = Dated(*BSE_OLD, ('2017-04-01', ('1', 'a trade')),
              ('2018-03-12', ('1.5', 'a trade')),
              ('2018-08-01', percent('0.003')), *BSE_AB)
BSE_MAYBE_EXCLUSIVE = [*BSE_OLD, ('2017-04-01', UNKNOWN),           # which scrips are exclusive is not known
                       ('2018-08-01', ('0.75', 'a trade')), ('2021-03-01', percent('0.00345'))]
BSE_E = Dated(*BSE_MAYBE_EXCLUSIVE, ('2022-12-01', percent('0.00375')))
BSE_I = Dated(*BSE_MAYBE_EXCLUSIVE, ('2022-12-01', percent('0.00275')))
BSE_SME = Dated(*BSE_OLD, ('2017-04-01', UNKNOWN), ('2022-01-01', percent('0.00275')))
BSE_X = Dated(*BSE_OLD, ('2016-01-01', percent('0.1')))            # notice 20151221-17
BSE_SS = Dated(*BSE_OLD, ('2016-01-01', percent('1')))
BSE_P = Dated(*BSE_OLD, ('2017-04-01', UNKNOWN), ('2018-08-01', percent('1')))
BSE_GROUPS = {
    'A': BSE_A, 'B': BSE_B, '': BSE_A,
    **dict.fromkeys(['E', 'F', 'FC', 'G', 'GC', 'W', 'T'], BSE_E),
    'I': BSE_I,
    **dict.fromkeys(['M', 'MT', 'MS', 'TS', 'IF', 'IT'], BSE_SME),
    **dict.fromkeys(['X', 'XT', 'Z', 'ZP', 'XC', 'XD'], BSE_X),
    **dict.fromkeys(['SS', 'ST'], BSE_SS),
    **dict.fromkeys(['P', 'R'], BSE_P)}
BSE_FUTURE = Dated(('2019-08-20', 0))                              # notice 20190819-14
BSE_OTHER_OPTION = Dated(('2019-08-20', 0), ('2022-05-02', percent('0.005')))
BSE_SENSEX_OPTION = Dated(
    ('2019-08-20', 0),
    ('2022-05-02', percent('0.005')),                              # 2023-11 slabs: the first is the same
    ('2024-05-13', percent('0.0495')),                             # notice 20240430-42
    ('2024-10-01', percent('0.0325')))                             # notice 20240927-37
BSE_CURRENCY_FUTURE = Dated(
    ('2004-01-01', 0),
    ('2014-12-01', per_crore('2')), ('2015-02-01', per_crore('4')), ('2015-04-01', per_crore('6')),
    ('2015-06-01', per_crore('8')), ('2015-10-01', UNKNOWN),       # the active side only
    ('2016-04-01', per_crore('10')),
    ('2017-12-01', percent('0.00022')),
    ('2024-10-01', percent('0.00045')))
BSE_CURRENCY_OPTION = Dated(('2019-01-01', percent('0.001')))
BSE_RATE_FUTURE = Dated(('2018-01-01', per_crore('10')), ('2019-01-01', UNKNOWN))
BSE_COMMODITY_FUTURE = Dated(('2018-10-01', 0), ('2019-10-01', UNKNOWN))


def bse_charge(fill):
    day, future = fill.day, fill.instrument == 'future'
    if fill.segment == 'equity':
        table = BSE_GROUPS.get(fill.series)
        rate = table.at(day) if table else UNKNOWN
        if isinstance(rate, tuple):
            return rupees(rate[0])
        return times(fill.turnover, rate)
    if fill.segment == 'equity-derivative':
        if future:
            return times(fill.turnover, BSE_FUTURE.at(day))
        sensex = (fill.underlying or fill.symbol) in ('SENSEX', 'BANKEX')
        return times(fill.turnover, (BSE_SENSEX_OPTION if sensex else BSE_OTHER_OPTION).at(day))
    if fill.segment == 'currency':
        if fill.cls == 'interest-rate':
            return times(fill.turnover, BSE_RATE_FUTURE.at(day)) if future else None
        return times(fill.turnover, (BSE_CURRENCY_FUTURE if future else BSE_CURRENCY_OPTION).at(day))
    return times(fill.turnover, BSE_COMMODITY_FUTURE.at(day)) if future else None

MCX_NONAGRI_FUTURE = Dated(
    ('2012-01-01', per_lakh('2.5')),
    ('2014-02-26', percent('0.0021')),
    ('2017-01-01', percent('0.0026')),                             # "seen by 2017-19"
    ('2024-10-01', percent('0.0021')))                             # MCX/F&A/631/2024
MCX_AGRI_2014 = [('2012-01-01', per_lakh('2.5')), ('2014-02-26', percent('0.00075')),
                 ('2017-01-01', percent('0.00175'))]
MCX_UNIFORM = ('2024-10-01', percent('0.0021'))
MCX_AGRI_FUTURE = Dated(*MCX_AGRI_2014, MCX_UNIFORM)
MCX_INDEX_FUTURE = Dated(MCX_UNIFORM)
MCX_AGRI_NAMED = {                                                 # support.zerodha.com, "2019 or before"
    name: Dated(*MCX_AGRI_2014, ('2019-01-01', percent(rate)), MCX_UNIFORM)
    for name, rate in {'KAPAS': '0.0026', 'CASTORSEED': '0.0005', 'RBDPMOLEIN': '0.001',
                       'PEPPER': '0.00005'}.items()}
MCX_OPTION = Dated(('2017-10-01', 0), ('2021-10-01', percent('0.05')), ('2024-10-01', percent('0.0418')))

NCDEX_LIST_A = set('BARLEY CASTOR CHANA DHANIYA COTTONSEED COCUDAKL GUARSEED GUARGUM GUR JEERA KAPAS MAIZE '
                   'RMSEED SYBEANIDR SOYMEAL SYOREF SUGARM TMCFGRNZM WHEAT'.split())
NCDEX_LIST_B = set('CRUDEOIL COPPER PVC GOLD SILVER CPO RUBBER STEEL'.split())
NCDEX_3_FLAT = set('BARLEY KAPAS PADDY MOONG BAJRA SESAMESEED'.split())
NCDEX_1_FLAT = set('MAIZE CPO COTTON WHEAT AGRIDEX SOYMEAL STEEL GUR'.split())
NCDEX_OPTION = Dated(('2024-10-01', percent('0.03')))
NCDEX_GUARSEED_OPTION = Dated(('2024-10-01', percent('0.015')))


def ncdex_future_rate(name, day):
    if day >= '2024-10-01':
        return percent('0.0058')
    if day >= '2021-07-01':
        return per_lakh('3' if name in NCDEX_3_FLAT else '1' if name in NCDEX_1_FLAT else '5.5')
    if day >= '2017-01-05' and name == 'CASTOR':
        return per_lakh('2')
    if day >= '2014-06-01':
        return per_lakh('6')
    if day >= '2014-02-19':
        return per_lakh('1.95') if name in NCDEX_LIST_A else per_lakh('0.4') if name in NCDEX_LIST_B else None
    return per_lakh('2.5')


def mcx_charge(fill):
    if fill.instrument == 'option':
        return times(fill.turnover, MCX_OPTION.at(fill.day))
    if fill.cls == 'commodity-agri':
        table = MCX_AGRI_NAMED.get(commodity(fill.underlying or fill.symbol), MCX_AGRI_FUTURE)
    else:
        table = MCX_INDEX_FUTURE if fill.cls == 'index' else MCX_NONAGRI_FUTURE
    return times(fill.turnover, table.at(fill.day))


def ncdex_charge(fill):
    name = commodity(fill.underlying or fill.symbol)
    if fill.instrument == 'option':
        table = NCDEX_GUARSEED_OPTION if name == 'GUARSEED' else NCDEX_OPTION
        return times(fill.turnover, table.at(fill.day))
    return times(fill.turnover, ncdex_future_rate(name, fill.day))


EXCHANGES = {'NSE': nse_charge, 'BSE': bse_charge, 'MCX': mcx_charge, 'NCDEX': ncdex_charge}


def exchange_charge(fill):
    """Exercised and physically settled positions pay none (T3)."""
    return EXCHANGES[fill.exchange](fill) if fill.event == 'trade' else 0


# --- IPFT (T3, T2.4): NSE alone ------------------------------------------------------------------

IPFT_CASH = Dated(                                      # and equity futures
    ('2004-01-01', 0),
    ('2011-08-12', percent('0.0000001')),               # NSE/F&A/18608 set a rate; the one left as it was in 2021
    ('2023-04-01', percent('0.0001')),
    ('2026-03-01', percent('0.0000001')))
IPFT_OPTION = Dated(
    ('2004-01-01', 0),
    ('2011-08-12', percent('0.0000001')),
    ('2023-04-01', percent('0.0005')),
    ('2026-03-01', percent('0.0000001')))
IPFT_CURRENCY_FUTURE = Dated(('2011-08-12', percent('0.00005')))
IPFT_CURRENCY_OPTION = Dated(('2011-08-12', percent('0.002')))
IPFT_RATE_FUTURE = Dated(('2015-05-01', percent('0.000005')), ('2015-08-01', UNKNOWN))


def ipft(fill):
    if fill.exchange != 'NSE' or fill.event != 'trade':
        return 0
    future = fill.instrument == 'future'
    if fill.segment == 'commodity':
        return 0
    if fill.instrument in ('bond', 'gsec'):
        return None                                     # as the exchange charge
    if fill.segment == 'currency' and fill.cls == 'interest-rate':
        return times(fill.turnover, IPFT_RATE_FUTURE.at(fill.day) if future else None)
    if fill.segment == 'currency':
        table = IPFT_CURRENCY_FUTURE if future else IPFT_CURRENCY_OPTION
    else:
        table = IPFT_OPTION if fill.instrument == 'option' else IPFT_CASH
    return times(fill.turnover, table.at(fill.day))


# --- SEBI fee (T6) -------------------------------------------------------------------------------

SEBI_FEE = Dated(
    ('2004-01-01', per_crore('10')),
    ('2006-01-01', per_crore('20')),
    ('2017-04-01', per_crore('15')),
    ('2019-04-01', per_crore('10')),
    ('2020-06-01', per_crore('5')),
    ('2021-04-01', per_crore('10')))
SEBI_FEE_COMMODITY = Dated(                             # SEBI took the commodity markets over on 2015-09-28
    ('2004-01-01', 0), ('2015-09-28', per_crore('20')), ('2017-04-01', per_crore('15')),
    ('2019-04-01', per_crore('10')), ('2020-06-01', per_crore('5')), ('2021-04-01', per_crore('10')))
SEBI_FEE_AGRI = Dated(
    ('2004-01-01', 0), ('2015-09-28', per_crore('20')), ('2017-04-01', per_crore('15')),
    ('2019-04-01', per_crore('1')))


def sebi_fee(fill):
    if fill.instrument in ('bond', 'gsec', 'sgb'):
        return None                                     # "Debt securities have a lower fee, not found"
    table = SEBI_FEE
    if fill.segment == 'commodity':
        table = SEBI_FEE_AGRI if fill.cls == 'commodity-agri' else SEBI_FEE_COMMODITY
    base = fill.settlement_value if fill.event in EXPIRY else fill.turnover      # notional
    return base * table.at(fill.day)


# --- Service tax and GST (T8) --------------------------------------------------------------------

SERVICE_TAX = Dated(
    ('2004-01-01', percent('8')), ('2004-09-10', percent('10.2')), ('2006-04-18', percent('12.24')),
    ('2007-06-01', percent('12.36')), ('2009-02-24', percent('10.3')), ('2012-04-01', percent('12.36')),
    ('2015-06-01', percent('14')), ('2015-11-15', percent('14.5')), ('2016-06-01', percent('15')),
    ('2017-07-01', percent('18')))
GST_BEGINS = '2017-07-01'
GST_ON_SEBI_FEE = '2022-07-18'
GST_ON_IPFT = '2023-04-01'

# --- Stamp duty (T7) -----------------------------------------------------------------------------

STAMP_UNIFORM = '2020-07-01'                            # the buyer alone from here; both sides by state before
STAMP_INTRADAY, STAMP_DELIVERY = percent('0.003'), percent('0.015')
STAMP_DERIVATIVE = {
    ('equity-derivative', 'future'): percent('0.002'), ('equity-derivative', 'option'): percent('0.003'),
    ('currency', 'future'): percent('0.0001'), ('currency', 'option'): percent('0.0001'),
    ('commodity', 'future'): percent('0.002'), ('commodity', 'option'): percent('0.003')}
STAMP_BOND = percent('0.0001')


class State:
    """Rates in percent of the last lists before 2020-07; option and agri follow the others where not given."""

    def __init__(self, intraday, delivery, future, currency, commodity, option=None, agri=None, caps=()):
        self.intraday, self.delivery = percent(intraday), percent(delivery)
        self.derivative = {
            ('equity-derivative', 'future'): percent(future),
            ('equity-derivative', 'option'): percent(option or future),
            ('currency', 'future'): percent(currency), ('currency', 'option'): percent(currency)}
        self.commodity = commodity and percent(commodity)
        self.agri = percent(agri) if agri else self.commodity
        self.caps = [(set(segments.split()), rupees(cap)) for segments, cap in caps]


def one_rate(rate, cap=None):
    caps = [(EQUITY_SIDE, cap), ('commodity', cap)] if cap else ()
    return State(rate, rate, rate, rate, rate, caps=caps)


EQUITY_SIDE = 'equity equity-derivative currency'       # one contract note; commodity is another
FIVE = State('0.002', '0.01', '0.002', '0.002', '0.001')
STATES = {
    **dict.fromkeys(['MH', 'DL', 'GJ', 'KL', 'CT', 'CG'], FIVE),
    'KA': one_rate('0.003'),
    'TN': State('0.006', '0.006', '0.006', '0.006', None),           # commodity by weight
    **dict.fromkeys(['AP', 'OR', 'OD'], one_rate('0.005', '50')),
    **dict.fromkeys(['TG', 'TS'], one_rate('0.01', '100')),
    'UP': one_rate('0.002', '1000'),
    'WB': State('0.002', '0.01', '0.002', '0.002', '0.002'),
    'HR': State('0.002', '0.01', '0.002', '0.002', '0.002',
                caps=[('equity currency', '500'), ('equity-derivative', '200'), ('commodity', '500')]),
    'RJ': State('0.003', '0.012', '0.0012', '0.0012', '0.0012', option='0.0024', agri='0.0006'),
    'MP': State('0.002', '0.01', '0.002', '0.002', '0.002',
                caps=[('equity-derivative currency', '50'), ('commodity', '50')]),
    'AS': one_rate('0.018', '49.5'),
    **dict.fromkeys(['GA', 'DD', 'DH'], one_rate('0.005')),
    **dict.fromkeys(['AR', 'ML'], one_rate('0.003')),
    'HP': one_rate('0.005'),
    'JK': one_rate('0.01')}
TAMIL_NADU_GOLD, TAMIL_NADU_SILVER = rupees('0.50'), rupees('0.10')          # a kilogram
GRAMS = {'GOLD': 10, 'GOLDM': 10, 'GOLDGUINEA': 8, 'GOLDPETAL': 1, 'GOLDTEN': 10,      # for which the price is quoted
         'SILVER': 1000, 'SILVERM': 1000, 'SILVERMIC': 1000}
TAMIL_NADU_NIL = {'CRUDEOIL', 'CRUDEOILM', 'BRCRUDEOIL', 'COPPER', 'ZINC', 'ZINCMINI', 'LEAD', 'LEADMINI',
                  'ALUMINIUM', 'ALUMINI', 'NICKEL'}     # crude and base metals


def state_of(fill):
    return STATES.get(fill.state, FIVE)


def stamp_cash_rates(fill):
    """(intraday, delivery) of a cash security, for each side that pays; None where unknown."""
    if fill.day < STAMP_UNIFORM:
        if fill.instrument in ('bond', 'gsec', 'sgb') or fill.event == 'physical':
            return None                                 # in no list of a state
        state = state_of(fill)
        return state.intraday, state.delivery
    if fill.instrument in ('gsec', 'sgb'):
        return 0, 0
    if fill.instrument == 'bond':
        return STAMP_BOND, STAMP_BOND
    return STAMP_INTRADAY, STAMP_DELIVERY


def stamp_duty(fill):
    """Stamp duty of one fill by its own product and side: level exact, and derivatives at every level."""
    uniform = fill.day >= STAMP_UNIFORM
    if uniform and fill.sells:
        return 0
    if fill.event == 'physical' and fill.segment != 'equity-derivative':
        return 0
    if fill.segment == 'equity' or fill.event == 'physical':
        rates = stamp_cash_rates(fill)
        return times(fill.turnover, rates and rates[0 if fill.product == 'intraday' else 1])
    if uniform:
        if fill.event in EXPIRY:
            return 0                                    # nothing is bought
        return fill.turnover * STAMP_DERIVATIVE[fill.segment, fill.instrument]
    state = state_of(fill)
    base = fill.strike_and_premium if fill.event in EXPIRY else fill.turnover
    if fill.segment != 'commodity':
        return base * state.derivative[fill.segment, fill.instrument]
    if state.commodity is None:
        return duty_by_weight(fill)
    return base * (state.agri if fill.cls == 'commodity-agri' else state.commodity)


def duty_by_weight(fill):
    """Tamil Nadu: gold and silver; other goods and exercises are not listed."""
    name = commodity(fill.underlying or fill.symbol)
    if fill.event != 'trade':
        return None
    if name in TAMIL_NADU_NIL:
        return 0
    if name not in GRAMS:
        return None
    a_kilogram = TAMIL_NADU_GOLD if name.startswith('GOLD') else TAMIL_NADU_SILVER
    return a_kilogram * fill.quantity * GRAMS[name] // (1000 * MICRO)


def stamp_caps(fill):
    """[(segments, most a day)] of the contract notes of the fill's day."""
    return state_of(fill).caps if fill.day < STAMP_UNIFORM else ()
