"Half an answer reads as fields, whatever the layout; a run can be followed and stopped."
import json
import threading
from types import SimpleNamespace

import dspy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dspy_toolkit.core.events import FirstToken, bus
from dspy_toolkit.engine.models import random_model
from dspy_toolkit.commands.drafts import Background, Stopped
from dspy_toolkit.core.draft import Draft, partial_fields
from dspy_toolkit.core.seam import SEAM
from tests.typist import typist, until

values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(st.characters(exclude_categories=['Cs']), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('abc', min_size=1), inner, max_size=3), max_leaves=6)
answers = st.dictionaries(st.from_regex(r'[a-z_]{1,6}', fullmatch=True), values, min_size=1, max_size=4)


def begins(part, whole) -> bool:
    "May `part` be what is there of `whole` while it is written?"
    if isinstance(part, str) and isinstance(whole, str): return whole.startswith(part)
    if isinstance(part, list) and isinstance(whole, list): return len(part) <= len(whole) and all(map(begins, part, whole))
    if isinstance(part, dict) and isinstance(whole, dict):
        return list(part) == list(whole)[:len(part)] and all(begins(v, whole[k]) for k, v in part.items())
    if type(part) is int and type(whole) is int: return str(whole).startswith(str(part))
    return part == whole


@given(answers, st.data(), st.booleans(), st.sampled_from([None, 1]))
def test_any_part_of_a_json_answer_reads_as_the_beginning_of_it(answer, data, ascii, indent):
    text = json.dumps(answer, ensure_ascii=ascii, indent=indent)
    cut = data.draw(st.integers(0, len(text)))
    part = partial_fields(text[:cut])
    assert part is None or begins(part, answer)
    assert partial_fields(text) == answer


@given(st.dictionaries(st.from_regex(r'[a-z_]{1,6}', fullmatch=True), st.text('ab [#]\n', max_size=12), min_size=1, max_size=3), st.data())
def test_any_part_of_a_chat_answer_reads_as_the_beginning_of_it(answer, data):
    text = '\n\n'.join(f'[[ ## {k} ## ]]\n{v}' for k, v in answer.items())
    part = partial_fields(text[:data.draw(st.integers(0, len(text)))])
    assert part is None or begins(part, {k: v.strip() for k, v in answer.items()})


@given(answers, answers, st.data(), st.booleans())
def test_of_an_answer_begun_twice_the_second_beginning_is_shown(first, second, data, chat):
    text = lambda answer: '\n\n'.join(f'[[ ## {k} ## ]]\n{v}' for k, v in answer.items()) if chat else json.dumps(answer)
    part = lambda answer: text(answer)[:data.draw(st.integers(0, len(text(answer))))]
    broken, going_on = part(first), part(second)
    assert partial_fields(SEAM.join([broken, broken, going_on])) == partial_fields(going_on)
    draft = Draft()
    for piece in (broken, SEAM, text(second)): draft.feed(SimpleNamespace(choices=[SimpleNamespace(delta=SimpleNamespace(content=piece), finish_reason=None)]))
    assert draft.fields() == partial_fields(text(second))


def background(lm, program='email -> reasoning, team', adapter=None, **inputs):
    with dspy.context(lm=lm, adapter=adapter or dspy.JSONAdapter()):
        return Background(dspy.Predict(program) if isinstance(program, str) else program, inputs or {'email': 'x'})


ANSWER = '{"reasoning": "It asks for money back.", "team": "billing"}'
CHAT = '[[ ## reasoning ## ]]\nIt asks for money back.\n\n[[ ## team ## ]]\nbilling\n\n[[ ## completed ## ]]'


@pytest.mark.parametrize('answer, adapter', [(ANSWER, dspy.JSONAdapter()), (CHAT, dspy.ChatAdapter())], ids=['json', 'chat'])
def test_fields_can_be_read_while_they_are_written(answer, adapter):
    reached = threading.Event()
    job = background(typist(answer, pace=until('money', reached.set)), adapter=adapter).start()
    assert reached.wait(30)
    while not job.draft.fields(): assert not job.done(0.01)
    assert 'It asks for'.startswith(job.draft.fields()['reasoning'].strip()) and 'team' not in job.draft.fields()
    job.stop()


