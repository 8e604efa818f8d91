"The texts of numbers: a larger value never has a smaller text, the unit is the right one once rounded, and every text is short."
import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dspy_toolkit.core.units import UNKNOWN, format_bytes, format_count, format_duration, format_money, format_number, format_percent

SIZES = {
    format_duration: {'µs': 1e-6, 'ms': 1e-3, 's': 1, 'min': 60, 'h': 3600, 'd': 86400},
    format_money: {'USD': 1, 'G USD': 1e9},
    format_number: {'': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9},
    format_bytes: {'byte': 1, 'bytes': 1, 'kB': 1e3, 'MB': 1e6, 'GB': 1e9, 'TB': 1e12},
    format_percent: {'%': .01},
}
LIMITS = {'µs': 1000, 'ms': 1000, 's': 120, 'min': 120, 'h': 48, 'k': 1000, 'M': 1000, 'bytes': 1000, 'kB': 1000, 'MB': 1000, 'GB': 1000}
each_format = pytest.mark.parametrize('write', SIZES, ids=lambda f: f.__name__)
values = st.floats(1e-9, 1e12) | st.integers(0, 10**12).map(float) | st.integers(0, 10**6).map(lambda n: n / 1000)


def read(text, write):
    "The value and the unit of a text."
    number, unit = re.fullmatch(r'(-?[\d,.]+(?:e[+-]\d+)?) ?(.*)', text).groups()
    return float(number.replace(',', '')) * SIZES[write][unit], unit


@each_format
@given(a=values, b=values)
@example(999.4, 999.6)
@example(0.9994, 0.9996)
@example(119.4, 119.97)
@example(7194.0, 7199.0)
@example(0.995, 1.0)
def test_a_larger_value_never_has_a_smaller_text(write, a, b):
    low, high = sorted((a, b))
    assert read(write(low), write)[0] <= read(write(high), write)[0]


@each_format
@given(value=values)
@example(59.97)
@example(119.97)
@example(999.96)
@example(0.00099999)
def test_a_text_is_near_its_value_in_the_right_unit_and_short(write, value):
    text = write(value)
    near, unit = read(text, write)
    assert near == pytest.approx(value, rel=.051, abs=1e-6 if write is format_money else 1e-9) and len(text) <= 16
    assert near / SIZES[write][unit] < LIMITS.get(unit, math.inf)


@given(st.floats(1e-6, 3e9))
def test_a_duration_of_up_to_a_century_has_at_most_eight_characters(seconds): assert len(format_duration(seconds)) <= 8


@each_format
@given(value=st.floats(1e-5, 1e12))
@example(1.0)
def test_a_negative_value_has_the_text_of_the_positive_one(write, value):
    assert write(-value).removeprefix('-') == write(value) and write(-value).startswith('-')


@each_format
def test_what_is_no_number_has_a_text(write):
    assert write(None) == write(math.nan) == UNKNOWN
    assert write(math.inf).startswith('∞') and write(-math.inf) == f'-{write(math.inf)}'
    assert write(0) == write(-0.0) == write(0.0) and write(0)[0] == '0'
    assert max(len(write(value)) for value in (1e300, -1e300, 5e-324, 1.7976931348623157e308)) <= 20


@pytest.mark.parametrize('write, value, text', [
    (format_duration, .0853, '85.3 ms'), (format_duration, 300, '5 min'), (format_duration, 10_000, '2.8 h'), (format_number, .1234, '0.123'), (format_number, 1234, '1.23k'),
    (format_number, 2.5e6, '2.5M'), (format_duration, 0, '0 s'), (format_duration, .9997, '1 s'), (format_duration, 61.26, '61.3 s'), (format_duration, 119.97, '2 min'),
    (format_duration, 200, '3.3 min'), (format_duration, 7199, '2 h'), (format_duration, 47.9 * 3600, '2 d'), (format_duration, 3.1e-5, '31 µs'),
    (format_money, .00421, '0.00421 USD'), (format_money, 1.5, '1.50 USD'), (format_money, 1e-9, '0.000001 USD'), (format_money, 2, '2 USD'),
    (format_number, 12_345, '12.3k'), (format_number, 999_999, '1M'), (format_bytes, 1, '1 byte'), (format_bytes, 999_999_999, '1 GB'),
    (format_percent, .0421, '4.21%'), (format_percent, 1, '100%'),
])
def test_a_text_is(write, value, text): assert write(value) == text


def test_a_count_has_its_noun():
    assert [format_count(n, 'row') for n in (0, 1, 1200)] == ['0 rows', '1 row', '1,200 rows']
    assert format_count(2, 'entry', 'entries') == '2 entries' and format_count(12_345) == '12,345'
