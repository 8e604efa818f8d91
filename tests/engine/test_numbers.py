"The grammar of numbers lets through exactly the numbers between its limits, in the spellings that JSON and Python have for them."
import math
import re
from decimal import Decimal
from itertools import combinations_with_replacement, product

import pytest

from dspy_toolkit.engine.nodes import Tok, Tracker, children
from dspy_toolkit.engine.numbers import (
    CHOICES, decimals, float_limits, floats, integers, list_multiples, naturals, read_decimal, read_integer, read_number, read_powers, scientific,
    split, whole_limits, whole_multiples,
)


def accepted(node, texts):
    "Those of the texts that the node lets through. None of them may have a neighbour of the digits, / or :, in the place of a digit."
    start = node and Tracker.start(node)
    def takes(text): return bool(start) and start.advance(text.encode()).accepts
    found = {o for o in texts if takes(o)}
    for text in [o for o in sorted(found) if len(o) < 12][:30]:
        for n, other in product(range(len(text)), '/:'): assert not takes(text[:n] + other + text[n + 1:])
    return found


def count(node): return 1 + sum(map(count, children(node)))


def around(*numbers):
    "Whole numbers at which a rule of digits may go wrong."
    turns = {10 ** k + d for k in range(7) for d in (-1, 0, 1)}
    return sorted(turns | {n + d for n in numbers for d in (-11, -10, -1, 0, 1, 9, 10, 11)})


PAIRS = [
    (0, 0), (0, 9), (0, 10), (1, 1), (3, 7), (7, 3), (5, 13), (9, 10), (10, 99), (10, 100), (12, 12), (12, 19), (17, 23), (20, 49), (19, 91), (99, 101),
    (100, 999), (109, 190), (110, 199), (123, 456), (199, 300), (200, 299), (250, 1249), (999, 10000), (1000, 1000), (1050, 99999), (4300, 43210),
]


@pytest.mark.parametrize('low, high', PAIRS, ids=str)
def test_naturals_are_all_between_the_limits_and_nothing_else(low, high):
    numbers = [n for n in around(low, high) if n >= 0]
    assert accepted(naturals(low, high), map(str, numbers)) == {str(n) for n in numbers if low <= n <= high}
    assert accepted(naturals(low, high), ['', '00', '01', '007', '0' + str(low), '-1', '+1', '1.0', ' 1']) == set()
    assert low > high or naturals(low, high).cost == len(str(low))


@pytest.mark.parametrize('low, high, pieces', [
    (0, 9, 1), (1, 9, 3), (10, 99, 3), (0, 99, 5), (0, 10 ** 300 - 1, 6), (1, 10 ** 300 - 1, 8), (100, 299, 4), (100, 250, 16), (150, 299, 10), (0, 999, 6), (1000, 1999, 4)], ids=lambda n: f'{n:.3g}')
def test_a_range_takes_few_pieces(low, high, pieces): assert count(naturals(low, high)) == pieces


TURNS = [0, 1, 8, 9, 10, 11, 18, 19, 20, 28, 29, 90, 98, 99, 100, 101, 109, 118, 119, 120, 198, 199, 998, 999, 1000, 1029]


def test_naturals_whose_limits_are_next_to_a_turn_of_their_digits():
    for low, high in combinations_with_replacement(TURNS, 2):
        numbers = [n for n in around(low, high) if n >= 0]
        assert accepted(naturals(low, high), map(str, numbers)) == {str(n) for n in numbers if low <= n <= high}, (low, high)


@pytest.mark.parametrize('low', [0, 1, 9, 10, 15, 99, 100, 4567])
def test_naturals_without_a_limit_above_have_so_many_digits_at_most(low):
    numbers = [n for n in around(low) if n >= 0]
    node = naturals(low, None, 7)
    assert accepted(node, map(str, numbers)) == {str(n) for n in numbers if low <= n}
    assert accepted(node, ['9' * 7, '9' * 8, '1' + '0' * 7, '00']) == {'9' * 7}
    assert accepted(naturals(low, None), ['9' * 4300, '9' * 4301]) == {'9' * 4300}
    assert accepted(naturals(12345, None, 3), ['12345', '12344', '99999', '100000', '999999', '1000000']) == {'12345', '99999', '100000', '999999'}


