"Python text is parsed on many threads at a time."
import ast
import gc
import random
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from dspy_toolkit.core import syntax
from dspy_toolkit.signatures.source import parse_expression


@pytest.fixture
def interrupted():
    "Threads take turns, and garbage is collected, as often as can be: before Python 3.11.8, `ast.parse` then loses count in some calls."
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


class Node:
    "In a circle with itself, and slow to collect, so that another thread may take over in the middle of a tree."
    def __init__(self): self.itself = self
    def __del__(self): sum(range(50))


def test_an_expression_that_is_right_is_read_on_every_thread(interrupted):
    def work(_):
        for _ in range(1200):
            Node()
            parse_expression('list[dict[str, int]], Field(examples=[[{"a": 1}]], min_length=2)')
    with ThreadPoolExecutor(8) as pool: list(pool.map(work, range(8)))


def test_what_python_says_of_a_wrong_text_comes_out_at_once(monkeypatch):
    tried, parse = [], ast.parse
    monkeypatch.setattr(syntax.ast, 'parse', lambda text, **options: tried.append(text) or parse(text, **options))
    with pytest.raises(SyntaxError): syntax.parse_python('1 +', 'eval')
    with pytest.raises((SyntaxError, ValueError)): syntax.parse_python('1\0')
    assert len(tried) == 2


def test_a_miscount_is_parsed_again(monkeypatch):
    parse, odds = ast.parse, random.Random(3)

    def miscount(text, **options):
        if odds.random() < 0.5: raise SystemError('AST constructor recursion depth mismatch (before=21, after=18)')
        return parse(text, **options)
    monkeypatch.setattr(syntax.ast, 'parse', miscount)
    assert [ast.unparse(syntax.parse_python(f'x = {n}')) for n in range(50)] == [f'x = {n}' for n in range(50)]
