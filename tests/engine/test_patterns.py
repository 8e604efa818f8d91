"""What a pattern means, dialect by dialect: tables of patterns with texts that they let through and texts that they don't."""
import json, re

import pytest
from pydantic_core import SchemaValidator

from dspy_toolkit.engine.nodes import Both, Chars, Lit, Rep, Tracker, both, letter, quotable, reachable
from dspy_toolkit.engine.patterns import ask, common, outside, read_pattern, union

INSIDE = ((0, 0xD7FF), (0xE000, 0x10FFFF))


def anything(*ranges):
    "A character as it is, also a line end."
    return letter(*ranges, within=INSIDE)


def takes(node, text): return node is not None and Tracker.start(node).advance(text.encode()).accepts
def rust(pattern): return SchemaValidator({'type': 'str', 'pattern': pattern}).isinstance_python


# a pattern, texts that match, texts that do not
RUST = [
    (r'^\p{L}+$', ['é', 'aЖ漢'], ['', '1', 'a b']),
    (r'^\pL$', ['é'], ['1']),
    (r'^\PL$', ['1', '-'], ['é']),
    (r'^\P{Lu}$', ['a', '1'], ['A', 'Ж']),
    (r'^\p{Greek}+$', ['αβγ'], ['a', 'ж']),
    (r'^\p{Script=Cyrillic}$', ['ж'], ['z']),
    (r'^\p{Uppercase}\p{Alphabetic}$', ['Aé'], ['aa']),
    (r'^(?i)straße$', ['STRAßE', 'straẞe'], ['STRASSE']),
    (r'^(?i)k$', ['k', 'K', '\u212a'], ['c']),
    (r'^a(?i)b(?-i)c$', ['abc', 'aBc'], ['Abc', 'abC']),
    (r'^a(?i:b)c$', ['aBc'], ['aBC']),
    (r'^(?i:[a-c&&[^B]])$', ['a', 'C'], ['b', 'B']),
    (r'^((?i)a)b$', ['Ab'], ['AB']),
    (r'^.$', ['a', '\r', '\u2028'], ['\n']),
    (r'^(?s).$', ['\n'], ['']),
    (r'(?R)^.$', ['a'], ['\r', '\n']),
    (r'(?x) ^ a  b # the letters' + '\n [ c d ] $', ['abc', 'abd'], ['a b c', 'ab ']),
    (r'\Aab\z', ['ab'], ['ab\n', 'cab']),
    (r'^a$', ['a'], ['a\n']),
    (r'^\x41\x{41}\u0042\u{43}\U00000044$', ['AABCD'], ['AABC']),
    (r'^\x{1F600}$', ['😀'], ['1F600']),
    (r'^[[:alpha:]]+$', ['abZ'], ['é', ':', '1']),
    (r'^[[:^alpha:][:digit:]]$', ['1', 'é', '-'], ['a']),
    (r'^[[:alnum:]][[:blank:]][[:cntrl:]][[:digit:]][[:graph:]][[:lower:]]$', ['a \x011!a'], ['a  1!a']),
    (r'^[[:print:]][[:punct:]][[:space:]][[:upper:]][[:word:]][[:xdigit:]]$', ['a-\tA_f'], ['a-\tA-f']),
    (r'^[a-z&&[^aeiou]]+$', ['bcd'], ['a', 'bad', '&']),
    (r'^[a-z--aeiou]+$', ['bcd'], ['a', '-']),
    (r'^[a-g~~b-h]$', ['a', 'h'], ['b', 'g']),
    (r'^[a[bc]]+$', ['abc'], ['[', ']']),
    (r'^[\w&&\p{Greek}]$', ['α'], ['a']),
    (r'^[]a]$', [']', 'a'], ['']),
    (r'^[a\]\-b]+$', ['a]-b'], ['\\']),
    (r'^\d$', ['1', '٣'], ['a', '²']),
    (r'^\w+$', ['aé_١', '\u200d'], ['-']),
    (r'^\s$', [' ', '\x85', '\u3000'], ['a', '\ufeff']),
    (r'^(?-u:\w)$', ['a'], ['é']),
    (r'^a{ 1 , 2 }$', ['a', 'aa'], ['aaa', '']),
    (r'^a**b++$', ['b', 'aab', 'bb'], ['a']),
    (r'^(?U)a+$', ['aa'], ['']),
    (r'^(?P<x>a)(?<y>b)$', ['ab'], ['a']),
    (r'a|^b$', ['xax', 'b'], ['xb', 'bx']),
]
PYTHON = [
    (r'^[[:alpha:]]$', ['a]', ':]'], ['b', 'a']),
    (r'^\d\w\s$', ['٣é\u3000'], ['aa ']),
    (r'(?a)^\d\w$', ['1a'], ['٣a', '1é']),
    (r'^(?P<n>a)(?:b)$', ['ab'], ['a']),
    (r'(?i)^k$', ['K', '\u212a'], ['c']),
    (r'(?i)^[a-c]$', ['B'], ['d']),
    (r'^(?i:a)b$', ['Ab'], ['AB']),
    (r'(?s)^.$', ['\n'], []),
    (r'(?x) a b # c', ['ab'], ['a b']),
    (r'^a\Z', ['a'], ['a\n']),
    (r'^a{,3}$', ['', 'aaa'], ['aaaa']),
    (r'^[a&&b]$', ['&', 'a'], ['c']),
    (r'^a++$', ['aa'], ['']),
    (r'^a++b$', ['aab'], ['b']),
    (r'^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{4,}$', ['aB3d', '3aB '], ['aB3', 'ab3d', 'aBcd']),
    (r'a$\nb?', [], ['a', 'ab']),
    ('^\\$', ['$a'], ['a$']),
]
ECMA = [  # as `node -e "new RegExp(pattern, 'u').test(text)"` says, without the flag where it refuses
    (r'^\d$', ['1'], ['٣']),
    (r'^\w$', ['a', '_'], ['é']),
    (r'^\W$', ['é', '-'], ['a']),
    (r'^\s$', [' ', '\ufeff', '\u2028', '\u00a0', '\x0b'], ['\x85', '\x1c', '\u180e']),
    (r'^.$', ['a', '\x85', '😀'], ['\n', '\r', '\u2028', '\u2029']),
    (r'^[^]$', ['\n', 'a'], ['']),
    (r'a[]', [], ['a']),
    (r'^\p{L}\P{L}\p{Lu}$', ['é1A'], ['a1a']),
    (r'^\p{Script=Greek}\p{sc=Greek}$', ['αβ'], ['ab']),
    (r'^[\p{L}-]+$', ['é-'], ['1']),
    (r'^\u{41}\u0042\x43$', ['ABC'], ['ABC ']),
    ('^\\ud83d\\ude00$', ['😀'], ['']),
    (r'^\cA\cz$', ['\x01\x1a'], ['cA']),
    (r'^\A\z\Z$', ['AzZ'], ['']),
    (r'^[[:alpha:]]$', ['a]', '[]', ':]'], ['b', 'a']),
    (r'^[a-z&&[^aeiou]]$', ['a]', '&]'], ['b', 'a&&[b]']),
    (r'^(?<x>a)$', ['a'], ['b']),
    (r'^[\b]\0$', ['\b\0'], ['b0']),
    (r'^a{,3}$', ['a{,3}'], ['aa', '']),
    (r'^{a}]$', ['{a}]'], ['a']),
    (r'^\d-\/\_\@$', ['1-/_@'], ['1-\\/']),
    (r'^[\w.\-+]+$', ['a.-+b'], ['é', '\\']),
    (r'^[a-\d]$', ['-', 'a', '5'], ['b']),
    (r'^(?i:k)$', ['K', 'k'], ['c']),
    (r'^a$', ['a'], ['a\n']),
    (r'^(?:a|b)+?$', ['ab'], ['']),
    (r'^\12\8$', ['\n8'], ['']),
    (r'^\k<x>$', ['k<x>'], ['x']),
]
EVERYWHERE = [
    ('', ['', 'a'], []),
    ('b', ['b', 'abc'], ['a']),
    ('^b', ['bc'], ['ab']),
    ('b$', ['ab'], ['ba']),
    ('^a|b$', ['ax', 'xb'], ['xa', 'bx']),
    ('^(a|b)$', ['a', 'b'], ['ab']),
    ('a$b?', ['a', 'xa'], ['ab']),
    ('a?^b', ['b', 'bc'], ['ab']),
    ('(^a|,a)+$', ['a', 'a,a', 'x,a,a'], ['aa', 'xa']),
    (r'^(\d+(,|$))+$', ['1', '12,3', '12,'], ['', ',', '1,,']),
    ('(a|b$){2}', ['aa', 'ab', 'xab'], ['ba', 'abx', 'b']),
    ('^^a$$', ['a'], ['b']),
    ('^(|a)b?$', ['', 'a', 'b', 'ab'], ['ba']),
    (r'^[^\s@]+@[^\s@]+\.[a-z]{2,}$', ['a@b.cc'], ['a@b', 'a b@c.dd']),
]
CASES = [(dialect, *case) for dialect, cases in (('rust', RUST), ('python', PYTHON), ('ecma', ECMA)) for case in cases + EVERYWHERE]


