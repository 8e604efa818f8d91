"A tool call ends where it ends: an argument may hold any text, the mark of its end too."
import ast
import importlib
import json
import random

import pytest
from hypothesis import given, strategies as st

from dspy_toolkit.engine.tools import Abilities, CallReader

TOOLS = tuple({'name': name, 'description': '', 'parameters': {'type': 'object', 'properties': {'text': {'type': 'string'}}}} for name in ('look', 'other'))


def spelt(kind, name, text):
    "A call as a model of some family writes it, between its marks."
    quoted = json.dumps(text, ensure_ascii=False)
    return {'json_tools': f'\n{{"name": "{name}", "arguments": {{"text": {quoted}}}}}\n', 'longcat': f'{{"name": "{name}", "arguments": {{"text": {quoted}}}}}',
            'qwen3_coder': f'\n<function={name}>\n<parameter=text>\n{text}\n</parameter>\n</function>', 'glm47': f'{name}\n<arg_key>text</arg_key>\n<arg_value>{text}</arg_value>',
            'minimax_m2': f'<invoke name="{name}"><parameter name="text">{text}</parameter></invoke>', 'gemma4': f'call:{name}{{text:<|"|>{text}<|"|>}}',
            'function_gemma': f'call:{name}{{text:<escape>{text}<escape>}}', 'pythonic': f'[{name}(text={quoted})]',
            'kimi_k2': f'<|tool_call_begin|>functions.{name}:0<|tool_call_argument_begin|>{{"text": {quoted}}}<|tool_call_end|>',
            'kimi_k3': f'<|open|>call tool="{name}"<|sep|><|open|>argument key="text" type="string"<|sep|>{text}<|close|>argument<|sep|><|close|>call<|sep|>',
            'muse_spark': f'<atem:invoke name="{name}"><atem:parameter name="text">{text}</atem:parameter></atem:invoke>',
            'minicpm5': f'"{name}"><param name="text"><![CDATA[{text}]]></param>'}[kind]


FAMILIES = 'json_tools', 'longcat', 'qwen3_coder', 'glm47', 'minimax_m2', 'gemma4', 'function_gemma', 'pythonic', 'kimi_k2', 'kimi_k3', 'muse_spark', 'minicpm5'


def able(kind):
    module = importlib.import_module(f'mlx_lm.tool_parsers.{kind}')
    return Abilities(parser=module.parse_tool_call, begin=module.tool_call_start, end=module.tool_call_end)


def read(can, *pieces, last=True):
    reader, parts = CallReader(can, TOOLS), []
    for piece in pieces: parts += reader.feed(piece)
    parts += reader.feed('', last=True) if last else []
    found = []
    for part in parts:
        part = part if isinstance(part, str) else (part.name, part.input)
        if isinstance(part, str) and found and isinstance(found[-1], str): found[-1] += part
        else: found.append(part)
    return found


def cut(text, seed):
    rng, pieces = random.Random(seed), []
    while text:
        n = rng.randint(1, rng.choice((1, 3, 30)))
        pieces, text = [*pieces, text[:n]], text[n:]
    return pieces


def texts_of(kind, can):
    "Texts that a family can write."
    found = [f'a {can.end} b', f'{can.end}{can.begin}', f'{can.begin}x{can.end}', f'{can.end}{can.end}', 'plain']
    if kind in ('json_tools', 'longcat', 'pythonic', 'kimi_k2'): found += [f'say "{can.end}" \\', f'\\"{can.end}\n']
    return found


@pytest.mark.parametrize('kind', FAMILIES)
def test_the_end_mark_in_an_argument_does_not_end_the_call(kind):
    can = able(kind)
    for text in texts_of(kind, can):
        whole = f"So: {can.begin}{spelt(kind, 'look', text)}{can.end}\n{can.begin}{spelt(kind, 'other', 'x')}{can.end}"
        expected = ['So:', ('look', {'text': text}), ('other', {'text': 'x'})]
        assert read(can, whole) == expected
        for seed in range(6): assert read(can, *cut(whole, seed)) == expected


@pytest.mark.parametrize('kind', FAMILIES)
def test_a_call_is_told_as_soon_as_it_is_whole(kind):
    can = able(kind)
    assert read(can, f"{can.begin}{spelt(kind, 'look', can.end)}{can.end}", last=False) == [('look', {'text': can.end})]


@pytest.mark.parametrize('kind', FAMILIES)
@given(data=st.data())
def test_in_pieces_of_any_lengths_a_text_is_read_as_in_one(kind, data):
    "Calls, broken calls, marks and half marks in any order."
    can = able(kind)
    bits = st.sampled_from([can.begin, can.end, can.begin[:3], can.end[-3:], 'x', ' ', '"', '{', '"}', '\n', spelt(kind, 'look', f'a{can.end}'), spelt(kind, 'look', 'b'),
                            f"{can.begin}{spelt(kind, 'other', f'{can.end}c')}{can.end}"])
    text = ''.join(data.draw(st.lists(bits, max_size=8)))
    sizes = data.draw(st.lists(st.integers(1, 25), max_size=30))
    pieces, rest = [], text
    for size in sizes: pieces, rest = [*pieces, rest[:size]], rest[size:]
    assert read(can, *pieces, rest) == read(can, text)


@given(st.lists(st.sampled_from(['<tool_call>', '</tool_call>', 'x', '"', '{"name": "look"', '\n', ', "arguments": {}}']), max_size=10).map(''.join))
def test_what_is_no_call_is_lost_nowhere(text):
    "Space beside a call is all that may be missing."
    shown = ''.join(part if isinstance(part, str) else '<tool_call>{"name": "look", "arguments": {}}</tool_call>' for part in read(able('json_tools'), text))
    assert ''.join(shown.split()).replace('"look","arguments"', '"look", "arguments"').replace(' ', '') == ''.join(text.split())


def test_a_broken_call_takes_no_other_call_with_it():
    can = able('json_tools')
    good = '<tool_call>{"name": "look", "arguments": {"text": "x"}}</tool_call>'
    for broken in ('<tool_call>{"name": "look"</tool_call>', '<tool_call>junk</tool_call>', '<tool_call>{"name": "look", "arguments": {"text": "5" long"}}</tool_call>'):
        assert read(can, broken + good) == [broken, ('look', {'text': 'x'})]


@pytest.mark.parametrize('parser', [lambda text, tools: ast.literal_eval(text.strip()), lambda text, tools: json.loads(text.removeprefix('CALL ').removesuffix(' DONE'))])
def test_a_parser_nobody_knows_is_asked_at_each_end_mark(parser):
    can, call = Abilities(parser=parser, begin='[[', end=']]'), {'name': 'look', 'arguments': {'text': 'a ]] b'}}
    text = repr(call) if parser.__code__.co_names[0] == 'ast' else f'CALL {json.dumps(call)} DONE'
    for pieces in ([f'[[{text}]] and'], [*f'[[{text}]] and']): assert read(can, *pieces) == [('look', {'text': 'a ]] b'}), ' and']
    assert read(can, '[[ no ]] call [[ at ]] all') == ['[[ no ]] call [[ at ]] all']


@pytest.mark.parametrize('name', ['get.weather', 'a-b', 'größe', 'x/y', '</tool_call>', '"q"'])
def test_a_tool_may_have_any_name_that_json_can_write(name):
    call = json.dumps({'name': name, 'arguments': {}}, ensure_ascii=False)
    assert read(able('json_tools'), f'<tool_call>{call}</tool_call>') == [(name, {})]