SIGNED = [(None, None), (None, 5), (None, 0), (None, -1), (None, -12), (-3, None), (0, None), (4, None), (-12, 7), (-12, -3), (-100, -10), (-1, 0), (0, 0), (-5, -7), (8, 3)]


@pytest.mark.parametrize('low, high', SIGNED, ids=str)
def test_integers_have_both_signs_and_no_negative_zero(low, high):
    numbers = {s * n for n in around(*(abs(o) for o in (low, high) if o is not None)) if n >= 0 for s in (1, -1)}
    fits = {str(n) for n in numbers if (low is None or low <= n) and (high is None or n <= high)}
    assert accepted(integers(low, high), [*map(str, numbers), '-0', '--1', '+1']) == fits


FRACTIONS = ['', '.0', '.00', '.000', '.01', '.04', '.05', '.09', '.1', '.10', '.12', '.125', '.1250', '.1251', '.1249', '.13', '.2', '.24', '.25', '.250', '.2500001', '.26', '.3', '.49999', '.5',
             '.50', '.500', '.51', '.75', '.9', '.98', '.99', '.990', '.999', '.9999999999']
DECIMALS = [f'{whole}{fraction}' for whole in (0, 1, 2, 3, 9, 10, 11, 12, 99, 100) for fraction in FRACTIONS]
LIMITS = ['0', '0.05', '0.1', '0.125', '0.25', '0.5', '0.99', '1', '1.5', '2', '2.25', '2.999', '9', '9.5', '10', '11.125', '99.99', '100']
SPANS = [(a, b) for a, b in product(LIMITS, [*LIMITS, None]) if b is None or (LIMITS.index(a) + LIMITS.index(b)) % 3 == 0]


def test_decimals_are_all_between_the_limits_and_nothing_else():
    for low, high in SPANS:
        lowest, highest = Decimal(low), None if high is None else Decimal(high)
        fits = {o for o in DECIMALS if lowest <= Decimal(o) and (highest is None or Decimal(o) <= highest)}
        assert accepted(decimals(lowest, highest), DECIMALS) == fits, (low, high)


def test_a_decimal_has_a_digit_before_its_point_and_behind_it():
    assert accepted(decimals(Decimal(0), Decimal(20)), ['.5', '5.', '0.', '20.', '05', '00.5', '1e1', '-1', '1.5.5', '']) == set()
    assert accepted(decimals(Decimal(3), None, 4), ['2', '3', '9999', '9999.5', '10000', '10000.5']) == {'3', '9999', '9999.5'}


def test_a_number_is_split_at_its_point_and_loses_zeros_behind_it():
    assert [split(Decimal(o)) for o in ('0', '12', '12.50', '0.05', '1E+3', '2.5E-7', '10')] == [
        (0, ''), (12, ''), (12, '5'), (0, '05'), (1000, ''), (0, '00000025'), (10, '')]


MANTISSAS = ['1', '1.0', '1.2', '1.25', '1.5', '1.7976931348623157', '1.7976931348623158', '1.8', '2', '2.2', '4.9', '5', '5.0', '5.1', '7.5', '8', '9', '9.0', '9.9', '9.99999999999999999', '0.5', '0', '10', '12.5', '1.']
EXPONENTS = ['e16', 'e+16', 'e17', 'e+17', 'e18', 'e20', 'e+99', 'e307', 'e+307', 'e308', 'e+308', 'e309', 'e+016', 'e-5', 'e-05', 'e-005', 'e-6', 'e-06', 'e-9', 'e-10', 'e-010', 'e-323', 'e-324', 'e-325',
             'e15', 'e+15', 'e0', 'e-4', 'e-04', 'e', 'e+', 'E16', 'e--5']