@pytest.mark.parametrize('dialect, pattern, matching, others', CASES)
def test_a_pattern_means_what_its_dialect_says(dialect, pattern, matching, others):
    found = read_pattern(pattern, dialect, anything)
    assert found.relaxed == ()
    assert [t for t in matching if not takes(found.node, t)] == [] and [t for t in others if takes(found.node, t)] == []


@pytest.mark.parametrize('dialect, pattern, matching, others', [case for case in CASES if case[0] != 'ecma'])
def test_the_table_says_what_the_validators_say(dialect, pattern, matching, others):
    valid = rust(pattern) if dialect == 'rust' else lambda text: re.search(pattern, text) is not None
    assert all(map(valid, matching)) and not any(map(valid, others))


LOOKS = [  # a Python pattern, texts that match, texts that do not
    (r'^(?=.*\d)(?=.*[a-z]).{8,}$', ['abcdefg1', '1234567a'], ['abcdefgh', '12345678', 'abc1']),
    ('^foo(?=bar)', ['foobar', 'foobarx'], ['foo', 'foox']),
    ('^(foo(?=b)|x)bar$', ['foobar', 'xbar'], ['fobar']),
    ('^(?=a|b$)..?$', ['a', 'ab', 'b'], ['bb', 'c']),
    ('^(a(?=b))?b$', ['ab', 'b'], ['a']),
    (r'^(?!\s*$).+$', ['a', ' a '], ['', '  ', ' ']),
    (r'^(?!-)[a-z-]{1,5}(?<!-)$', ['a', 'a-b'], ['-a', 'a-', '-']),
    ('^(?!foo|bar)[a-z]+$', ['fo', 'baz', 'xfoo'], ['foo', 'food', 'bar']),
    ('^(?!foo$)[a-z]+$', ['fo', 'food'], ['foo']),
    ('^(?!.*@)[^ ]+$', ['ab'], ['a@b', '@']),
    ('^(?!.*-$)[a-z-]+$', ['a-b'], ['a-', '-']),
    ('^[a-z.]+(?<=[a-z])$', ['a.b'], ['a.']),
    ('(?<!-)x(?!-)', ['x', 'ax', '-xx'], ['-x', 'x-', '-x-']),
    ('(?<=a)x', ['ax', 'bax'], ['x', 'bx']),
    ('(?!)', [], ['', 'a']),
    ('^(?=a)b', [], ['a', 'b', 'ab']),
]


