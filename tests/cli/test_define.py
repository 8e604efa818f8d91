"Signatures of files become versions: cells, classes, notebooks and stdin; nothing of a file is run."
import io
import sys

import pytest

from dspy_toolkit.cli.main import USAGE, main
from dspy_toolkit.core import session
from dspy_toolkit.workspace.targets import store

CELLS = '''# two signatures of a shop
%%dspy Signature Triage
"""Route a support email."""
email: str
->
team: Literal["billing", "technical"]

%%dspy Signature Reply
email: str
->
reply: str
'''
CLASSES = '''import dspy, enum
from pathlib import Path
Path('it_ran').touch()

class Team(enum.Enum):
    billing = 'billing'
    technical = 'technical'

class Triage(dspy.Signature):
    """Route a support email."""
    email: str = dspy.InputField()
    team: Team = dspy.OutputField()
'''


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path/'home'))
    session.reset()
    yield tmp_path
    session.reset()


def kept(): return [str(version) for version in store().latest()][::-1]


def test_the_cells_of_a_file_are_versions_and_stay_what_they_are(home):
    (home/'mail.dspy').write_text(CELLS)
    assert main(['define', 'mail.dspy']) == main(['define', 'mail.dspy']) == 0
    assert kept() == ['Triage@1', 'Reply@1']
    assert store().resolve('Triage').origin['cell'].startswith('%%dspy Signature Triage\n') and store().spec('Triage').instructions == 'Route a support email.'


def test_classes_are_read_and_not_run(home):
    (home/'signatures.py').write_text(CLASSES)
    assert main(['define', 'signatures.py']) == 0 and kept() == ['Triage@1'] and not (home/'it_ran').exists()
    assert [*store().load('Triage').output_fields['team'].annotation.__members__] == ['billing', 'technical']


def test_cells_come_from_stdin(monkeypatch):
    monkeypatch.setattr(sys, 'stdin', io.StringIO(CELLS))
    assert main(['define', '-']) == 0 and kept() == ['Triage@1', 'Reply@1']


@pytest.mark.parametrize('name, text, code, said', [
    ('notes.dspy', 'buy milk\n', USAGE, 'notes.dspy has no signature'), ('bad.dspy', '%%dspy Signature T\nemail: strr\n->\nteam: str\n', USAGE, "unknown type 'strr'"),
    ('bad.py', 'class T(dspy.Signature:\n', USAGE, 'bad.py:1:'), ('gone.dspy', None, USAGE, 'gone.dspy cannot be read'), ('mail.txt', CELLS, USAGE, 'mail.txt is of a kind that cannot be read'),
])
def test_a_file_that_cannot_be_read_is_named_and_keeps_nothing(home, name, text, code, said, capsys):
    if text is not None: (home/name).write_text(text)
    assert main(['define', name]) == code and said in capsys.readouterr().err and kept() == []
