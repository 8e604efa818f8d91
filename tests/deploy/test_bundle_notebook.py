"A bundle becomes a notebook: its signatures as cells, and a cell that opens the rest."
from typing import Literal

import dspy
import pytest

from dspy_toolkit.cli.main import DONE, FAILED, main
from dspy_toolkit.deploy.bundle import write_bundle
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.module import read_notebook
from dspy_toolkit.signatures.spec import SignatureSpec
from dspy_toolkit.workspace.convert import list_cells


class Route(dspy.Signature):
    "Route a ticket to a team."
    ticket: str = dspy.InputField()
    team: Literal['zircon', 'basalt'] = dspy.OutputField(desc='who answers')


@pytest.fixture
def registry(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = Registry('sqlite://')
    found.save(Route)
    taught = dspy.ChainOfThought(Route)
    taught.predict.demos = [dspy.Example(ticket='The invoice is wrong', reasoning='money', team='zircon')]
    found.save(taught, 'Taught')
    return found


@pytest.mark.parametrize('name', ['Route', 'Taught'])
def test_the_signature_is_a_cell_and_the_program_opens(name, registry, tmp_path, capsys):
    bundle = write_bundle(name, 'sent', 'mlx/tiny', registry=registry)
    assert main(['convert', 'sent', 'sent.ipynb']) == DONE
    said = capsys.readouterr().out
    assert '1 signature' in said and ('its demos and settings stay in the bundle' in said) == (name == 'Taught')
    notebook = read_notebook((tmp_path/'sent.ipynb').read_text())
    [(cell, _)] = list_cells(notebook)
    assert cell.spec == SignatureSpec.from_dspy(Route)
    space = {}
    exec(notebook.parts[-1].text, space)
    assert space['bundle'] == bundle and type(space['program']) is (dspy.Predict if name == 'Route' else dspy.ChainOfThought) and space['lm'].model == 'mlx/tiny'


def test_a_damaged_bundle_is_named_and_nothing_is_written(registry, tmp_path, capsys):
    write_bundle('Route', 'sent', 'mlx/tiny', registry=registry)
    (tmp_path/'sent'/'lock.json').unlink()
    assert main(['convert', 'sent', 'sent.ipynb']) == FAILED
    assert 'sent: lock.json is missing' in capsys.readouterr().err and not (tmp_path/'sent.ipynb').exists()