BOUNDS = [
    (r'\bfoo\b', ['foo', 'a foo b', 'foo!', 'foofoo foo'], ['foob', 'xfoo', '', 'foo1']),
    (r'^\bfoo\b$', ['foo'], ['foo ']),
    (r'^\w+\b-\b\w$', ['ab-c'], ['ab--']),
    (r'^\B-', ['-', '- '], ['a-']),
    (r'\B-\B', ['-', ' -', '--'], ['a-', '-a']),
    (r'\bfoo|bar\b', ['foox', 'xbar'], ['xfoo', 'barx']),
    (r'^[a-c-]+\b$', ['a', '-a'], ['a-', '-']),
]


@pytest.mark.parametrize('pattern, matching, others', BOUNDS)
@pytest.mark.parametrize('dialect', ['rust', 'python', 'ecma'])
def test_a_word_boundary_behind_a_certain_character_is_exact(dialect, pattern, matching, others):
    found = read_pattern(pattern, dialect, anything)
    assert found.relaxed == () and all(re.search(pattern, t) for t in matching) and not any(re.search(pattern, t) for t in others)
    assert [t for t in matching if not takes(found.node, t)] == [] and [t for t in others if takes(found.node, t)] == []


@pytest.mark.parametrize('pattern, matching, others', LOOKS)
def test_looks_whose_meaning_is_an_intersection_are_exact(pattern, matching, others):
    for dialect in ('python', 'ecma'):
        if dialect == 'ecma' and pattern == '(?!)': continue
        found = read_pattern(pattern, dialect, letter)
        assert found.relaxed == ()
        assert all(takes(found.node, t) and re.search(pattern, t) for t in matching)
        assert not any(takes(found.node, t) or re.search(pattern, t) for t in others)