SPELLED = [m + e for m, e in product(MANTISSAS, EXPONENTS)]
PYTHON = re.compile(r'[1-9](\.\d+)?e(\+?(1[6-9]|[2-9]\d|[12]\d\d|30[0-8])|-0?[5-9]|-([1-9]\d|[12]\d\d|3[01]\d|32[0-4]))')
LARGE = ['5e-324', '1e-100', '1.5e-10', '1e-9', '5.1e-9', '7.5e-06', '9.9e-6', '1e-5', '0.0001', '1', '1e16', '2.2e16', '5e16', '1e17', '7.5e+17', '1.8e18', '9e20', '1.5e307', '1e308', '1.7976931348623157e308']


@pytest.mark.parametrize('low, high', [(a, b) for n, a in enumerate(LARGE) for b in LARGE[n:] if (n + LARGE.index(b)) % 5 == 0 or b == a], ids=str)
def test_numbers_with_an_exponent_are_those_between_the_limits(low, high):
    fits = {o for o in SPELLED if PYTHON.fullmatch(o) and Decimal(low) <= Decimal(o) <= min(Decimal(high), Decimal('1.7976931348623157e308'))}
    assert accepted(scientific(Decimal(low), Decimal(high)), SPELLED) == fits


def test_an_exponent_has_one_sign_and_a_mantissa_any_number_of_digits():
    assert accepted(scientific(Decimal('1e20'), Decimal('1e40')), ['1e20', '1e+20', '1e++20', '1e+++30', '9.' + '9' * 60 + 'e30', '9.' + '9' * 60 + 'e40']) == {'1e20', '1e+20', '9.' + '9' * 60 + 'e30'}


@pytest.mark.parametrize('sign', ['', '-'])
def test_the_largest_float_is_a_limit_and_what_is_beyond_it_is_none(sign):
    largest, next_one = '1.7976931348623157e308', '1.7976931348623158e308'
    def read(limit): return floats(None, Decimal(f'-{limit}')) if sign else floats(Decimal(limit), None)
    assert accepted(read(largest), [sign + largest, sign + next_one]) == {sign + largest} and read(next_one) is None


def test_what_is_between_the_decades_has_no_exponent():
    assert scientific(Decimal('0.001'), Decimal('1000')) is None
    assert scientific(Decimal('1e20'), Decimal('1e17')) is None


PLAIN = [*DECIMALS, '0.0001', '0.00001', '123456789.5', '9' * 300, '9' * 301, '1' + '0' * 16]
ENDS = [(None, None), (None, '0'), ('0', None), ('-1', '1'), ('-0.25', '2.5'), ('0.05', None), (None, '-0.5'), ('1e-7', '1e17'), ('-1e17', '-1e-7'), ('2', '1'), ('2.5', '2.5'), ('0', '0'), ('-1', '-1'), ('1e309', None), (None, '-1e309')]


@pytest.mark.parametrize('low, high', ENDS, ids=str)
def test_floats_are_between_the_limits_with_and_without_an_exponent(low, high):
    lowest, highest = (None if o is None else Decimal(o) for o in (low, high))
    texts = [s + o for o in [*PLAIN, *SPELLED] for s in ('', '-')]
    def fits(text):
        bare = text.removeprefix('-')
        if not (PYTHON.fullmatch(bare) or re.fullmatch(r'(0|[1-9]\d{0,299})(\.\d+)?', bare)): return False
        value = Decimal(text)
        if not value and text[0] == '-' and text != '-0.0': return False  # one spelling keeps a zero's sign
        if value and not Decimal('5e-324') <= abs(value) <= Decimal('1.7976931348623157e308'): return False
        return (lowest is None or lowest <= value) and (highest is None or value <= highest)
    assert accepted(floats(lowest, highest), texts) == set(filter(fits, texts))


def test_a_float_is_zero_or_at_least_the_least_that_is_written_plainly():
    assert accepted(floats(Decimal(0), Decimal(1)), ['0', '0.0', '0.000', '0.' + '0' * 29 + '1', '0.' + '0' * 30 + '1', '1e-31', '5e-324', '4e-324']) == {
        '0', '0.0', '0.000', '0.' + '0' * 29 + '1', '0.' + '0' * 30 + '1', '1e-31', '5e-324'}


