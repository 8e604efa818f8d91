"Training an adapter: it learns from what it is asked later, it can end at any moment and go on exactly, and the base model stays what it was."
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import dspy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dspy_toolkit
from dspy_toolkit.commands.finetune import finetune as verb
from dspy_toolkit.core.cancel import CancelScope
from dspy_toolkit.core.errors import InputError, ModelNotAvailable
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.engine.adapter import GrammarAdapter, GrammarChatAdapter
from dspy_toolkit.engine.hub import TINY, find
from dspy_toolkit.engine.layout import fit_adapter
from dspy_toolkit.engine.lora import LoraSettings, TokenRow, TrainingError, choose_rows, encode_row, make_batch
from dspy_toolkit.engine.models import random_model
from dspy_toolkit.engine.prompt import chat_tokens
from dspy_toolkit.engine.trainer import STATE, write_plan
from dspy_toolkit.engine.training import OutOfMemory, Training
from dspy_toolkit.engine.tuned import find_tuned_folder
from dspy_toolkit.programs.data import Dataset
from dspy_toolkit.programs.estimate import CostNotConfirmed
from dspy_toolkit.programs.finetune import estimate_finetuning, finetune, make_conversations, read_plan_of
from dspy_toolkit.programs.runs import create_run, find_run, list_runs
from dspy_toolkit.workspace import lms


class Route(dspy.Signature):
    "Route a ticket to a team."
    ticket: str = dspy.InputField()
    team: Literal['zircon', 'basalt'] = dspy.OutputField()


class Order(dspy.Signature):
    "Read an order."
    text: str = dspy.InputField()
    urgent: bool = dspy.InputField()
    items: list[str] = dspy.OutputField(desc='what is ordered')
    count: int = dspy.OutputField()
    note: str = dspy.OutputField()


TEXTS = {'zircon': ['The invoice is wrong', 'I was charged twice', 'Please refund me'], 'basalt': ['The app crashes', 'I see an error', 'The screen is black']}
TRAINSET = [dict(ticket=f'{text}. {n}', team=team) for n in range(4) for team, texts in TEXTS.items() for text in texts]
SPACE = {'Route': Route, 't': TRAINSET}


@pytest.fixture(scope='module')
def noise(tmp_path_factory):
    "A small model with random weights."
    return random_model(tmp_path_factory.mktemp('models')/'noise', hidden=32, layers=1)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path/'home'))
    reset_settings()
    yield tmp_path/'home'
    reset_settings()


def rows(n=12, start=2): return [TokenRow([7, 8, 9 + i % 3, 20 + i % 5, 1], start) for i in range(n)]


def plan(folder, noise, held_out=(), **settings):
    "A short training on a model with random weights."
    usual = dict(steps=8, every=2, batch_size=4, learning_rate=0.02)
    write_plan(folder, noise, LoraSettings(**usual | settings), rows(), held_out)
    return Training(folder)


# --- training and serving see the same tokens


@pytest.mark.parametrize('adapter', [GrammarAdapter(), GrammarChatAdapter(), dspy.ChatAdapter()])
@pytest.mark.parametrize('signature, row', [
    (Route, dict(ticket='The <|end|> of “all”\n  things', team='basalt')),
    (Order, dict(text='Two {"pens"}!', urgent=True, items=['red pen', 'ünïcode "quoted"'], count=2, note='')),
])
def test_the_prompt_that_is_learnt_is_the_prompt_that_is_asked(adapter, signature, row, monkeypatch):
    program = dspy.Predict(signature)
    program.demos = [dspy.Example(**row)]
    lm, seen = dspy_toolkit.lm('mlx/tiny', cache=False, max_tokens=40), []
    submit = lm.engine.worker.submit
    monkeypatch.setattr(lm.engine.worker, 'submit', lambda asked, *more: seen.append(asked.messages) or submit(asked, *more))
    inputs = {name: row[name] for name in signature.input_fields}
    with dspy.context(lm=lm, adapter=adapter):
        try: program(**inputs)
        except dspy.utils.exceptions.AdapterParseError: pass  # it may well be cut
    [conversation], chat = make_conversations(program, Dataset('rows', [row]), fit_adapter(adapter, lm)), chat_tokens(str(TINY))
    learnt = encode_row(chat, conversation)
    assert learnt.tokens[:learnt.start] == chat.tokens(seen[0])
    assert find('mlx/tiny').layout == 'short'
    answer = chat.tokenizer.decode(learnt.tokens[learnt.start:-1])
    assert learnt.tokens[-1] in chat.tokenizer.eos_token_ids
    assert dict(adapter.parse(signature, answer)) == {name: row[name] for name in signature.output_fields}


