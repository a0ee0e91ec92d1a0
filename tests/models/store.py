#!/usr/bin/env python3
"""The store against real files: store.py BINARY.

What the binary imports and answers, against the same files read here by Python's csv and gzip. The files are those of
../shared/data/market (public samples whose licences keep them out of this repository); without them nothing is tested.
"""
import collections
import csv
import datetime
import fractions
import glob
import gzip
import io
import json
import math
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, '..', 'shared', 'data', 'market')
# Sessions that were not full, as the exchange announced them; the full ones held on weekends are no exceptions here.
SHORT = {'2020-03-13', '2020-03-23', '2020-11-14', '2021-02-24', '2021-11-04', '2022-10-24', '2023-11-12', '2024-03-02', '2024-05-18',
         '2024-11-01', '2025-10-21'}
passed = failed = 0


def check(condition, what):
    global passed, failed
    passed += bool(condition)
    failed += not condition
    if not condition:
        print(f'FAILED: {what}')


def rows_of(path):
    with gzip.open(path, 'rt') as file:
        for row in csv.DictReader(file):
            yield {(key or '').strip(): (value or '').strip() if isinstance(value, str) else '' for key, value in row.items()}


def iso(text):
    months = {name: i + 1 for i, name in enumerate('JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split())}
    if re.match(r'\d{4}-', text):
        return text
    day, month, year = text.split('-')
    return f'{year}-{months[month.upper()]:02}-{int(day):02}'


class Store:
    def __init__(self, binary, folder, name):
        self.binary, self.path = binary, os.path.join(folder, name)

    def run(self, *arguments, status=0):
        done = subprocess.run([self.binary, 'market', *arguments, '--store', self.path, '--quiet'], capture_output=True, text=True)
        check(done.returncode == status, f'market {" ".join(arguments[:2])}: exit {done.returncode}: {done.stderr[:200]}')
        return done.stdout

    def give(self, *files, status=0, options=()):
        return list(csv.DictReader(io.StringIO(self.run('import', *files, *options, '--format', 'csv', status=status))))

    def show(self, symbol, at, *options):
        rows = json.loads(self.run('show', symbol, '--at', at, *options, '--format', 'json'))
        return {row['field']: row for row in rows}

    def query(self, sql, *parameters):
        with sqlite3.connect(f'file:{self.path}?mode=ro', uri=True) as db:
            return db.execute(sql, parameters).fetchall()


def number(text):
    return float(text) if text not in ('', '-') else None


def near(a, b, relative=1e-12):
    return a is not None and b is not None and abs(a - b) <= relative * max(abs(a), abs(b), 1e-300)


def day_text(day):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()


# --- bhavcopy ---

def test_bhavcopy(store):
    """Row for row; the two formats of one day agree, whichever comes first; a second import changes nothing."""
    sec, udiff = (sorted(glob.glob(f'{DATA}/nse_cm/{name}/*.gz')) for name in ('sec_bhavdata_full', 'udiff'))
    ours = {}
    reports = store.give(*sec)
    for path, report in zip(sec, reports):
        rows = list(rows_of(path))
        day = iso(rows[0]['DATE1'])
        check(report['format'] == 'sec_bhavdata_full' and report['first'] == report['last'] == day, f'{path}: {report}')
        check(int(report['rows']) == len(rows) == int(report['new']) + int(report['same']) and report['refused'] == '0', f'{path}: {report}')
        for row in rows:
            ours[day, row['SYMBOL'], row['SERIES']] = row
    stored = {(day_text(row[0]), row[1], row[2]): row[3:] for row in store.query(
        'SELECT day, symbol, series, open, high, low, close, last, previous, volume, trades, delivered, value FROM daily JOIN listing ON id = listing')}
    check(stored.keys() == ours.keys(), 'the rows of sec_bhavdata_full')
    columns = ('OPEN_PRICE', 'HIGH_PRICE', 'LOW_PRICE', 'CLOSE_PRICE', 'LAST_PRICE', 'PREV_CLOSE', 'TTL_TRD_QNTY', 'NO_OF_TRADES', 'DELIV_QTY')
    wrong = sum(stored[key][i] != (number(row[name]) or (0.0 if i > 5 and row[name] == '0' else None)) for key, row in ours.items() for i, name in enumerate(columns))
    check(wrong == 0, f'{wrong} figures of sec_bhavdata_full differ')

    reports = store.give(*udiff)
    common = wrong = 0
    for path, report in zip(udiff, reports):
        rows = list(rows_of(path))
        check(int(report['rows']) == len(rows) and report['refused'] == '0', f'{path}: {report}')
        known = sum((row['TradDt'], row['TckrSymb'], row['SctySrs']) in ours for row in rows)
        common += known
        check(int(report['new']) == len(rows) - known, f'{path}: {report}')
    after = {(day_text(row[0]), row[1], row[2]): row[3:] for row in store.query(
        'SELECT day, symbol, series, open, high, low, close, last, previous, volume, trades, delivered, value FROM daily JOIN listing ON id = listing')}
    for key, before in stored.items():
        wrong += after[key][:9] != before[:9]
    check(wrong == 0 and common > 75000, f'{wrong} of {common} common rows differ between the formats')
    lakhs = sum(abs(after[key][9] - stored[key][9]) > 501 for key in stored)
    check(lakhs == 0, f'{lakhs} turnovers differ by more than their rounding')
    print(f'bhavcopy: {len(ours)} rows of sec_bhavdata_full, {common} of them in UDiFF too')
    for report in store.give(*sec[:3], *udiff[:3]):
        check(report['new'] == report['changed'] == '0' and report['remark'] == 'nothing new', f'again: {report}')


def test_cmvolt(store):
    """As printed; and the volatilities follow from each other: E = sqrt(.995 D^2 + .005 C^2), F = E sqrt(365), to their four decimals."""
    files = sorted(glob.glob(f'{DATA}/nse_cm/cmvolt/*.gz'))
    count = sum(int(report['new']) for report in store.give(*files))
    rows = store.query('SELECT log_return, before, daily, annual, close, previous FROM volatility')
    check(count == len(rows) > 90000, f'{count} rows of CMVOLT')
    half, wrong, tested = 0.00005, 0, 0
    for change, before, daily, annual, close, previous in rows:
        if None in (change, before, daily, annual):
            continue
        tested += 1
        low, high = (math.sqrt(.995 * max(before + sign * half, 0) ** 2 + .005 * max(abs(change) + sign * half, 0) ** 2) for sign in (-1, 1))
        wrong += not low - half * 1.001 <= daily <= high + half * 1.001
        wrong += abs(annual - daily * math.sqrt(365)) > half * (1 + math.sqrt(365)) * 1.001
    check(wrong == 0 and tested > 90000, f'{wrong} of {tested} rows of CMVOLT contradict their own formulas')
    printed = {row['Symbol']: row for row in rows_of(files[10])}
    shown = store.show('RELIANCE', '2024-07-16T10:00')
    key = 'Current Day Underlying Daily Volatility (E) = Sqrt(0.995*D*D + 0.005*C*C)'
    check(near(float(shown['exchange_volatility']['value']), float(printed['RELIANCE'][key])), 'market show: exchange_volatility')
    print(f'CMVOLT: {tested} rows')


# --- the panel: averages, volatilities, returns ---

def window(rows, day, size=20):
    """The last `size` + 1 full sessions before `day`, oldest first, none after a gap of more than 30 days."""
    chosen, after = [], datetime.date.fromisoformat(day)
    for row in reversed([row for row in rows if row['DATE'] < day]):
        date = datetime.date.fromisoformat(row['DATE'])
        if (after - date).days > 30 or len(chosen) > size:
            break
        after = date
        if row['DATE'] not in SHORT:
            chosen.append(row)
    return chosen[::-1]


# Splits and bonuses of the panel that move prices beyond their bands, from the companies' announcements
# (but SCI's was a demerger, whose jump to 0.776 is taken for a bonus of one for three).
ACTIONS = {(symbol, date): float(fractions.Fraction(ratio)) for symbol, date, ratio in (line.split() for line in """
ABSLNN50ET 2021-11-25 1/10\nALKYLAMINE 2021-05-11 2/5\nBEPL 2023-07-05 2/3\nSCI 2023-03-31 3/4\nAPOLLOPIPE 2021-12-02 1/3\nBAJAJFINSV 2022-09-13 1/10\nBEL 2022-09-15 1/3
BPCL 2024-06-21 1/2\nBSE 2022-03-21 1/3\nBSE 2025-05-23 1/3\nCANBK 2024-05-15 1/5\nCESC 2021-09-17 1/10\nDIXON 2021-03-18 1/5
DRREDDY 2024-10-28 1/5\nEICHERMOT 2020-08-24 1/10\nELECON 2024-07-19 1/2\nFIEMIND 2024-02-28 1/2\nFILATEX 2022-12-27 1/2
FINPIPE 2021-04-15 1/5\nGAIL 2022-09-06 2/3\nGARFIBRES 2025-01-03 1/5\nGMMPFAUDLR 2022-07-11 1/3\nGOLDIAM 2022-03-28 1/5
HAL 2023-09-28 1/2\nHINDPETRO 2024-06-21 2/3\nHITECH 2023-03-17 1/10\nIEX 2021-12-03 1/3\nIGL 2025-01-31 1/2\nIOC 2022-06-30 2/3
IRCTC 2021-10-28 1/5\nJBCHEPHARM 2023-09-18 1/2\nJINDALSAW 2024-10-09 1/2\nJUBLFOOD 2022-04-19 1/5\nKPRMILL 2021-09-24 1/5
MAHSEAMLES 2022-11-25 1/2\nMASFIN 2024-02-22 1/3\nMMFL 2024-07-16 1/2\nNAUKRI 2025-05-07 1/5\nNESTLEIND 2024-01-05 1/10
NMDC 2024-12-27 1/3\nPERSISTENT 2024-03-28 1/2\nPHOENIXLTD 2024-09-20 1/2\nPOWERGRID 2021-07-29 3/4\nPOWERGRID 2023-09-12 3/4
PTL 2021-12-23 1/2\nRECLTD 2022-08-17 3/4\nRELIANCE 2024-10-28 1/2\nRUBYMILLS 2022-09-23 1/2\nSAFARI 2023-12-12 1/2
SONATSOFTW 2023-12-12 1/2\nSRF 2021-10-13 1/5\nTATASTEEL 2022-07-28 1/10\nTDPOWERSYS 2022-10-31 1/5\nVBL 2022-06-06 2/3
VBL 2023-06-15 1/2\nVBL 2024-09-12 2/5\nVINATIORGA 2020-02-05 1/2\nWIPRO 2024-12-03 1/2""".strip().splitlines())}
# Demergers, and bonuses whose ratio the open leaves open: there the jump itself is the factor.
OPEN = {('VBL', '2021-06-10'), ('DTIL', '2021-08-05'), ('PEL', '2022-08-30'), ('TATACHEM', '2020-03-04')}


def factors(symbol, rows):
    """Of each row, the product of the later actions, the last row's being 1."""
    factor, out = 1.0, []
    for row in rows[::-1]:
        out.append(factor)
        factor *= ACTIONS.get((symbol, row['DATE']), row['open'] / row['previous'] if (symbol, row['DATE']) in OPEN else 1)
    return out[::-1]


def test_panel(binary, folder):
    path = f'{DATA}/nse_cm/sec_bhavdata_panel_220sym_2020_2025.csv.gz'
    store = Store(binary, folder, 'panel.db')
    report = store.give(path)[0]
    by_symbol, by_day = collections.defaultdict(dict), collections.defaultdict(dict)
    count = 0
    for row in rows_of(path):
        count += 1
        row |= {'open': float(row['OPEN_PRICE']), 'close': float(row['CLOSE_PRICE']), 'previous': float(row['PREV_CLOSE']), 'volume': float(row['TTL_TRD_QNTY'])}
        kept = by_symbol[row['SYMBOL']].get(row['DATE'])
        if kept is None or row['SERIES'] == 'EQ':
            by_symbol[row['SYMBOL']][row['DATE']] = row
        by_day[row['DATE']][row['SYMBOL'], row['SERIES']] = row
    check(int(report['new']) == int(report['rows']) == count, f'the panel: {report}')
    days = sorted(by_day)
    before_day = dict(zip(days[1:], days))

    # Sessions that the panel lacks are found from the data alone: nothing is adjusted for them. Everywhere else PREV_CLOSE is the
    # last close as it was, on ex-dates too: the exchange does not adjust it.
    pairs = {day: [(row['previous'], by_day[before_day[day]][key]['close']) for key, row in by_day[day].items() if key in by_day[before_day[day]]] for day in days[1:]}
    holes = {day for day in days[1:] if sum(abs(a - b) > .002 * b for a, b in pairs[day]) * 2 > len(pairs[day])}
    check(holes == {'2020-04-15', '2020-09-29', '2022-03-08', '2022-08-10'}, f'holes of the panel: {holes}')
    check(all(abs(a - b) < .051 for day in days[1:] if day not in holes for a, b in pairs[day]), 'a PREV_CLOSE that is not the last close')

    tested = over = 0
    symbols = sorted(by_symbol)
    moments = ['2020-03-20', '2020-11-20', '2021-03-05', '2021-09-15', '2022-08-18', '2023-06-30', '2024-06-03', '2024-11-12', '2025-06-06']
    asked = {(symbol, moments[(i * k + 3) % len(moments)]) for i, symbol in enumerate(symbols) for k in (1, 5)}
    asked |= {(symbol, days[min(days.index(day) + 8, len(days) - 1)]) for symbol, day in [*ACTIONS, *OPEN] if symbol in by_symbol}
    for symbol, day in sorted(asked):
        rows = [by_symbol[symbol][date] for date in sorted(by_symbol[symbol]) if date < day]
        scaled = {row['DATE']: factor for row, factor in zip(rows, factors(symbol, rows))}
        chosen = window(rows, day)
        shown = store.show(symbol, day + 'T10:00')
        volumes = [row['volume'] / scaled[row['DATE']] for row in chosen[-20:]]
        closes = [row['close'] * scaled[row['DATE']] for row in chosen]
        returns = [math.log(b / a) for a, b in zip(closes, closes[1:])]
        adv, volatility = shown['adv'], shown['volatility']
        check(near(number(adv['value'] or ''), statistics.fmean(volumes), 1e-9) and adv['window'] == f'{len(volumes)} sessions',
              f'{symbol} {day}: ADV {adv["value"]} of {adv["window"]}, not {statistics.fmean(volumes)} of {len(volumes)}')
        check(near(number(volatility['value'] or ''), statistics.stdev(returns), 1e-9) and volatility['window'] == f'{len(returns)} returns',
              f'{symbol} {day}: volatility {volatility["value"]} of {volatility["window"]}, not {statistics.stdev(returns)} of {len(returns)}')
        check(near(number(shown['previous_close']['value']), rows[-1]['close']), f'{symbol} {day}: previous close')
        split = scaled[chosen[0]['DATE']] != 1
        check(('adjusted' in (shown['flags']['value'] or '')) == split, f'{symbol} {day}: flags {shown["flags"]["value"]}')
        over += split
        tested += 1
    print(f'panel: {tested} averages and volatilities, {over} over a corporate action')


# --- derivatives, bars ---

def test_derivatives(binary, folder):
    """Volume in units, the value of options without their strike: what is left lies between low and high."""
    store = Store(binary, folder, 'fo.db')
    files = sorted(glob.glob(f'{DATA}/nse_fo/udiff_full/*.gz'))[:2]
    for path, report in zip(files, store.give(*files)):
        rows = {row['FinInstrmNm']: row for row in rows_of(path)}
        check(int(report['new']) == len(rows) and report['refused'] == '0', f'{path}: {report}')
        day = (datetime.date.fromisoformat(report['first']) - datetime.date(1970, 1, 1)).days
        stored = store.query('SELECT symbol, series, low, high, close, volume, value, open_interest, lot FROM daily JOIN listing ON id = listing WHERE day = ?', day)
        wrong = outside = options = 0
        for symbol, series, low, high, close, volume, value, interest, lot in stored:
            row = rows[symbol]
            wrong += volume != int(row['TtlTradgVol']) * int(row['NewBrdLotQty']) or interest != int(row['OpnIntrst']) or lot != int(row['NewBrdLotQty'])
            wrong += (close or 0) != float(row['ClsPric']) or (series == 'OPT') != (row['FinInstrmTp'] in ('IDO', 'STO'))
            if series == 'OPT' and volume:
                options += 1
                outside += not low - .006 <= value / volume <= high + .006
        check(wrong == 0, f'{path}: {wrong} contracts are wrong')
        check(outside == 0 and options > 5000, f'{path}: the average price of {outside} of {options} options is outside of low and high')
        print(f'derivatives: {len(stored)} contracts, {options} options with their premium')


def test_bars(binary, folder):
    store = Store(binary, folder, 'bars.db')
    minute = f'{DATA}/intraday/nse_1min_2014_2015'
    reports = store.give(f'{minute}/FEDERALBNK.csv.gz', f'{minute}/FSL.csv.gz', f'{DATA}/intraday/nse_5min_yahoo/RELIANCE_5min_202501.csv.gz',
                         f'{DATA}/intraday/nse_index_1min/NIFTY_1min_2019H2_2021-01.csv.gz')
    check([report['bars'] for report in reports] == ['60 s, times of the end'] * 2 + ['300 s, times of the start', '60 s, times of the end'], f'{reports}')
    rows = list(rows_of(f'{minute}/FEDERALBNK.csv.gz'))
    check(int(reports[0]['new']) == len(rows) == 68165, f'{reports[0]}')
    day = '2015-06-16'
    of_day = [row for row in rows if row['date'] == day and '09:15:00' < row['time'] <= '11:00:00']
    every = [row for row in rows if row['date'] == day and row['time'] <= '11:00:00']
    shown = store.show('FEDERALBNK', day + 'T11:00:30')
    check(float(shown['volume']['value']) == sum(float(row['volume']) for row in every), f'volume so far {shown["volume"]}')
    check(float(shown['last']['value']) == float(of_day[-1]['close']) and float(shown['high']['value']) == max(float(row['high']) for row in every), 'last and high')
    # The curve at 11:00: the mean, over the 20 sessions before, of what had been traded between 09:15 and then, of all between 09:15 and 15:30.
    dates = [date for date in sorted({row['date'] for row in rows}) if date < day]
    full = [date for date in dates if sum(row['date'] == date for row in rows) > 360][-20:]
    parts = []
    for date in full:
        session = [row for row in rows if row['date'] == date and '09:15:00' < row['time'] <= '15:30:00']
        parts.append(sum(float(row['volume']) for row in session if row['time'] <= '11:00:00') / sum(float(row['volume']) for row in session))
    said = float(re.search(r'11:00 ([\d.]+)%', shown['volume_curve']['value'])[1])
    check(abs(said - 100 * statistics.fmean(parts)) <= .0501, f'volume curve at 11:00: {said}, not {100 * statistics.fmean(parts)}')
    short = {day_text(row[0]): row[1] for row in store.query("SELECT day, covered FROM session WHERE exchange = 'NSE' AND covered BETWEEN 1 AND 359")}
    check({'2019-10-27', '2020-03-13', '2020-03-23', '2020-11-14', '2020-10-12'} <= short.keys(), f'short sessions by their minutes: {short}')
    check(store.show('NIFTY', '2020-03-13T09:50')['session']['value'] == 'closed', 'the halt of 2020-03-13')
    print(f'bars: {sum(int(report["new"]) for report in reports)}; short by their minutes: {", ".join(sorted(short))}')


def test_old_files(binary, folder):
    store = Store(binary, folder, 'old.db')
    files = sorted(glob.glob(f'{DATA}/nse_cm/legacy_2004/*.gz'))
    total = sum(int(report['new']) for report in store.give(*files))
    check(total == sum(len(list(rows_of(path))) for path in files) == 16911, f'{total} rows of 2004')
    check(store.give(f'{DATA}/bse_cm/EQ200421.CSV.gz', status=4)[0]['remark'] == 'nothing kept', 'a BSE sheet without a date')
    report = store.give(f'{DATA}/bse_cm/EQ200421.CSV.gz', options=('--date', '2021-04-20'))[0]
    check(report['new'] == '3322' and report['refused'] == '0', f'{report}')
    rows = [row for row in rows_of(f'{DATA}/bse_cm/EQ200421.CSV.gz') if row['SC_CODE'] == '500325']
    shown = store.show('500325', '2021-04-21T10:00', '--exchange', 'BSE')
    check(float(shown['previous_close']['value']) == float(rows[0]['CLOSE']) and float(shown['adv']['value']) == float(rows[0]['NO_OF_SHRS']), 'RELIANCE at BSE')


def main():
    if not os.path.isdir(DATA):
        print(f'{os.path.relpath(DATA, ROOT)} is not there: nothing tested\n1 passed, 0 failed')
        return 0
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        store = Store(binary, folder, 'market.db')
        test_bhavcopy(store)
        test_cmvolt(store)
        test_panel(binary, folder)
        test_derivatives(binary, folder)
        test_bars(binary, folder)
        test_old_files(binary, folder)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