BOUNDS = [
    ({}, None, None), ({'minimum': 1, 'maximum': 2.5}, '1', '2.5'), ({'minimum': 0.1}, '0.1', None), ({'minimum': True, 'maximum': False}, None, None),
    ({'minimum': 1, 'exclusiveMinimum': 0.5}, '1', None), ({'maximum': 1, 'exclusiveMaximum': 3}, None, '1'),
    ({'minimum': 1, 'exclusiveMinimum': False, 'maximum': 4, 'exclusiveMaximum': False}, '1', '4'),
]


@pytest.mark.parametrize('schema, low, high', BOUNDS, ids=[str(list(o[0].items())) for o in BOUNDS])
def test_the_limits_of_a_float_are_the_narrowest_of_all(schema, low, high):
    assert float_limits(schema) == tuple(None if o is None else Decimal(o) for o in (low, high))


@pytest.mark.parametrize('schema', [{'exclusiveMinimum': 1, 'exclusiveMaximum': 2}, {'minimum': 1, 'exclusiveMinimum': True, 'maximum': 2, 'exclusiveMaximum': True}], ids=['number', 'flag'])
def test_an_end_that_is_left_out_is_the_next_float(schema):
    low, high = float_limits(schema)
    assert (float(low), float(high)) == (math.nextafter(1.0, 2), math.nextafter(2.0, 1))


WHOLE = [
    ({}, 1, (None, None)), ({'minimum': 2, 'maximum': 9}, 1, (2, 9)), ({'minimum': 2.5, 'maximum': 9.5}, 1, (3, 9)), ({'minimum': -2.5, 'maximum': -1.5}, 1, (-2, -2)),
    ({'exclusiveMinimum': 2, 'exclusiveMaximum': 9}, 1, (3, 8)), ({'exclusiveMinimum': 2.5, 'exclusiveMaximum': 8.5}, 1, (3, 8)),
    ({'minimum': 2, 'exclusiveMinimum': True, 'maximum': 9, 'exclusiveMaximum': True}, 1, (3, 8)), ({'minimum': 2, 'exclusiveMinimum': False}, 1, (2, None)),
    ({'minimum': 2, 'exclusiveMinimum': 4, 'maximum': 9, 'exclusiveMaximum': 7}, 1, (5, 6)), ({'minimum': 6, 'exclusiveMinimum': 4, 'maximum': 6, 'exclusiveMaximum': 9}, 1, (6, 6)),
    ({'minimum': True, 'maximum': True}, 1, (None, None)), ({'minimum': 0.3, 'maximum': 1}, '0.1', (3, 10)), ({'exclusiveMinimum': 0.3, 'exclusiveMaximum': 1}, '0.1', (4, 9)),
    ({'minimum': 1e300}, '1', (10 ** 300, None)), ({'minimum': 0.35, 'maximum': 0.99}, '0.1', (4, 9)),
]


@pytest.mark.parametrize('schema, unit, limits', WHOLE, ids=[f'{list(o[0].items())} by {o[1]}' for o in WHOLE])
def test_whole_limits_are_rounded_inward(schema, unit, limits):
    assert whole_limits(schema, Decimal(unit)) == limits


def test_a_number_without_a_step_is_a_float():
    assert accepted(read_number({'minimum': 0, 'maximum': 1}), ['0', '0.25', '1', '1e-7', '1.5', '-0.5', 'x']) == {'0', '0.25', '1', '1e-7'}


STEPS = [2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 25, 30, 32, 50, 60, 64, 75, 96, 100, 125, 250, 500, 700, 1000, 3125]
FROM_TO = [(None, None), (0, None), (None, 37), (-250, 1001), (-10 ** 9, 10 ** 9)]