def test_a_row_that_cannot_be_learnt_from_is_named():
    ask = GrammarAdapter()
    with pytest.raises(InputError, match='row 2 has no team'): make_conversations(dspy.Predict(Route), Dataset('x', [*TRAINSET[:1], dict(ticket='x')]), ask)
    from dspy.experimental import Noul
    measured = dspy.Predict('ticket -> urgent: Noul', custom_types={'Noul': Noul})
    with pytest.raises(InputError, match='measured, not written'): make_conversations(measured, Dataset('x', [dict(ticket='x', urgent=True)]), ask)


# --- laws of the steps


@given(st.lists(st.integers(1, 90), min_size=1, max_size=30), st.integers(1, 9), st.integers(0, 5), st.integers(0, 3))
def test_each_pass_takes_every_row_once(lengths, size, seed, epoch):
    steps = -(-len(lengths) // size)
    taken = [row for step in range(steps) for row in choose_rows(tuple(lengths), size, seed, epoch * steps + step)]
    assert sorted(taken) == list(range(len(lengths)))


@given(st.lists(st.tuples(st.lists(st.integers(1, 99), min_size=1, max_size=9), st.lists(st.integers(1, 99), min_size=1, max_size=9)), min_size=1, max_size=5))
def test_the_loss_counts_exactly_the_answers(pairs):
    batch = [TokenRow(prompt + answer, len(prompt)) for prompt, answer in pairs]
    tokens, places, wanted = make_batch(batch)
    whole = [row.tokens for row in batch]
    width = tokens.shape[1]
    assert wanted.tolist() == [token for _, answer in pairs for token in answer]
    for place, token in zip(places.tolist(), wanted.tolist()):
        row, at = divmod(place, width)
        assert whole[row][at] == tokens[row, at] and whole[row][at + 1] == token


# --- a training that ends early


@pytest.fixture(scope='module')
def whole(noise, tmp_path_factory):
    "A training that nothing interrupts; at each step another process is asked to begin the same."
    folder, refused = tmp_path_factory.mktemp('whole'), []
    def begin_another(step, loss, held_out):
        if loss is None: return
        with pytest.raises(InputError) as caught: Training(folder).run()
        refused.append(caught.value)
    return SimpleNamespace(folder=folder, trained=plan(folder, noise, rows(4)).run(begin_another), refused=refused)


def test_a_killed_training_is_an_error_and_goes_on_to_the_same_result(whole, noise, tmp_path):
    folder, whole = whole.folder, whole.trained
    training = plan(tmp_path/'killed', noise, rows(4))
    def kill(step, loss, held_out):
        if step == 5: os.kill(training.pid, signal.SIGKILL)
    with pytest.raises(TrainingError, match='was killed by signal 9') as caught: training.run(kill)
    assert 'step 4 is saved' in caught.value.hint and not training.trained.state == 'done'
    heard = []
    resumed = Training(tmp_path/'killed').run(lambda *step: heard.append(step))
    assert (resumed.losses, resumed.held_out, resumed.best_step) == (whole.losses, whole.held_out, whole.best_step)
    assert len(resumed.step_seconds) == 4  # steps 5 to 8; the others are told again
    assert [step for step, loss, _ in heard if loss is not None] == list(range(1, 9))
    assert (folder/'adapters.safetensors').read_bytes() == (tmp_path/'killed'/'adapters.safetensors').read_bytes()
    assert whole.losses[-1] < whole.losses[0]


def test_a_cancelled_training_ends_within_two_steps_and_keeps_them(noise, tmp_path):
    long = [TokenRow([7, 8, *(9 + (i + j) % 40 for j in range(200)), 1], 2) for i in range(8)]  # a step takes longer than a message
    write_plan(tmp_path/'run', noise, LoraSettings(steps=5000, every=5000, batch_size=8), long)
    training, scope = Training(tmp_path/'run'), CancelScope()
    def cancel(step, loss, held_out):
        if step == 3: scope.cancel()
    with scope: trained = training.run(cancel)
    assert trained.state == 'stopped' and trained.saved == trained.steps and 3 <= trained.steps <= 3 + 2
    assert not [thread for thread in threading.enumerate() if 'training' in thread.name]


def test_the_held_out_loss_ends_a_training_that_learns_by_heart(noise, tmp_path):
    other = [TokenRow([7, 8, 9 + i % 3, 90 + i, 1], 2) for i in range(4)]  # answers that the rows do not have
    training = plan(tmp_path/'run', noise, other, steps=400, patience=2)
    trained = training.run()
    best = min(loss for _, loss in trained.held_out)
    assert trained.stopped_early and trained.steps < 400 and dict(trained.held_out)[trained.best_step] == best
    assert trained.steps == trained.best_step + 4  # two measurements, of two steps each


def test_a_full_disk_is_an_error_and_the_training_goes_on_when_there_is_room(noise, tmp_path):
    training = plan(tmp_path/'run', noise)
    had = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, had[1]))  # the child has it too
    try:
        with pytest.raises(TrainingError, match='could not be saved') as caught: training.run()
    finally: resource.setrlimit(resource.RLIMIT_FSIZE, had)
    assert 'make room on the disk' in caught.value.hint and not list((tmp_path/'run').glob('*.new'))
    assert Training(tmp_path/'run').run().state == 'done'


