#!/usr/bin/env python3
"""The oracle against published figures: reference/cases.csv, rules-hard-cases.md, the Groww note of 2026-01-05."""
import unittest

import pricing
from money import show, spread

GROWW_NOTE = """
INE075D01018 500 1247.92 1242.60|INE0LRY01011 1000 350.03 351.17|INE0SII01026 850 844.89 846.70
INE134E01011 1000 375.95 375.65|INE176B01034 500 1450.80 1455.23|INE1TAE01010 1000 431.97 434.01
INE227C01017 1000 422.41 424.67|INE346A01027 250 2665.19 2666.03|INE349Y01013 1000 482.00 489.63
INE535F01024 2000 71.73 70.73|INE542W01025 1000 501.80 499.77|INE549H01021 450 655.61 650.78
INE615I01010 500 1125.55 1129.30|INE976G01028 1000 317.12 316.20""".strip().replace('\n', '|').split('|')


def fills(*rows, **common):
    base = dict(broker='zerodha', exchange='NSE', segment='equity', symbol='X', series='EQ', state='MH',
                product='intraday')
    made = []
    for index, (side, quantity, price, *more) in enumerate(rows):
        row = {**base, **common, 'side': side, 'quantity': str(quantity), 'price': str(price),
               'fill_id': str(index), **(more[0] if more else {})}
        made.append(pricing.Fill(index, row))
    return made


def note(line, *rows, **common):
    made = fills(*rows, **common)
    pricing.price_note(made)
    return show(sum(fill.amounts[line] for fill in made), 2, True)


def exact(*rows, **common):
    made = fills(*rows, **common)
    pricing.price_exact(made)
    return [{line: show(fill.amounts[line], 9, True) for line in pricing.LINES} for fill in made]


class SecuritiesTransactionTax(unittest.TestCase):
    def stt(self, expected, *rows, **common):
        self.assertEqual(note('transaction_tax', *rows, **{'date': '2025-01-02', **common}), expected)

    def test_average_to_the_paisa(self):
        self.stt('1765', ('buy', 1000000, 7.05), ('sell', 1000000, 7.06))

    def test_zerodha_article(self):
        self.stt('13', ('buy', 500, 100), ('sell', 500, 105))
        self.stt('34', ('buy', 500, 100), ('sell', 500, 105), ('buy', 200, 110))

    def test_parts_round_apart(self):
        self.stt('0', ('buy', 20, 100), ('sell', 16, 100))
        self.stt('1', ('buy', 20, 100), ('sell', 16, 100), broker='groww')

    def test_two_scrips(self):
        rows = [(side, 16, 100, {'symbol': symbol}) for symbol in 'XY' for side in ('buy', 'sell')]
        self.stt('0', *rows)
        self.stt('1', *rows, broker='groww')

    def test_exchanges_pool(self):
        rows = [('buy', 100, 100, {'isin': 'I'}), ('sell', 100, 101, {'isin': 'I', 'exchange': 'BSE', 'series': 'A'})]
        self.stt('3', *rows)
        self.stt('20', *rows, date='2019-05-31')

    def test_trade_for_trade(self):
        self.stt('20', ('buy', 100, 100), ('sell', 100, 100), series='BE', product='delivery')

    def test_options(self):
        contract = dict(segment='equity-derivative', instrument='option', strike='17000', option_type='CE',
                        product='carryforward', **{'class': 'index'})
        self.stt('2', ('sell', 50, 60), date='2023-03-01', **contract)
        self.stt('375', ('sell', 7500, 100), date='2022-01-03', **contract)

    def test_groww_note(self):
        rows = []
        for line in GROWW_NOTE:
            isin, quantity, bought, sold = line.split()
            rows += [('buy', quantity, bought, {'isin': isin}), ('sell', quantity, sold, {'isin': isin})]
        self.stt('1655', *rows, broker='groww', date='2026-01-05')
        self.assertEqual(note('stamp_duty', *rows, broker='groww', date='2026-01-05'), '198')


class PublishedCases(unittest.TestCase):
    def check(self, got, **expected):
        for line, amount in expected.items():
            self.assertEqual(got[line], amount, line)

    def test_c001_kite(self):
        got, = exact(('buy', 1, 560), date='2023-07-10', product='delivery')
        self.check(got, brokerage='0', transaction_tax='0.56', exchange_charge='0.0182', ipft='0.00056',
                   gst='0.0033768')

    def test_c002_mcx(self):
        got, = exact(('sell', 1, 5862), date='2023-07-10', exchange='MCX', segment='commodity', instrument='future',
                     symbol='GOLDPETAL23JULFUT', product='carryforward', **{'class': 'commodity-nonagri'})
        self.check(got, brokerage='1.7586', transaction_tax='0.5862', exchange_charge='0.152412',
                   sebi_fee='0.005862', gst='0.34503732')

    def test_c003_option(self):
        got, = exact(('buy', 100, 1.5), date='2023-07-10', segment='equity-derivative', instrument='option',
                     strike='17900', option_type='PE', product='carryforward', **{'class': 'index'})
        self.check(got, brokerage='20', exchange_charge='0.075', ipft='0.00075', gst='3.613527')

    def test_c022_dhan(self):
        rows = [('sell', 2075, 9, {'symbol': 'A'}), ('buy', 650, 27.5, {'symbol': 'B'})]
        common = dict(date='2026-05-08', broker='dhan', segment='equity-derivative', instrument='option',
                      strike='500', option_type='CE', product='carryforward', **{'class': 'stock'})
        for line, amount in (('brokerage', '40'), ('transaction_tax', '28'), ('sebi_fee', '0.04'),
                             ('stamp_duty', '1')):
            self.assertEqual(note(line, *rows, **common), amount)

    def test_c054_tamil_nadu(self):
        rows = [('buy', 100, 546), ('sell', 100, 550)]
        for line, amount in (('brokerage', '10.96'), ('transaction_tax', '14'), ('exchange_charge', '3.56'),
                             ('sebi_fee', '0.11'), ('stamp_duty', '6.58'), ('gst', '2.61')):
            self.assertEqual(note(line, *rows, date='2019-05-02', state='TN'), amount)

    def test_c020_and_c091(self):
        self.assertEqual(note('stamp_duty', ('buy', 10000, 292.6125), date='2026-04-02', product='delivery'), '439')
        self.assertEqual(note('brokerage', ('buy', 10, 100), date='2026-04-02', product='delivery', broker='icici',
                              plan='moneysaver'), '2.9')


class Spreading(unittest.TestCase):
    def test_largest_remainder(self):
        self.assertEqual(spread(100, [1, 1, 1]), [34, 33, 33])
        self.assertEqual(spread(5, [0, 0]), [5, 0])
        self.assertEqual(spread(10, [1, 2, 4]), [1, 3, 6])

    def test_partial_fills_share_a_cap(self):
        got = exact(('buy', 60, 2500.05, {'order_id': 'o'}), ('buy', 40, 2500.10, {'order_id': 'o'}),
                    date='2026-04-02')
        self.assertEqual([row['brokerage'] for row in got], ['11.999904003', '8.000095997'])


if __name__ == '__main__':
    unittest.main()
