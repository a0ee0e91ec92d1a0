"""Integers only: the units of the oracle and the four operations it needs on them.

quantity, price  1e-6
turnover         1e-6 rupee   ("micro")
rate             1e-12        (turnover x rate is then 1e-18 rupee, "atto": every unrounded line)
"""
from bisect import bisect_right
from fractions import Fraction

MICRO = 10**6
RATE = 10**12
ATTO = 10**18
NANO = 10**9           # atto in a nano-rupee
PAISA = 10**16         # atto in a paisa
RUPEE = ATTO           # atto in a rupee


def half_up(amount, unit):
    """The number of whole units in amount, a half counting as one more."""
    if isinstance(amount, int):
        return (2 * amount + unit) // (2 * unit)
    return (2 * amount.numerator + unit * amount.denominator) // (2 * unit * amount.denominator)


def percent(text):
    """'0.0297' (of a hundred) as a rate."""
    value = Fraction(text) * RATE / 100
    assert value.denominator == 1, text
    return value.numerator


def per_crore(text):
    return percent(Fraction(text) / 100_000)


def per_lakh(text):
    return percent(Fraction(text) / 1_000)


def rupees(text):
    value = Fraction(text) * ATTO
    assert value.denominator == 1, text
    return value.numerator


class Dated:
    """Values by first day: Dated(('2004-01-01', a), ('2009-10-01', b)).at('2010-05-03') is b.

    None is unknown; a day before the first row has no value either.
    """

    def __init__(self, *rows):
        assert list(rows) == sorted(rows, key=lambda row: row[0]), rows
        self.days = [day for day, _ in rows]
        self.values = [value for _, value in rows]

    def at(self, day):
        index = bisect_right(self.days, day)
        return self.values[index - 1] if index else None

    def begins(self):
        return self.days[0]


def spread(units, weights, total=None):
    """Split a whole number of units over weights, largest remainder first, ties in the given order.

    Weights are integers or fractions; where all are nil the first bears everything. The caller who
    knows the sum of many fractions gives it.
    """
    if total is None:
        total = sum(weights)
    if total == 0:
        return [units] + [0] * (len(weights) - 1)
    shares, remainders = [], []
    for weight in weights:
        share = units * weight // total
        shares.append(share)
        remainders.append(units * weight - share * total)
    left = units - sum(shares)
    if left:
        for index in sorted(range(len(weights)), key=lambda i: -remainders[i])[:left]:
            shares[index] += 1
    return shares


def parse(text, places=6):
    """Decimal text as an integer of 10**-places; ValueError where it does not fit."""
    sign, digits = (-1, text[1:]) if text[:1] == '-' else (1, text)
    whole, _, part = digits.partition('.')
    part = part.rstrip('0') if len(part) > places else part
    if len(part) > places or not (whole + part).isdigit():
        raise ValueError(text)
    return sign * (int(whole or '0') * 10**places + int(part.ljust(places, '0') or '0'))


def show(value, places, trim):
    """An integer of 10**-places as decimal text; trailing zeros dropped where trim."""
    whole, part = divmod(value, 10**places)
    text = f'{part:0{places}d}'
    if trim:
        text = text.rstrip('0')
    return f'{whole}.{text}' if text else str(whole)