@pytest.mark.parametrize('step, limits', [(step, FROM_TO[n % 5]) for n, step in enumerate(STEPS)] + [(step, o) for step in (3, 12, 32) for o in FROM_TO], ids=str)
def test_multiples_of_a_step_are_all_of_them(step, limits):
    low, high = limits
    numbers = sorted({n for k in range(30) for n in (k * step, -k * step, k * step + 1, k * step - 1, k * 10, *(k * step // o for o in (2, 3, 5) if step % o == 0))} | set(range(-30, 31)))
    fits = {str(n) for n in numbers if n % step == 0 and (low is None or low <= n) and (high is None or n <= high)}
    node = whole_multiples(low, high, step)
    assert accepted(node, [str(n) for n in numbers]) == fits
    assert accepted(node, ['-0', '00', '', f'0{step}', '-', ':', '1:', '3:']) == set()


SHORT = {*STEPS, 6, 14, 18, 45, 7000} - {32, 64, 96, 3125}  # a part of a power of ten, at most 1,000, times up to 9


@pytest.mark.parametrize('step', sorted({*STEPS, *SHORT, 11, 13, 27, 36, 63, 2000}))
def test_multiples_far_from_every_limit_are_known_where_their_rule_is_short(step):
    far = [k * step for k in (10 ** 15, 10 ** 15 + 1, 123_456_789_012_345, 10 ** 30 + 7)]
    short = set(map(str, far)) if step in SHORT else set()
    texts = [str(n + d) for n in far for d in (-1, 0, 1)]
    assert accepted(whole_multiples(None, None, step), texts) == short
    assert accepted(whole_multiples(-10 ** 40, 10 ** 40, step), [sign + o for o in texts for sign in ('', '-')]) == short | {f'-{o}' for o in short}
    assert accepted(read_number({'multipleOf': step}), texts) == short


@pytest.mark.parametrize('step, short', [('0.5', True), ('0.25', True), ('0.04', True), ('0.125', True), ('0.001', True), ('0.0005', True), ('0.00001', False), ('0.3', False), ('0.75', False)])
def test_numbers_far_from_every_limit_are_multiples_of_a_part_where_its_rule_is_short(step, short):
    far = [k * Decimal(step) for k in (10 ** 15, 10 ** 15 + 1, 123_456_789_012_345)]
    texts = [format((n + d * Decimal(step) / 10).normalize(), 'f') for n in far for d in (0, 1)]
    assert accepted(read_number({'multipleOf': float(step)}), texts) == (set(texts[::2]) if short else set())


def test_multiples_without_a_short_rule_are_written_out_next_to_zero_or_the_limit():
    half = CHOICES // 2
    for low, high, first, last in [
        (None, None, -half, half), (0, None, 0, half), (None, 0, -half, 0), (2200, None, 200, 200 + half), (None, -2200, -200 - half, -200), (5, 33, 1, 3), (12, 21, 2, 1), (-10 ** 9, 10 ** 9, -half, half),
    ]:
        node = whole_multiples(low, high, 11)
        edges = [11 * n for n in (first - 1, first, last, last + 1)]
        assert accepted(node, map(str, edges)) == {str(n) for n in edges[1:3] if first <= n // 11 <= last}, (low, high)


def test_some_multiples_of_a_part_can_be_asked_to_be_whole():
    texts = ['-1', '-0.5', '0', '0.5', '1', '1.5', '2', '2.0', '2.5', '3']
    assert accepted(list_multiples(-1, 5, 1, Decimal('0.5')), texts) == {'-0.5', '0', '0.5', '1', '1.5', '2', '2.5'}
    assert accepted(list_multiples(-1, 5, 1, Decimal('0.5'), whole=True), texts) == {'0', '1', '2'}
    assert list_multiples(1, 1, 1, Decimal('0.5'), whole=True) is None


@pytest.mark.parametrize('step', ['1E+3', '1E-7'])
def test_multiples_are_written_without_an_exponent(step):
    numbers = [n * Decimal(step) for n in range(-2, 4)]
    plain = [format(n if n else Decimal(0), 'f') for n in numbers]
    assert accepted(list_multiples(-1, 2, 1, Decimal(step)), [*plain, *map(str, numbers)]) == set(plain[1:5])


def test_integers_without_limits_go_on_for_ever():
    texts = ['3000000000', '3000000001', '-3000000000', '9' * 40]
    assert accepted(read_integer({}), texts) == set(texts) and accepted(read_integer({'multipleOf': 3}), texts) == set(texts) - {'3000000001'}


@pytest.mark.parametrize('step', [0.5, 2.5, 0.1, 0.3, 0.75, 1.5, 1, 2, 3, 1.0, 4.0])
def test_an_integer_that_is_a_multiple_of_a_part_is_whole(step):
    schema = {'multipleOf': step, 'minimum': -7, 'exclusiveMaximum': 30}
    fits = {str(n) for n in range(-7, 30) if Decimal(n) % Decimal(str(step)) == 0}
    assert accepted(read_integer(schema), [*map(str, range(-50, 50)), '0.5', '2.5', '-0']) == fits


@pytest.mark.parametrize('step', [0.01, 0.05, 0.25, 0.5, 0.2, 0.125, 0.3, 0.75, 1.5, 2, 5, 10])
@pytest.mark.parametrize('limits', [{}, {'minimum': 0}, {'minimum': 0.25, 'maximum': 3}, {'exclusiveMinimum': -1, 'exclusiveMaximum': 1}, {'maximum': -0.5}], ids=str)
def test_a_number_is_a_multiple_of_its_step(step, limits):
    numbers = sorted({n * Decimal(str(d)) for n in range(-25, 26) for d in (step, '0.01', '0.125', '0.5')})
    lowest = max([Decimal(str(limits[o])) for o in ('minimum', 'exclusiveMinimum') if o in limits], default=Decimal('-Infinity'))
    highest = min([Decimal(str(limits[o])) for o in ('maximum', 'exclusiveMaximum') if o in limits], default=Decimal('Infinity'))
    ends = [Decimal(str(v)) for o, v in limits.items() if o.startswith('exclusive')]
    fits = {n for n in numbers if n % Decimal(str(step)) == 0 and lowest <= n <= highest and n not in ends}
    spell = lambda n: format(n.normalize() if n else Decimal(0), 'f')
    assert accepted(read_number({'multipleOf': step, **limits}), map(spell, numbers)) == set(map(spell, fits))


@pytest.mark.parametrize('schema', [{}, {'multipleOf': 3}, {'multipleOf': 0.5}, {'minimum': 1, 'maximum': 2}], ids=str)
def test_a_number_is_one_token_of_the_answer(schema): assert type(read_integer(schema)) is Tok is type(read_number(schema))


def test_a_number_of_many_places_is_a_multiple_next_to_zero_or_its_limit():
    texts = ['0', '0.00001', '0.000015', '0.1', '0.10001', '2.99999', '3', '3.00001']
    assert accepted(read_number({'multipleOf': 1e-5}), texts) == {'0', '0.00001', '0.1'}
    assert accepted(read_number({'multipleOf': 1e-5, 'minimum': 3}), texts) == {'3', '3.00001'}
    assert accepted(read_number({'multipleOf': 1e-5, 'minimum': 2.99999, 'maximum': 3}), texts) == {'2.99999', '3'}


DIGITS = [(None, None), (3, None), (None, 2), (3, 1), (2, 2), (4, 0), (1, None)]
BETWEEN = [{}, {'minimum': '0'}, {'minimum': '-1.5', 'maximum': '12'}, {'exclusiveMinimum': '0', 'exclusiveMaximum': '10'}, {'exclusiveMinimum': '-2.25', 'maximum': '-0.5'}, {'minimum': '1', 'exclusiveMinimum': '1'},
           {'maximum': '2.5', 'exclusiveMaximum': '12'}, {'minimum': '3', 'maximum': '2'}, {'minimum': '-12', 'maximum': '-2'}]


def counted_digits(text):
    "(digits, decimal places) as pydantic counts them, without zeros behind the point."
    whole, _, fraction = text.removeprefix('-').partition('.')
    fraction = fraction.rstrip('0')
    return len(whole.lstrip('0')) + len(fraction), len(fraction)


@pytest.mark.parametrize('digits, places', DIGITS, ids=str)
@pytest.mark.parametrize('limits', BETWEEN, ids=str)
def test_a_decimal_is_between_its_limits_and_as_short_as_asked(digits, places, limits):
    texts = [s + o for o in [*DECIMALS, '123.4', '1234', '999', '0.001', '12.0'] for s in ('', '-')]
    def fits(text):
        value, (n, k) = Decimal(text), counted_digits(text)
        if digits is not None and n > digits or places is not None and k > places: return False
        if digits is not None and places is not None and n - k > digits - places: return False
        if digits == places and digits is not None and '.' not in text: return False
        tests = dict(minimum=value.__ge__, exclusiveMinimum=value.__gt__, maximum=value.__le__, exclusiveMaximum=value.__lt__)
        return all(tests[o](Decimal(end)) for o, end in limits.items())
    schema = limits | {k: v for k, v in (('max_digits', digits), ('decimal_places', places)) if v is not None}
    signless = {o for o in texts if not (o[0] == '-' and Decimal(o) == 0)}  # a negative zero may be there or not
    assert accepted(read_decimal(schema), signless) == set(filter(fits, signless))


def test_a_decimal_has_as_many_digits_as_python_reads_and_no_minus_before_a_least_zero():
    assert accepted(read_decimal({}), ['9' * 4300, '-' + '9' * 4300, '9' * 4301]) == {'9' * 4300, '-' + '9' * 4300}
    assert accepted(read_decimal({'minimum': '0'}), ['0', '0.0', '-0', '-0.0', '-0.5']) == {'0', '0.0'}


@pytest.mark.parametrize('end', ['0', '2', '2.5', '-0.25'])
def test_a_decimal_whose_limits_are_one_number_is_that_number(end):
    assert accepted(read_decimal({'minimum': end, 'maximum': end}), ['0', '2', '2.50', '-0.25', '3', '0.25']) == {o for o in ('0', '2', '2.50', '-0.25') if Decimal(o) == Decimal(end)}
    assert accepted(read_decimal({'exclusiveMinimum': end, 'maximum': end}), ['0', '2', '2.5', '-0.25']) == set()


POWERS = [
    ({}, ['1E+1', '9.5E+99999', '-2E+7', '1E-7', '-3.25E-99999', '0E+1', '0E-5']),
    ({'minimum': '0'}, ['1E+1', '9.5E+99999', '1E-7', '0E+1', '0E-5']),
    ({'minimum': '1'}, ['1E+1', '9.5E+99999']), ({'minimum': '2'}, []), ({'maximum': '-1'}, ['-2E+7']), ({'maximum': '-2'}, []),
    ({'maximum': '0'}, ['-2E+7', '-3.25E-99999', '0E+1', '0E-5']), ({'exclusiveMaximum': '0'}, ['-2E+7', '-3.25E-99999']), ({'exclusiveMinimum': '0'}, ['1E+1', '9.5E+99999', '1E-7']),
    ({'minimum': '-1', 'maximum': '1'}, ['1E-7', '-3.25E-99999', '0E+1', '0E-5']), ({'minimum': '0', 'maximum': '0.000001'}, ['0E+1', '0E-5']),
    ({'minimum': '-0.000001', 'maximum': '0'}, ['0E+1', '0E-5']), ({'max_digits': 3}, ['0E-5']), ({'decimal_places': 2}, ['1E+1', '9.5E+99999', '-2E+7', '0E-5']),
]


@pytest.mark.parametrize('schema, fits', POWERS, ids=[str(list(o[0].items())) for o in POWERS])
def test_a_decimal_with_an_exponent_stays_between_the_limits(schema, fits):
    wrong = ['0E0', '0E5', '0E-100000', '0E+100000', '10E+1', '01E+1', '1E+0', '1E-6', '1E5', '1e+5', '1E+100000', '1E-100000', '1.E+1', '-0E+1', 'E+1', ':E+1', '/E+1', '1./E+1', '1.:E-7']
    assert accepted(read_powers(schema), [*POWERS[0][1], *wrong]) == set(fits)


@pytest.mark.parametrize('end', ['0', '1', '2.5', '0.05', '10', '12.125'])
def test_an_end_that_is_left_out_is_left_out_in_every_spelling(end):
    numbers = [o for o in DECIMALS if Decimal(o) >= Decimal(end)]
    assert accepted(read_decimal({'exclusiveMinimum': end}), numbers) == {o for o in numbers if Decimal(o) != Decimal(end)}
    below = [o for o in DECIMALS if Decimal(o) <= Decimal(end)]
    assert accepted(read_decimal({'minimum': '0', 'exclusiveMaximum': end}), below) == {o for o in below if Decimal(o) != Decimal(end)}
