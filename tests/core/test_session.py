"One owner of what is on for the whole process."
import sys

import pytest

from dspy_toolkit.core import session


@pytest.fixture
def owned(monkeypatch):
    "Nothing is owned but what the test registers."
    monkeypatch.setattr(session, '_resets', {})


def test_the_latest_goes_first_and_an_error_hinders_no_other(owned):
    done = []
    def fail(): raise RuntimeError('no')
    session.own('a', lambda: done.append('a'))
    session.own('b', fail)
    session.own('c', lambda: done.append('c'))
    with pytest.raises(RuntimeError, match='no'): session.reset()
    assert done == ['c', 'a'] and session.list_owned() == ['a', 'b', 'c']


def test_a_part_that_is_imported_again_is_owned_once(owned):
    session.own('a', list)
    session.own('a', dict)
    assert session.list_owned() == ['a'] and session._resets['a'] is dict


def test_the_owner_imports_no_part():
    "A part that was never imported has nothing to reset."
    assert {name for name in vars(sys.modules['dspy_toolkit.core.session']) if not name.startswith('_')} == {'Callable', 'own', 'list_owned', 'reset'}
