"""A pattern's grammar and its validator agree: hypothesis makes patterns, and whoever validates the answer says which texts match."""
import re

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from pydantic_core import SchemaError, SchemaValidator

from dspy_toolkit.engine.nodes import Alt, Both, Chars, Lit, Rep, Seq, Tracker, Words, letter
from dspy_toolkit.engine.patterns import read_pattern


def anything(*ranges):
    "A character as it is, also a line end."
    return letter(*ranges, within=((0, 0xD7FF), (0xE000, 0x10FFFF)))


def takes(node, text): return node is not None and Tracker.start(node).advance(text.encode()).accepts


def sample(node, random):
    "A random text of a node; None when none was found."
    kind = type(node)
    if kind is Lit: return node.text
    if kind is Words: return random.choice(node.texts)
    if kind is Chars:
        lo, hi = random.choice(node.ranges)
        return chr(random.choice((lo, hi, random.randint(lo, hi), random.randint(lo, min(hi, lo + 30)))))
    if kind is Seq: parts = [sample(item, random) for item in node.items]
    elif kind is Alt: return sample(random.choice(node.items), random)
    elif kind is Rep:
        most = node.lo + 4 if node.hi is None else min(node.hi, node.lo + 4)
        parts = [sample(node.item, random) for _ in range(random.randint(node.lo, most))]
    elif kind is Both:
        one, other = random.sample((node.one, node.other), 2)
        found = (sample(one, random) for _ in range(20))
        return next((text for text in found if text is not None and takes(other, text)), node.least)
    return None if None in parts else ''.join(parts)


def validator(pattern, dialect):
    "Whether a text matches, by whoever validates it; None when the pattern is no pattern of theirs."
    if dialect == 'python':
        try: return re.compile(pattern).search
        except re.error: return None
    try: return SchemaValidator({'type': 'str', 'pattern': pattern}).isinstance_python
    except SchemaError: return None


letters = st.sampled_from(list('abAB1_ -.é') + ['\n', '\\n', r'\.', r'\-', r'\x41', r'\u0031', r'\t'])
points = st.sampled_from(['^', '$', '^', '$', r'\A', r'\b', r'\B'])
sets = {
    'rust': [r'\d', r'\w', r'\S', r'\W', '.', r'\pL', r'\P{Lu}', r'\p{Greek}', '[[:alpha:]]', '[^[:digit:]]', '[a-b&&[^b]]', '[a-z--b]', '[aB~~a1]', '[a[1_]]', '[^a-b]',
             r'[\w.-]', r'[^\s1]', '[]a]', '[^]a-]', r'\x{61}', r'\u{e9}', '[a-]', '[Bab]', r'[\x{61}-b\d]', r'[\]\-]', '[a&&b]'],
    'python': [r'\d', r'\w', r'\S', r'\W', '.', '[[:alpha:]]', '[a&&b]', '[^a-b]', r'[\w.-]', r'[^\s1]', '[]a]', '[^]a-]', r'[\d\D]', '[a-]', '[Bab]', r'[^\W\d_]', r'[\]\-]'],
}
ends = {'rust': [r'\z', r'\z', r'\b{start}', r'\b{end-half}'], 'python': [r'\Z']}
flags = {'rust': ['(?i:%s)', '(?s:%s)', '(?x: %s )', '(?-i:%s)', '(?U:%s)', '(?m:%s)', '(?i)%s', '(?P<n>%s)'], 'python': ['(?i:%s)', '(?s:%s)', '(?-i:%s)', '(?m:%s)', '(?a:%s)']}
looks = ['(?=%s)', '(?!%s)', '(?=.*%s)', '(?!.*%s)', '(?!%s$)', '(?<!%s)', '(?>%s)']
counts = st.sampled_from(['*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?', '{2,3}'])


def patterns(dialect):
    "Patterns of a small syntax."
    leaves = letters | points | st.sampled_from(sets[dialect]) | st.sampled_from(ends[dialect])

    def more(inner):
        several = st.lists(inner, min_size=1, max_size=4).map(''.join)
        wrapped = st.tuples(st.sampled_from(flags[dialect] + ['(%s)', '(?:%s)'] * 3), several).map(lambda o: o[0] % o[1])
        looking = st.tuples(st.sampled_from(looks), several).map(lambda o: o[0] % o[1])
        either = st.lists(several, min_size=2, max_size=3).map(lambda o: '(' + '|'.join(o) + ')')
        counted = st.tuples(inner.filter(lambda p: len(p) == 1 and p not in '^$' or p[0] in '([' and p[-1] in ')]'), counts).map(''.join)
        return several | wrapped | either | counted | (looking if dialect == 'python' else wrapped)
    whole = st.tuples(st.sampled_from(['%s', '^%s$', '^%s', '%s$', r'\A%s', '^%s|a$', '%s|^b']), st.recursive(leaves, more, max_leaves=8))
    return whole.map(lambda o: o[0] % o[1])


@pytest.mark.parametrize('dialect', ['rust', 'python'])
@settings(max_examples=80, deadline=None)
@given(st.data(), st.randoms(use_true_random=False))
def test_what_the_grammar_of_a_pattern_lets_through_is_what_the_validator_takes(dialect, data, random):
    pattern = data.draw(patterns(dialect))
    valid = validator(pattern, dialect)
    assume(valid is not None)
    found = read_pattern(pattern, dialect, anything)
    event('relaxed' if found.relaxed else 'exact')
    texts = [text for _ in range(8) if found.node is not None and (text := sample(found.node, random)) is not None]
    if not found.relaxed:
        for text in texts: assert valid(text), f"{pattern!r} lets through {text!r}"
    for text in mutants(texts, data):
        if dialect == 'python' and text.endswith('\n') and '$' in pattern: continue  # the line end that $ of Python may be before
        if valid(text): assert takes(found.node, text), f"{pattern!r} does not let through {text!r}"


def mutants(texts, data):
    "Texts near these, and some of their own."
    out = data.draw(st.lists(st.text('abAB1_ -.é\n\ncα', max_size=5), min_size=4, max_size=8))
    for text in texts:
        at = data.draw(st.integers(0, len(text)))
        out += [text[:at] + text[at + 1:], text[:at] + data.draw(st.sampled_from('aB1 \n')) + text[at:], text.swapcase()]
    return out


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_matches_in_python_is_let_through(data):
    pattern = data.draw(patterns('python'))
    assume(validator(pattern, 'python') is not None)
    try: text = data.draw(st.from_regex(pattern))
    except re.error: assume(False)
    assume(not re.search('[\ud800-\udfff]', text) and not (text.endswith('\n') and '$' in pattern))
    assert takes(read_pattern(pattern, 'python', anything).node, text), f"{pattern!r} does not let through {text!r}"