def test_a_stream_that_nobody_reads_on_is_dropped():
    reached = threading.Event()
    lm = typist(ANSWER, pace=until('money', reached.set))
    job = background(lm).start()
    assert reached.wait(30)
    job.stop()
    assert job.done(0) and job.prediction is None


def test_a_second_answer_starts_the_draft_over():
    class Twice(dspy.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = dspy.Predict('email -> reasoning, team'), dspy.Predict('email -> reasoning, team')

        def forward(self, email):
            self.first(email=email)
            return self.second(email=email)
    reached = threading.Event()
    job = background(typist('{"reasoning": "Old.", "team": "old"}', ANSWER, pace=until('money', reached.set)), Twice()).start()
    assert reached.wait(30)
    while 'asks' not in str(job.draft.fields()): assert not job.done(0.01)
    assert 'Old' not in str(job.draft.fields()) and 'team' not in job.draft.fields()
    job.stop()


def test_an_error_keeps_its_cause():
    def fail(word): raise dspy.lm15.AuthError('the key is not valid')
    job = background(typist(ANSWER, pace=fail)).start()
    assert job.done(30)
    with pytest.raises(dspy.LMError, match='the key is not valid') as caught: job.result()
    assert isinstance(caught.value.__cause__, dspy.lm15.AuthError)


def test_the_context_of_the_caller_is_carried_along():
    class Look(dspy.Module):
        def forward(self, email): return dspy.Prediction(seen=dspy.settings.max_errors)
    with dspy.context(lm=typist(ANSWER), max_errors=77): job = Background(Look(), {'email': 'x'})
    job.start().done(30)
    assert job.result().seen == 77


def test_what_carries_no_text_is_ignored():
    draft = Draft()
    draft.feed(object())
    assert (draft.text, draft.fields()) == ('', {})


# --- the real engine


@pytest.fixture(scope='module')
def endless(tmp_path_factory):
    "A model of random weights: it writes as long as it may."
    return f"mlx/{random_model(tmp_path_factory.mktemp('model')/'endless', hidden=128, layers=2)}"


def test_an_interrupt_stops_the_model_keeps_the_text_and_leaves_it_ready(triage, endless):
    import _thread
    adapter = 'GrammarAdapter(layout="json")'  # behind this prompt its noise goes on for long
    triage(f'import dspy; from dspy_toolkit import GrammarAdapter, lm; dspy.configure(lm=lm("{endless}", max_tokens=1500, cache=False), adapter={adapter})')
    triage('%%dspy Signature Story\ntopic: str\n->\nstory: list[str]\nend: bool')
    timer = threading.Timer(0.3, _thread.interrupt_main)
    unsubscribe = bus.subscribe(lambda event: timer.start(), FirstToken)
    try: result = triage('%%dspy run Story\ntopic = "rain"')
    finally:
        unsubscribe()
        timer.cancel()  # an interrupt that comes too late would end the test run
    assert isinstance(result.error, Stopped), result.shown
    assert result.error.view.values['story'] and 'end' not in result.error.view.values
    assert triage('%%dspy run Triage\nemail = "x"').result.team in ('billing', 'technical', 'sales')


def test_a_prompt_that_is_too_long_is_told_in_two_lines(triage, endless):
    triage(f'import dspy; from dspy_toolkit import lm; dspy.configure(lm=lm("{endless}"))')
    result = triage('%%dspy run Triage\nemail = "word " * 9000')
    assert isinstance(result.error, dspy.ContextWindowExceededError)
    assert len(result.shown.strip().splitlines()) == 2 and 'Traceback' not in result.shown and '→' in result.shown, result.shown


def test_a_model_that_cannot_be_downloaded_is_told_in_two_lines(triage):
    for cell in ('%%dspy run Triage --lm mlx/nobody/nothing\nemail = "x"', '%dspy lm fast mlx-community/Nothing-4bit'):
        shown = triage(cell).shown.strip()
        assert 'could not be downloaded' in shown and len(shown.splitlines()) == 2 and 'Traceback' not in shown


# --- agents, and one cell after another

AGENT = ['{"next_thought": "I have to look it up.", "next_tool_name": "look_up", "next_tool_args": {"word": "oslo"}}',
         '{"next_thought": "Now I know.", "next_tool_name": "finish", "next_tool_args": {}}', '{"reasoning": "The tool said so.", "answer": "a city"}']


def agent():
    def look_up(word: str) -> str:
        "Look a word up."
        return 'a city in Norway'
    return dspy.ReAct('question -> answer', tools=[look_up])


def test_the_steps_of_an_agent_show_while_it_takes_them_and_its_answer_at_the_end(monkeypatch):
    from dspy_toolkit.commands.programs import run
    from dspy_toolkit.commands.drafts import Background
    from dspy_toolkit.jupyter.stream import Streamed
    seen, update = [], Background.update

    def watched(job, view, seconds):
        update(job, view, seconds)
        seen.append((dict(view.steps), dict(view.values), str(view)))
    monkeypatch.setattr(Background, 'update', watched)
    lm = typist(*AGENT, pace=lambda word: threading.Event().wait(0.03))
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter()): view = run(agent(), {'question': 'what is Oslo?'}, call=Streamed())
    thoughts = [steps.get('next_thought') for steps, _, _ in seen if steps]
    assert 'I have to look it up.' in thoughts and 'Now I know.' in thoughts and any('next_tool_name' in text for _, _, text in seen)
    assert all(not (set(values) & {'next_thought', 'next_tool_name'}) for _, values, _ in seen)
    assert view.values['answer'] == 'a city' and view.steps == {} and 'next_thought' not in str(view).split('trajectory')[0]
    assert '<details' in view.html() and 'a city in Norway' in view.html()