def test_a_training_that_gets_no_memory_is_an_error_of_its_own(noise, tmp_path):
    batch = [TokenRow([7] * 2_000_000, 5), *rows(127)]  # together a gigabyte of numbers
    write_plan(tmp_path/'run', noise, LoraSettings(steps=2, batch_size=128), batch)
    with pytest.raises(OutOfMemory, match='ran out of memory') as caught: Training(tmp_path/'run', memory_limit=800_000_000).run()
    assert 'smaller batch_size' in caught.value.hint


def test_the_child_ends_with_its_parent(noise, tmp_path):
    plan(tmp_path/'run', noise, steps=100_000)
    code = f'''
import sys
from dspy_toolkit.engine.training import Training
training = Training({str(tmp_path/'run')!r})
training.run(lambda step, loss, held_out: step == 4 and print(training.pid, flush=True))
'''
    parent = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if not Path(f'/proc/{child}').exists() or 'Z' in Path(f'/proc/{child}/stat').read_text().split()[2]: break
        time.sleep(0.05)
    else: pytest.fail(f'process {child} goes on without its parent')
    assert (tmp_path/'run'/STATE).exists()


def test_a_training_has_one_process_at_a_time(whole):
    assert len(whole.refused) == 8 and all('going on in another' in str(error) for error in whole.refused)


# --- the result is a model


def test_a_tuned_model_learns_what_the_base_does_not_know(home):
    heard = []
    tuned = finetune(Route, TRAINSET, lm='mlx/tiny', name='route', steps=12, batch_size=4, learning_rate=3e-3, on_step=lambda *step: heard.append(step))
    assert tuned.name == 'mlx/tiny+route' and tuned.losses[-1] < tuned.losses[0] / 2 and len(tuned.losses) == 12
    assert [step for step, loss, _ in heard if loss is not None] == list(range(1, 13))
    base, asked = dspy_toolkit.lm('mlx/tiny', cache=False), 'The app crashes. 9'
    def likelihood(lm): return lm('Is this so?', logprobs=True, max_tokens=1)  # an answer without a grammar
    before = likelihood(base)
    with lms.use_model(tuned.lm): assert dspy.Predict(Route)(ticket=asked).team == 'basalt'
    assert likelihood(base) == before and tuned.lm.engine.worker is not base.engine.worker
    assert tuned.lm.kwargs['metadata']['weights'] != base.kwargs['metadata']['weights']
    assert 'mlx/tiny+route' in lms.list_available()['on this machine']
    again = dspy_toolkit.lm('mlx/tiny+route')
    assert again.engine.worker is tuned.lm.engine.worker and again.engine.source.adapter == find_tuned_folder()/'route'
    with pytest.raises(ModelNotAvailable, match='no tuned model'): dspy_toolkit.lm('mlx/tiny+rout')
    run = find_run(tuned.run_id)
    assert run.about['state'] == 'done' and run.about['model'] == tuned.name and run.about['digest'] == tuned.data
    assert finetune(Route, TRAINSET, lm='mlx/tiny', name='route', steps=12, batch_size=4, learning_rate=3e-3).digest == tuned.digest  # at once
    assert len(list_runs('finetune')) == 1
    with pytest.raises(InputError, match="'route' already"): finetune(Route, TRAINSET, lm='mlx/tiny', name='route', steps=3)
    for lm in (base, tuned.lm, again): lm.engine.close()


