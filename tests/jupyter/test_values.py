"What stands below the line is a person's data: it is used, and kept nowhere."
import itertools
import string
from pathlib import Path

import dspy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dspy_toolkit.signatures.source import parse_cell
from tests.typist import typist

ANSWER = '{"team": "billing", "urgent": true}'
SECRET = 'zq4929zq'  # what no value that is kept holds
_number = itertools.count()

FORMS = {
    'fields': '{docstring}email: str  # as received\nnote: str = "none"\n->\nteam: str\nurgent: bool  # now',
    'one line': '{docstring}email: str, note: str -> team: str, urgent: bool',
    'class body': '{docstring}email: str = dspy.InputField()\nnote: str = dspy.InputField(desc="a --- b")\nteam: str = dspy.OutputField()\nurgent: bool = dspy.OutputField()',
    'class': 'class T(dspy.Signature):\n    """Route it.\n    ---\n    """\n    email: str = dspy.InputField()\n    note: str = dspy.InputField()\n    team: str = dspy.OutputField()\n    urgent: bool = dspy.OutputField()',
}
DOCSTRINGS = ['', '"""Route it.\n---\nNow."""\n', "'''\n--- # not a line\n\n'''\n", '"Route it --- now."\n', 'r"""\n---\nemail = 1\n---"""\n']
LINES = ['---', '----', '---  # try it', '  ---', '---\t', '\t--- # a --- b', '---#x', '---------   #', '--- # email = "no"']
VALUES = ['"{}"', "'''{}\n---\n{}'''", '["{}",\n  "---",  # {}\n][0]', '"a --- " + "{}"', 'str("""\n--- # {}\n""")', '"{}"  # {}']


def stored(registry) -> bytes:
    "Every byte the registry has on disk, and what it would give away."
    database = Path(registry.database.url.database)
    exported = database.with_suffix('.json')
    registry.export(path=exported)
    return b''.join(path.read_bytes() for path in database.parent.iterdir() if path.name.startswith('registry'))


@st.composite
def cells(draw):
    "A cell with values, as (text above the line, line, text below it)."
    form = draw(st.sampled_from(list(FORMS)))
    above = FORMS[form].format(docstring=draw(st.sampled_from(DOCSTRINGS)))
    names = draw(st.permutations(['email', 'note']))
    below = '\n'.join(f'{name} = ' + draw(st.sampled_from(VALUES)).replace('{}', SECRET + draw(st.text(string.ascii_letters, max_size=3))) for name in names)
    above += draw(st.sampled_from(['', '  # the last', '\n', '\n\n# a comment on its own\n']))
    return above, draw(st.sampled_from(LINES)), below + draw(st.sampled_from(['', '\n', f'\n# {SECRET}\n']))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells(), st.sampled_from(['\n', '\r\n']), st.booleans())
def test_no_value_of_an_input_occurs_in_anything_stored(shell, registry, cell, newline, run):
    "Whatever the form of the cell, and whatever the line and the docstring look like."
    import dspy_toolkit.registry.share  # noqa: F401
    dspy.configure(lm=typist(ANSWER), adapter=dspy.JSONAdapter())
    name = f'T{next(_number)}'
    text = '\n'.join(cell).replace('\n', newline)
    result = shell(f'%%dspy Signature {name}{" --no-run" * (not run)}\n{text}')
    assert result.success, result.shown
    kept = registry.resolve(name).origin['cell']
    assert parse_cell(kept, namespace={}).spec == registry.spec(name)  # all of the definition is kept
    assert SECRET.encode() not in stored(registry)


@pytest.mark.parametrize('line', LINES)
def test_the_cell_is_kept_as_far_as_its_last_field(shell, registry, line):
    shell(f'%%dspy Signature T --no-run\n"""Route it.\n---\n"""\nemail: str\n->\nteam: str  # who\n{line}\nemail = "{SECRET}"')
    assert registry.resolve('T').origin['cell'] == '%%dspy Signature T\n"""Route it.\n---\n"""\nemail: str\n->\nteam: str  # who'


def test_values_that_are_commented_out_with_their_line_are_not_kept(shell, registry):
    shell(f'%%dspy Signature T\n# for the desk\nemail: str\n->\nteam: str\n# ---\n# email = "{SECRET}"')
    assert registry.resolve('T').origin['cell'] == '%%dspy Signature T\n# for the desk\nemail: str\n->\nteam: str'