RELAXED = [
    ('rust', r'^(\bfoo\b ?)+$', 'word boundary', ['foo', 'foo foo']),
    ('rust', r'a*\b{start}foo', 'word boundary', ['foo']),
    ('rust', r'^(?=x)x$', '', ['x']),  # not Rust's, but nothing is lost
    ('rust', r'^(a|b)\1$', 'back reference', ['aa', 'bb']),
    ('rust', r'(?m)^a$', 'any line', ['a', 'b\na\nc']),
    ('rust', r'^\p{Nonsense}$', 'Nonsense', ['a']),
    ('python', r'^(?<=aa)b', 'look-behind (?<=...)', ['b']),
    ('python', r'^(?!.*aa)a?b', 'negative look-ahead (?!...)', ['ab']),
    ('python', r'^(a)?(?(1)b|c)$', 'condition (?(1)...)', ['ab', 'c']),
    ('python', r'^(?P<q>["\'])x(?P=q)$', 'back reference', ['"x"']),
    ('python', r'^(?>a|ab)c$', 'atomic group', ['ac']),
    ('python', r'^a*+a$', 'possessive repeat', ['a']),
    ('python', r'^(?:a(?=b)|b)*$', 'in a repeat', ['abb']),
    ('ecma', r'^(?<q>[ab])x\k<q>$', 'back reference', ['axa']),
    ('ecma', r'^.*\Bx', 'word boundary', ['ax']),
    ('ecma', r'(?i)^ab$', "read as Python's", ['AB']),
    ('ecma', r'^(?P<n>a)(?P=n)$', "read as Python's", ['aa']),
    ('ecma', r'^\p{Nonsense}$', 'Nonsense', ['a']),
    *((dialect, pattern, 'the whole pattern', ['', 'what you like']) for dialect in ('rust', 'python', 'ecma') for pattern in ('(', 'a)', '[a', '*', 'a{2,1}', '[z-a]')),
    *((dialect, '(' * 4000 + ')' * 4000, 'too many brackets', ['']) for dialect in ('rust', 'python', 'ecma')),
]


@pytest.mark.parametrize('dialect, pattern, said, matching', RELAXED)
def test_what_a_grammar_cannot_say_is_relaxed_and_said(dialect, pattern, said, matching):
    found = read_pattern(pattern, dialect, anything)
    assert any(said in word for word in found.relaxed) if said else found.relaxed == ()
    assert all(takes(found.node, text) for text in matching)


@pytest.mark.parametrize('pattern', ['a^', '$a', r'^a\bb^c', '[^\\s\\S]', 'a[]', '^(?=a)b'])
def test_a_pattern_no_text_can_match_has_no_node(pattern):
    assert read_pattern(pattern, 'ecma').node is None


def test_a_character_that_cannot_be_written_takes_its_branch_away():
    assert read_pattern('^a\nb$').node is None and read_pattern('^a\nb$', spell=quotable).node is not None
    assert read_pattern('^(a|\n)$').node.least == 'a' and read_pattern('^\n?a$').node.least == 'a'
    assert takes(read_pattern('^a\n"$', spell=quotable).node, json.dumps('a\n"')[1:-1])
    assert (read_pattern('(?m)^a$', 'rust').relaxed, read_pattern('(?m)^a$', 'rust').node.least) == ((), 'a')  # in one line they are the same


URL = r'^(https?:\/\/)?([\da-z\.-]+)\.([a-z\.]{2,6})([\/\w \.-]*)*\/?$'