def test_a_stopped_run_goes_on_without_the_notebook_s_variables(home, noise):
    scope = CancelScope()
    settings = dict(lm=f'mlx/{noise}', name='noisy', steps=12, every=4, batch_size=4, held_out=0)
    with scope: stopped = finetune(Route, TRAINSET, on_step=lambda step, *_: step == 2 and scope.cancel(), **settings)
    assert stopped.state == 'stopped' and 0 < stopped.steps < 12 and not stopped.name and stopped.run_id in repr(stopped)
    with pytest.raises(InputError, match='was stopped'): _ = stopped.lm
    resumed = finetune(resume=find_run(stopped.run_id))
    assert resumed.state == 'done' and resumed.steps == 12 and resumed.losses[:stopped.steps] == stopped.losses
    assert find_run(stopped.run_id).about['state'] == 'done' and (find_tuned_folder()/'noisy').is_dir()


def test_bootstrap_finetune_gives_a_program_the_tuned_weights(home):
    lm = dspy_toolkit.lm('mlx/tiny', cache=False)
    program = dspy.Predict(Route)
    program.set_lm(lm)
    trainset = [dspy.Example(**row).with_inputs('ticket') for row in TRAINSET[:6]]
    with dspy.context(lm=lm, adapter=GrammarAdapter()):
        tuned = dspy.BootstrapFinetune(train_kwargs=dict(steps=3, batch_size=3, name='boot')).compile(program, trainset=trainset)
        assert GrammarAdapter().choose_layout(tuned.lm) == 'short'  # as the examples were written
        assert tuned.lm.model == 'mlx/tiny+boot' and tuned.lm.engine is not lm.engine and tuned.lm.engine.source.adapter
        assert tuned(ticket='The app crashes').team in ('zircon', 'basalt')
    for each in (lm, tuned.lm): each.engine.close()


@pytest.mark.parametrize('layout', ['short', 'json'])
def test_a_model_that_dspy_trained_is_asked_in_the_layout_of_its_examples(home, layout):
    lm, adapter = dspy_toolkit.lm('mlx/tiny'), GrammarAdapter(layout=layout)
    data = [adapter.format_finetune_data(Route, [], dict(ticket=row['ticket']), dict(team=row['team'])) for row in TRAINSET[:4]]
    tuned = lm.finetune(data, 'chat', dict(steps=1, batch_size=2, name=f'as-{layout}')).result()
    assert find(tuned.model if hasattr(tuned, 'model') else tuned).layout == layout


def test_a_job_of_dspy_can_be_cancelled(home, noise):
    lm = dspy_toolkit.lm(f'mlx/{noise}')
    data = [{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b'}]}]
    job = lm.finetune(data, 'chat', dict(steps=100_000, name='long'))
    while job.training is None or not job.training.trained.steps: time.sleep(0.02)
    assert job.status() == 'running' and job.cancel() and job.cancelled() and job.status() == 'cancelled'
    job.thread.join(60)
    assert not job.thread.is_alive() and not (find_tuned_folder()/'long').exists()
    with pytest.raises(Exception, match="'epochs' is no option"): raise lm.finetune(data, 'chat', dict(epochs=3)).result()
    lm.engine.close()


def test_a_budget_ends_a_training_after_its_step_and_with_a_larger_one_it_goes_on(home, noise):
    options = dict(lm=f'mlx/{noise}', name='slow', steps=12, batch_size=2, held_out=0, every=4)
    view = verb('Route', SPACE, on='t', budget='0.001 min', **options)
    assert view.state == 'stopped' and 0 < view.done < 12 and any("--budget '0.002 min'" in line for line in view.remarks)
    assert find_run('last').about['budget'] == '0.001 min'
    again = verb(None, on=None, resume='last', budget='0.001 min')
    assert again.state == 'stopped', "what was used before counts"
    assert verb(None, on=None, resume='last', budget='5 min').state == 'done'
    assert estimate_finetuning(read_plan_of(find_run('last'))).seconds > 0


def test_a_long_training_is_asked_about_and_leaves_no_run(home, noise):
    create_run('finetune', base=f'mlx/{noise}', token_seconds=9.0)
    options = dict(on='t', lm=f'mlx/{noise}', name='long', steps=2, batch_size=2, held_out=0)
    with pytest.raises(CostNotConfirmed, match=r'2 steps at most, [\d,]+ tokens, about [\d.]+ (min|h) \(the speed of the latest training\)') as caught:
        verb('Route', SPACE, **options)
    assert '--yes' in caught.value.hint and '--budget' in caught.value.hint and len(list_runs()) == 1
    for wrong in ('200 calls', '5 USD', '5k tokens'):
        with pytest.raises(InputError, match='limits nothing'): verb('Route', SPACE, budget=wrong, **options)
    assert verb('Route', SPACE, yes=True, **options).state == 'done'
