"Columns of text lose nothing, however narrow the window is."
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from dspy_toolkit.views.base import columns, text

words = st.text(st.sampled_from('ab-/. Ω字'), max_size=60)


@example([('.github/workflows/test.yml', 'runs the tests on GitHub')], 40, 2)
@example([('a' * 25, 'b' * 25, 'c' * 25, 'd')], 40, 0)
@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[words] * n), min_size=1, max_size=4)), st.integers(40, 120), st.sampled_from([0, 2]))
def test_a_narrow_window_cuts_nothing(rows, width, indent):
    shown = text(columns(rows, indent), width)
    count = lambda written: Counter(''.join(written.split()))
    assert count(shown) == count(''.join(each for row in rows for each in row))