def test_the_everyday_pattern_of_a_url_is_small():
    found = read_pattern(URL, 'ecma', quotable)
    assert found.relaxed == () and len(reachable(found.node)) < 25
    assert all(takes(found.node, t) for t in ('https://a.bc/d e/', 'x.yz')) and not takes(found.node, 'https://')


@pytest.mark.parametrize('pattern, simple', [
    ('^(a*)*$', '^a*$'), ('^(a+)+$', '^a+$'), ('^(a*)?$', '^a*$'), ('^(a?)*$', '^a*$'), ('^((a*)+b?)*$', '^[ab]*$'), ('^(a+|b+|c)*$', '^[abc]*$'), ('^(a{2}){3}$', '^a{6}$'),
    ('^(a{1,2}){1,3}$', '^a{1,6}$'), ('^(a|b|[cd])$', '^[a-d]$'), ('^(|a)$', '^a?$'), ('^aa*$', '^a+$'), ('^(a*b*)*$', '^[ab]*$'), ('^[bab-cx]$', '^[a-cx]$'),
    ('^.*.*$', '^.*$'), ('^(?:(?:a|)|)$', '^a?$'),
])
def test_equal_patterns_have_equal_nodes(pattern, simple):
    assert _form(read_pattern(pattern).node) == _form(read_pattern(simple).node)


def _form(node):
    kind = type(node)
    if kind is Lit: return node.text
    if kind is Chars: return node.ranges
    if kind is Rep: return _form(node.item), node.lo, node.hi
    return kind.__name__, tuple(map(_form, node.items))


def test_counts_that_leave_gaps_are_not_joined():
    node = read_pattern('^(a{3}){1,2}$').node
    assert [n for n in range(9) if takes(node, 'a' * n)] == [3, 6]


@pytest.mark.parametrize('pattern', [r'^\w{1,5000}$', r'^((a|b){1,200}c){1,200}$', r'^(\p{L}+[ -]?){1,200}$'])
def test_a_huge_repeat_is_one_node(pattern):
    found = read_pattern(pattern, 'rust')
    assert found.relaxed == () and len(reachable(found.node)) < 12


def test_thousands_of_words_are_one_node():
    found = read_pattern(f"^({'|'.join(f'word{n}' for n in range(3000))}|[0-9]+)$")
    assert found.relaxed == () and len(reachable(found.node)) < 6
    assert takes(found.node, 'word2999') and takes(found.node, '12') and not takes(found.node, 'word3000') and not takes(found.node, 'word')


@pytest.mark.parametrize('pattern', ['((?=a)|b)' * 30, '(a)' + ''.join(rf'(\{n}\{n})' for n in range(1, 40))])
def test_what_would_grow_without_end_is_relaxed(pattern):
    found = read_pattern(pattern, 'python')
    assert 'the whole pattern, which is too long' in found.relaxed and takes(found.node, 'a')


def test_a_class_is_one_node_wherever_it_is_used():
    nodes = [n for p in (r'^\p{L}+-\p{L}$', r'\p{L}') for n in reachable(read_pattern(p, 'rust').node) if type(n) is Chars and len(n.ranges) > 300]
    assert len(nodes) == 2 and nodes[0] is nodes[1]


def test_a_look_is_an_intersection_of_pieces():
    assert type(read_pattern(r'^(?=.*\d).{8,}$').node) is Both
    assert both(read_pattern('^a+$').node, read_pattern('^b+$').node) is None


@pytest.mark.parametrize('source', [r'\w', r'\P{L}', r'\p{Greek}', '[^a]', r'(?i:\p{Lu})', '(?i:[é-ü])', r'[\w--\d]'])
def test_the_validator_itself_says_what_is_in_a_class(source):
    ranges = ask('rust', source)
    inside, other = common(ranges, INSIDE), common(outside(ranges), INSIDE)
    for part, valid in ((inside, rust(rf'\A(?:{source})*\z')), (other, lambda text: not rust(source)(text))):
        assert all(valid(''.join(map(chr, range(lo, hi + 1)))) for lo, hi in part)


def test_sets_of_characters_are_sorted_and_apart():
    a, b = union(((5, 9),), ((1, 4), (11, 12))), ((3, 6), (12, 20))
    assert a == ((1, 9), (11, 12)) and common(a, b) == ((3, 6), (12, 12)) and outside(a) == ((0, 0), (10, 10), (13, 0x10FFFF)) and outside(outside(b)) == b
