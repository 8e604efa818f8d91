"A line of a magic comes back as a person wrote it, and what stands for a value is never taken literally."
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dspy_toolkit.commands.line import UsageError, expand, fill, spell_text, words_of
from dspy_toolkit.commands.parse import read_line
from dspy_toolkit.commands.table import VERBS

# what people write: letters of any language, quotes, brackets, signs; no line ends, and nothing that Python itself calls a blank but a blank
signs = st.characters(codec='utf-8', exclude_categories=['Cc', 'Cs', 'Zl', 'Zp', 'Zs'])
prose = st.lists(st.text(signs, min_size=1, max_size=8) | st.sampled_from(["the", "customer's", "don't", '$5', '{}', '{x}', '"so"', "'tis", '->', '#12', 'C:\\x', '-1', '--', '\\']),
                 min_size=1, max_size=8).map(' '.join)
OPTIONS = {o for v in VERBS.values() for a in v.arguments for o in (a.name, a.short) if a.is_option} | {'--traceback', '-h', '--help'}


def is_plain(text):
    "Has it no option, and no quotes around all of it?"
    words = words_of(text)
    return not any(w.text.partition('=')[0] in OPTIONS for w in words) and not (len(words) == 1 and words[0].quoted)


@given(prose.filter(is_plain))
def test_a_text_without_options_comes_back_as_it_stands(text):
    assert read_line(f'note Triage@1 {text}').args.text == text


@given(prose.filter(is_plain).filter(lambda text: not words_of(text)[0].quoted))
def test_a_message_comes_back_as_it_stands(text):
    args = read_line(f'save Triage -m {text} --tag good').args
    assert (args.message, args.tag) == (text, ['good'])


@given(prose, st.sampled_from('"\''))
def test_quotes_around_a_text_make_even_an_option_a_word_of_it(text, quote):
    text = text.replace(quote, '') + ' --force'
    assert read_line(f'note Triage@1 {quote}{text}{quote}').args.text == text
    assert read_line(f'alias -m {quote}{text}{quote} Triage@1 prod').args.message == text


parts = st.text(string.ascii_letters + string.digits + "-_.' é日", min_size=1, max_size=8).filter(lambda p: p.strip() == p and not p.startswith("'") and p.strip('.'))


@example('', ['-A'], '/')
@given(st.sampled_from(['', 'C:\\', 'C:/', '\\\\server\\share\\', '/', './', '~/', '..\\']), st.lists(parts, min_size=1, max_size=4), st.sampled_from('/\\'))
def test_a_path_survives_in_quotes_and_without_them_where_it_has_no_blank(drive, names, sign):
    path = drive + sign.join(names) + '.json'
    assert read_line(f'export "{path}" Triage').args.path == path
    if path.startswith('-'): return  # without quotes it is an option
    assert read_line(f'export {spell_text(path)} Triage').args.path == path
    if ' ' not in path: assert read_line(f'export {path} Triage').args.path == path


@given(st.text(signs, min_size=1))
def test_every_text_can_be_spelled_so_that_it_is_read_as_it_is(text):
    (word,) = words_of(f'x{spell_text(text)}')
    assert expand(word.text, {}) == [f'x{text}']


@given(st.text(signs | st.just(' '), min_size=1).filter(str.strip))
def test_the_value_of_a_variable_is_one_word_whatever_stands_in_it(value):
    space = {'MODEL': value}
    for said in ('$MODEL', '{MODEL}', '${MODEL}', '"{MODEL}"'):
        assert read_line(f'show {said}', space).args.name == value
        assert read_line(f'run Triage --lm {said} -o answer', space).args.lm == value
        assert read_line(f'run Triage --lm={said}', space).args.lm == value


@given(st.text(signs | st.just(' ')))
def test_a_text_that_names_no_variable_is_not_touched(text):
    assert fill(text, {}) == text


@given(st.text(signs | st.sampled_from('$ {}"\''), max_size=40))
@settings(max_examples=300)
def test_any_line_is_read_or_refused_in_a_line(line):
    try: read_line(line, {'x': 1})
    except UsageError as e: assert str(e) and e.hint


@pytest.mark.parametrize('verb', VERBS)
@given(line=st.text(signs | st.sampled_from('$ {}"\''), max_size=30))
@settings(max_examples=60)
def test_any_line_of_a_verb_is_read_or_refused_in_a_line(verb, line):
    try: read_line(f'{verb} {line}', {'x': 1})
    except UsageError as e: assert str(e) and e.hint
