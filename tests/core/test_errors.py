"""Errors say what is wrong in one line and what to do in the next, also after a trip through a process pool."""
import copy
import pickle
import traceback

import pytest
from dspy_toolkit.core import errors

EVERY = [
    errors.ToolkitError("a", "b"), errors.SettingsError("a", "b"), errors.InputError("a"), errors.NotRegistered("a", "b"),
    errors.ModelNotAvailable("a"), errors.MissingExtra("a", "b"), errors.CallNotPermitted("fast", "open", 3.0),
    errors.BundleError("here.json", "fields[0]"), errors.SignatureSyntaxError("a", 2, 3, "b", "c", "some text", 9),
    errors.SignatureError("a"), errors.UnsupportedType("a", "b"),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda e: type(e).__name__)
def test_an_error_survives_copying_and_pickling(error):
    for twin in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("error", EVERY, ids=lambda e: type(e).__name__)
def test_a_notebook_shows_the_name_the_message_and_the_hint(error):
    shown = error._render_traceback_()
    assert shown[0] == f"{type(error).__name__}: {error}"
    assert (shown[-1] == f"  → {error.hint}") == bool(error.hint)


@pytest.mark.parametrize(("error", "word"), [
    (errors.SettingsError, ValueError), (errors.InputError, ValueError), (errors.SignatureSyntaxError, ValueError), (errors.BundleError, ValueError),
    (errors.NotRegistered, LookupError), (errors.ModelNotAvailable, LookupError), (errors.MissingExtra, ImportError), (errors.UnsupportedType, TypeError),
])
def test_an_error_is_also_what_python_calls_such_a_mistake(error, word):
    assert issubclass(error, word) and issubclass(error, errors.ToolkitError)


def test_the_mark_stands_under_the_place_whatever_the_width_of_what_is_before_it():
    error = errors.SignatureSyntaxError("m", 1, 4, source="\t漢x = 1", end_column=5)
    assert error._render_traceback_()[1:3] == ["    \t漢x = 1", "    \t   ^"]


def test_require_gives_the_module_or_names_the_extra():
    assert errors.require("json", "dev").loads("1") == 1
    with pytest.raises(errors.MissingExtra, match="no_such_module is not installed") as caught:
        errors.require("no_such_module", "otel")
    assert "dspy_toolkit[otel]" in caught.value.hint


def test_a_hint_is_a_note_of_every_traceback_and_stands_there_once():
    "In plain Python the hint is shown as well (PEP 678); IPython shows its own two lines."
    for error in (errors.InputError('no call 7', 'there are 3'), errors.SignatureSyntaxError('no type', 2, 3, hint='there are 3'), errors.CallNotPermitted('fast', 'open', 2)):
        said = ''.join(traceback.format_exception(error))
        assert said.count(f'  → {error.hint}') == 1
        assert ''.join(error._render_traceback_()).count(error.hint) == 1
        error.add_note('on Tuesday')
        error.hint = 'ask again'
        assert error.__notes__ == ['on Tuesday', '  → ask again']
        error.hint = ''
        assert error.__notes__ == ['on Tuesday']


def test_an_error_that_is_caught_writes_no_note(monkeypatch):
    "A refused call costs more than a permitted one if its hint is written for nobody."
    written = []
    monkeypatch.setattr(errors, 'printable', lambda text, *stream: written.append(text) or text)
    for error in (errors.CallNotPermitted('fast', 'open', 2), errors.ToolkitError('no call 7', 'there are 3')):
        assert str(error) and not written
        assert error.__notes__ == error.__notes__ == [f'  → {error.hint}'] == written
        written.clear()


def test_a_copy_of_an_error_keeps_its_note():
    error = errors.ToolkitError('no call 7', 'there are 3')
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert twin.__notes__ == ['  → there are 3'] and twin.hint == 'there are 3'
        twin.hint = 'ask again'
        assert twin.__notes__ == ['  → ask again']


def test_a_verb_in_a_hint_is_spelled_for_the_door_of_the_reader():
    error = errors.NotRegistered("nothing is registered as 'A'", 'define one with {verb}, or keep one with {verb}', ('Signature A', 'save A'))
    assert error.hint == 'define one with %%dspy Signature A, or keep one with %dspy save A' and error.__notes__ == [f'  → {error.hint}']
    token = errors.door.set('shell')
    try:
        assert error.hint == 'define one with dspy-toolkit Signature A, or keep one with dspy-toolkit define FILE'
        assert error._render_traceback_()[-1] == f'  → {error.hint}'
        assert errors.InputError('no call 7', '{verb} shows them', 'history').__notes__ == ['  → dspy-toolkit history shows them']
    finally: errors.door.reset(token)
    assert pickle.loads(pickle.dumps(error)).hint == error.hint


def test_a_hint_without_a_verb_keeps_its_braces_and_a_later_hint_needs_none():
    error = errors.InputError('a', 'write {verb} or {}')
    assert error.hint == 'write {verb} or {}'
    error = errors.InputError('a', '{verb} helps', 'help')
    error.hint = 'ask again'
    assert error.hint == 'ask again' and error.__notes__ == ['  → ask again']


def test_the_hint_of_a_name_follows_the_door():
    from dspy_toolkit.workspace.lms import check_alias
    with pytest.raises(errors.InputError) as found: check_alias('my model')
    assert found.value.hint.endswith('as in: %dspy lm fast mlx/tiny')
    token = errors.door.set('shell')
    try: assert found.value.hint.endswith('as in: dspy-toolkit lm fast mlx/tiny')
    finally: errors.door.reset(token)
