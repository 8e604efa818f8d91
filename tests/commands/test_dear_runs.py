"What a line says of a dear run before it begins, and of a package that it would need."
import sys
from typing import Literal

import dspy
import pytest
from dspy.lm15 import Message, Response, Usage

from dspy_toolkit.commands import cost as cost_verb
from dspy_toolkit.commands.evaluate import evaluate
from dspy_toolkit.commands.optimize import optimize
from dspy_toolkit.core.errors import MissingExtra
from dspy_toolkit.core.session import reset
from dspy_toolkit.programs.estimate import ASK_ABOVE, CostNotConfirmed, Estimate
from dspy_toolkit.programs.runs import list_runs
from dspy_toolkit.views.cost import EstimateView
from dspy_toolkit.workspace.lms import names


class Kind(dspy.Signature):
    "Say what kind of number it is."
    number: int = dspy.InputField()
    kind: Literal['even', 'odd'] = dspy.OutputField()


class Silent:
    "An engine that must not be asked."
    def complete(self, request): raise AssertionError('it was asked')


class Even:
    "An engine that says the same to all."
    def complete(self, request):
        said = Message.assistant('{"kind": "even"}')
        return Response(id='1', model=request.model, message=said, finish_reason='stop', usage=Usage(input_tokens=9, output_tokens=3))


notebook = dict(Kind=Kind, devset=[dict(number=n, kind='odd' if n % 2 else 'even') for n in range(20)])


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    reset()
    names['far'] = dspy.LM('far/away', engine=Silent(), num_retries=0)
    yield
    reset()


def test_text_of_people_is_escaped_in_an_estimate():
    evil = '<img src=x onerror=alert(1)>'
    shown = EstimateView(f'evaluate {evil}', Estimate(1, 2, 3, model=evil, basis=dict(calls=evil))).html()
    assert '<img' not in shown and shown.count('&lt;img') >= 3


def test_the_line_cost_estimates_and_asks_nothing():
    view = cost_verb.cost('Kind', notebook, on='devset', lm='far')
    assert view.to_json()['calls'] == 20 and view.to_json()['money'] is None and 'not known' in view.html()
    view = cost_verb.cost('Kind', notebook, on='devset', lm='far', with_='mipro')
    assert view.to_json()['calls'] > 100 and 'the formula for mipro' in view.to_json()['basis']['calls']
    assert not list_runs()


@pytest.mark.parametrize('run', [
    lambda **more: evaluate('Kind', notebook, on='devset', lm='far', **more),
    lambda **more: optimize('Kind', notebook, on='devset', lm='far', with_='random_search', **more)], ids=['evaluate', 'optimize'])
def test_a_dear_run_is_asked_about_in_one_line_before_anything_is_asked_or_kept(run, monkeypatch):
    monkeypatch.setitem(ASK_ABOVE, 'calls', 10)
    with pytest.raises(CostNotConfirmed, match='this run needs about .* calls to far/away') as e: run()
    assert '--yes' in e.value.hint and '\n' not in str(e.value) and not list_runs()


def test_ray_that_is_not_installed_is_said_in_one_line_and_leaves_no_run(monkeypatch):
    monkeypatch.setitem(sys.modules, 'ray', None)
    with pytest.raises(MissingExtra, match='^ray is not installed') as e: evaluate('Kind', notebook, on='devset', lm='far', where='ray')
    assert "dspy_toolkit[ray]" in e.value.hint and not list_runs()


def test_mipro_without_optuna_names_the_extra_and_leaves_no_run(monkeypatch):
    monkeypatch.setitem(sys.modules, 'optuna', None)
    with pytest.raises(MissingExtra, match='^optuna is not installed') as e: optimize('Kind', notebook, on='devset', lm='far', with_='mipro')
    assert "dspy_toolkit[optimize]" in e.value.hint and not list_runs()


def test_an_optimisation_out_of_budget_says_once_how_to_go_on_with_a_larger_one():
    names['far'] = dspy.LM('far/away', engine=Even(), num_retries=0)
    view = optimize('Kind', notebook, on='devset', lm='far', with_='random_search', budget='12 calls')
    (line,) = [line for line in view.remarks if 'resume' in line]
    assert view.state == 'stopped' and "12 calls is used up" in line and "--budget '24 calls'" in line