def test_a_stopped_agent_keeps_the_step_it_was_at():
    from dspy_toolkit.commands.programs import run
    from dspy_toolkit.jupyter.stream import Streamed
    import _thread
    lm = typist(*AGENT, pace=until('look', lambda: threading.Timer(0.2, _thread.interrupt_main).start()))
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter()), pytest.raises(Stopped) as stopped: run(agent(), {'question': 'x'}, call=Streamed())
    view = stopped.value.view
    assert view.state == 'stopped' and view.steps['next_thought'].startswith('I have to') and 'I have to' in str(view)


def test_many_cells_in_a_row_and_a_cell_that_is_run_again_each_show_their_own(triage):
    numbers = [f'{{"team": "{team}", "needs_human": true}}' for team in ('billing', 'technical', 'sales') * 4]
    dspy.configure(lm=typist(*numbers), adapter=dspy.JSONAdapter())
    shown = [triage(f'%%dspy run Triage\nemail = "{n % 2}"').shown for n in range(12)]
    assert [next(t for t in ('billing', 'technical', 'sales') if t in s) for s in shown] == ['billing', 'technical', 'sales'] * 4
    assert all(s.count('needs_human') == 1 for s in shown)
    assert not [t for t in threading.enumerate() if t.name == 'dspy_toolkit run' and t.is_alive()]


def test_a_measured_decision_is_answered_though_dspy_cannot_stream_it(shell):
    "On the built-in model: a decision is measured, not written."
    shell('import dspy; from dspy.experimental import Noul')
    result = shell('%%dspy Signature Urgent\nemail: str\n->\nurgent: dspy.experimental.Noul  # must somebody look now?\n---\nemail = "The server is down, help!"')
    assert result.success and isinstance(result.result.urgent, dspy.experimental.Noul), result.shown


def test_what_dspy_refuses_is_told_in_two_lines(shell):
    shell('import dspy; from dspy.experimental import Noul')
    result = shell('%%dspy Signature Urgent\nemail: str\n->\nurgent: dspy.experimental.Noul\n---\nemail = "x"')
    lines = result.shown.strip().splitlines()
    assert 'requires an OutputField(desc=...)' in result.shown and '--traceback' in lines[-1] and 'Traceback' not in result.shown
