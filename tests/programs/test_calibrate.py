"A calibration never makes the rows it was fitted to worse, holds for one model and one prompt only, and comes back from every place where a program is kept."
import asyncio
import json
import logging
import math
from enum import Enum

import dspy
import pytest
from hypothesis import given, settings, strategies as st

import dspy_toolkit
from dspy_toolkit.core.errors import BundleError, InputError
from dspy_toolkit.engine.adapter import GrammarAdapter, GrammarChatAdapter
from dspy_toolkit.engine.calibration import KeptCalibration, keep_calibration, read_calibration, record_shares
from dspy_toolkit.engine.decisions import Calibration, read_label
from dspy_toolkit.programs import calibrate as module
from dspy_toolkit.programs.calibrate import RIDGES, calibrate, choose_ridge, fit_batch, fit_bias, measure_gain
from dspy_toolkit.programs.evaluate import evaluate
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.program import ProgramSpec

few = settings(max_examples=25)
labels = st.lists(st.sampled_from('abcdefg'), min_size=2, max_size=4, unique=True)


def normed(weights): return {label: weight / sum(weights.values()) for label, weight in weights.items()}


@st.composite
def measured(draw, rows=st.integers(2, 14)):
    "Shares of some rows, and their right labels."
    names = draw(labels)
    shares = [normed({name: draw(st.floats(1e-4, 1)) for name in names}) for _ in range(draw(rows))]
    return shares, [draw(st.sampled_from(names)) for _ in shares]


def lose(shares, right, calibration):
    return -sum(math.log(calibration.apply(share)[label]) for share, label in zip(shares, right))


# laws

@few
@given(measured(), st.sampled_from(RIDGES))
def test_a_fit_is_never_worse_on_its_own_rows_and_its_biases_add_up_to_nothing(data, ridge):
    shares, right = data
    fit = fit_bias(shares, right, ridge)
    assert lose(shares, right, fit) <= lose(shares, right, Calibration({})) + 1e-9
    assert abs(sum(fit.bias.values())) < 1e-6 and module.SCALES[0] <= fit.scale <= module.SCALES[1]


@few
@given(measured(st.integers(1, 5)), st.floats(-5, 5), st.floats(-20, 20))
def test_corrected_shares_add_up_to_one_and_a_shift_of_all_biases_changes_nothing(data, bias, shift):
    shares, _ = data
    biases = {label: bias * n for n, label in enumerate(shares[0])}
    for each in shares:
        found, moved = (Calibration({k: v + by for k, v in biases.items()}, 0.7).apply(each) for by in (0, shift))
        assert sum(found.values()) == pytest.approx(1) and moved == pytest.approx(found)


@few
@given(measured(), st.floats(0.01, 100))
def test_a_constant_factor_of_all_shares_changes_no_fit(data, factor):
    shares, right = data
    scaled = [{label: share * factor for label, share in each.items()} for each in shares]
    one, other = fit_bias(shares, right), fit_bias(scaled, right)
    assert other.bias == pytest.approx(one.bias, abs=1e-5) and other.scale == pytest.approx(one.scale, abs=1e-5)


@few
@given(measured(st.integers(1, 8)), st.randoms())
def test_the_order_of_the_rows_changes_no_fit(data, rng):
    pairs = list(zip(*data))
    mixed = rng.sample(pairs, len(pairs))
    one, other = (fit_bias(*map(list, zip(*some))) for some in (pairs, mixed))
    assert other.bias == pytest.approx(one.bias, abs=1e-6) and other.scale == pytest.approx(one.scale, abs=1e-6)


def test_no_correction_is_the_identity_and_a_strong_ridge_comes_near_it():
    shares, right = [dict(a=.2, b=.8), dict(a=.3, b=.7)], ['a', 'a']
    assert Calibration({}).apply(shares[0]) == pytest.approx(shares[0])
    held = fit_bias(shares, right, 1e9)
    assert max(map(abs, held.bias.values())) < 1e-6 and held.scale == pytest.approx(1)
    with pytest.raises(InputError, match='no rows to fit'): fit_bias([], [])
    with pytest.raises(InputError, match='ridge of 0'): fit_bias(shares, right, 0)


def test_the_smallest_loss_is_found():
    "Against a search over a fine grid."
    shares, right = [dict(a=.1, b=.9), dict(a=.3, b=.7), dict(a=.05, b=.95), dict(a=.2, b=.8)], ['a', 'a', 'b', 'a']
    def cost(fit): return lose(shares, right, fit) + .5 * (sum(b * b for b in fit.bias.values()) + (fit.scale - 1) ** 2)
    best = min(cost(Calibration(dict(a=b / 50, b=-b / 50), scale / 50)) for b in range(-20, 101) for scale in range(5, 151))
    assert cost(fit_bias(shares, right, 1.0)) <= best + 1e-9


def test_a_batch_needs_no_labels_and_makes_all_labels_equally_likely_on_average():
    shares = [dict(a=.9, b=.1), dict(a=.5, b=.5), dict(a=.99, b=.01)]
    fit = fit_batch(shares)
    logs = [math.log(found['a'] / found['b']) for found in map(fit.apply, shares)]
    assert sum(logs) == pytest.approx(0) and fit.scale == 1


def test_a_gain_is_measured_on_rows_that_the_fit_has_not_seen():
    useless = [dict(a=.75, b=.25)] * 12 + [dict(a=.25, b=.75)] * 12
    right = [*'aaab' * 3, *'bbba' * 3]
    found = measure_gain(useless, right)
    assert found.helps == '' and choose_ridge(useless, right) == max(RIDGES)
    biased = [dict(a=.40, b=.60), dict(a=.10, b=.90)] * 12
    found = measure_gain(biased, [*'ab' * 12])
    assert found.helps == 'choices' and found.right.difference == .5 and found.after < found.before
    assert measure_gain(biased, [*'ab' * 12], seed=3) == measure_gain(biased, [*'ab' * 12], seed=3)


# a real model

class Team(Enum): billing = 'billing'; technical = 'technical'; sales = 'sales'


class Triage(dspy.Signature):
    "Route the email to the team that answers it."
    email: str = dspy.InputField()
    team: Team = dspy.OutputField()
    urgent: bool = dspy.OutputField()


EMAILS = {
    'billing': ["You charged my card twice.", "Send me a receipt for May.", "The invoice is wrong.", "Why is there a fee on my bill?"],
    'technical': ["The app crashes when I take a photo.", "Uploads end with an error.", "The page stays white.", "The video has no sound."],
    'sales': ["How much are fifty licences?", "Do schools get a discount?", "Can I see a demo next week?", "Please send your price list."],
}
ROWS = [dict(email=email, team=team) for team, texts in EMAILS.items() for email in texts]
EMAIL = dict(email="The app crashes.")
TO_SALES = Calibration(dict(billing=0.0, technical=0.0, sales=40.0))


@pytest.fixture(scope='module')
def lm(): return dspy_toolkit.lm('mlx/tiny', temperature=0, cache=False)


@pytest.fixture(autouse=True)
def asked(lm):
    with dspy.context(lm=lm, adapter=GrammarAdapter()): yield


def bias_to_sales(predictor, **outputs):
    "Give a predictor a calibration for the model and the prompt that it has now."
    with record_shares() as found: predictor(**EMAIL)
    keep_calibration(predictor, found[0].model, found[0].prompt, outputs or dict(team=TO_SALES))
    return predictor


@pytest.fixture
def biased(): return bias_to_sales(dspy.Predict(Triage))


def test_the_adapter_applies_it_and_the_answer_says_how_sure_it_is(biased):
    before, after = dspy.Predict(Triage)(**EMAIL), biased(**EMAIL)
    assert (before.team, after.team) == (Team.technical, Team.sales) and after.urgent is before.urgent
    assert after.confidences['team'] > .99 and 'urgent' not in after.confidences and 'confidences' not in before


def test_beside_written_fields_and_in_async_calls_too(lm):
    class Reply(Triage): reply: str = dspy.OutputField()
    found = bias_to_sales(dspy.Predict(Reply, max_tokens=60))
    assert found(**EMAIL).team is Team.sales
    assert asyncio.run(found.acall(**EMAIL)).team is Team.sales


def test_a_stream_brings_the_label_and_not_what_it_was_chosen_by(biased):
    async def go():
        listeners = [dspy.streaming.StreamListener(name) for name in ('team', 'urgent')]
        return [each async for each in dspy.streamify(biased, stream_listeners=listeners)(**EMAIL)]
    *pieces, last = asyncio.run(go())
    told = {name: ''.join(p.chunk for p in pieces if p.signature_field_name == name) for name in ('team', 'urgent')}
    assert told == dict(team='sales', urgent='false') and last.team is Team.sales and last.confidences['team'] > .99


@pytest.mark.parametrize('change, why', [
    (lambda p: setattr(p, 'demos', [dspy.Example(email='x', team=Team.sales, urgent=True)]), 'the prompt has changed'),
    (lambda p: setattr(p, 'signature', p.signature.with_instructions('Choose a team.')), 'the prompt has changed'),
    (lambda p: keep_calibration(p, 'mlx/other 12', read_calibration(p).prompt, dict(team=TO_SALES)), 'fitted for mlx/other, not for mlx/tiny'),
    (lambda p: keep_calibration(p, 'mlx/tiny 12', read_calibration(p).prompt, dict(team=TO_SALES)), 'fitted for other weights of mlx/tiny'),
    (lambda p: keep_calibration(p, read_calibration(p).model, read_calibration(p).prompt, dict(team=Calibration(dict(sales=9.0)))), 'the labels of team have changed'),
], ids=['demos', 'instructions', 'model', 'weights', 'labels'])
def test_it_is_not_used_for_another_model_or_prompt_and_says_so_once(biased, caplog, change, why):
    from dspy_toolkit.engine import calibration
    calibration._warn_once.cache_clear()
    change(biased)
    with caplog.at_level(logging.WARNING, 'dspy_toolkit.engine.calibration'):
        for _ in range(2): assert 'confidences' not in biased(**EMAIL)
    said = [each.getMessage() for each in caplog.records if each.name.endswith('calibration')]
    assert len(said) == 1 and why in said[0]


@pytest.mark.parametrize('adapter', [GrammarChatAdapter(), dspy.JSONAdapter()], ids=['chat', 'plain JSON'])
def test_where_nothing_is_measured_the_answer_is_that_without_it(biased, adapter):
    with dspy.context(adapter=adapter): assert biased(**EMAIL).team == dspy.Predict(Triage)(**EMAIL).team


def test_a_server_that_gives_no_probabilities_is_asked_as_ever(biased):
    from dspy.utils.dummies import DummyLM
    with dspy.context(lm=DummyLM([dict(team='billing', urgent='True')] * 2, adapter=dspy.JSONAdapter())):
        assert biased(**EMAIL).team is Team.billing


# where it is kept

def by_state(program):
    found = dspy.Predict(Triage)
    found.load_state(json.loads(json.dumps(program.dump_state())))
    return found


def by_file(program, folder):
    program.save(str(folder/'program.json'))
    found = dspy.Predict(Triage)
    found.load(str(folder/'program.json'))
    return found


def by_registry(program, folder):
    registry = Registry(f"sqlite:///{folder/'registry.db'}")
    version = registry.save(program, name='triage')
    assert registry.save(dspy.Predict(Triage), name='triage').number == version.number + 1
    assert 'calibration' in str(registry.diff('triage@1', 'triage@2'))
    return registry.load('triage@1')


def by_spec(program): return ProgramSpec.from_json(json.loads(json.dumps(ProgramSpec.from_dspy(program).to_json()))).to_dspy()


@pytest.mark.parametrize('way', [by_state, by_file, by_registry, by_spec, lambda program: program.deepcopy()], ids=['state', 'file', 'registry', 'spec', 'copy'])
def test_it_comes_back_from_everywhere(biased, tmp_path, way):
    found = way(biased, tmp_path) if way in (by_file, by_registry) else way(biased)
    assert read_calibration(found) == read_calibration(biased) is not None
    assert found(**EMAIL).team.value == 'sales'


def test_an_optimiser_that_begins_anew_forgets_it(biased): assert read_calibration(biased.reset_copy()) is None


@pytest.mark.parametrize('data', [
    7, [], dict(outputs=3), dict(model='m', prompt='p', outputs=dict(team=3)), dict(model='m', prompt='p', outputs=dict(team=dict(scale=0, bias={}))),
    dict(model='m', prompt='p', outputs=dict(team=dict(scale='x', bias={}))), dict(model='m', prompt='p', outputs=dict(team=dict(scale=1, bias=dict(a='x')))),
    dict(model='m', prompt='p', outputs=dict(team=dict(scale=float('nan'), bias={})))], ids=str)
def test_data_of_another_form_is_no_calibration(data):
    predictor = dspy.Predict(Triage)
    predictor.train = [dict(dspy_toolkit='calibration', data=data)]
    assert read_calibration(predictor) is None


@pytest.mark.parametrize('change, where', [
    (lambda c: c.update(outputs=3), 'outputs'), (lambda c: c.update(more=1), 'calibration'), (lambda c: c['outputs']['team'].update(scale='x'), 'team'),
    (lambda c: c['outputs']['team'].update(bias=[1]), 'bias'), (lambda c: c['outputs']['team']['bias'].update(sales=True), 'team')], ids=['outputs', 'more', 'scale', 'list', 'bool'])
def test_a_stored_program_with_something_else_is_refused(biased, change, where):
    data = json.loads(json.dumps(ProgramSpec.from_dspy(biased).to_json()))
    change(data['root']['state']['calibration'])
    with pytest.raises(BundleError, match=where): ProgramSpec.from_json(data)


# calibrate

def test_a_program_is_calibrated_in_a_copy_and_the_rows_may_lack_labels():
    program = dspy.Predict(Triage)
    found, again = calibrate(program, ROWS), calibrate(program, ROWS)
    assert read_calibration(program) is None
    team, urgent = sorted(found.outputs, key=lambda each: each.name)
    same, _ = sorted(again.outputs, key=lambda each: each.name)
    # batches of other sizes round otherwise
    assert same.calibration.bias == pytest.approx(team.calibration.bias, abs=1e-3) and same.gain.right == team.gain.right
    assert team.rows == 12 and team.counts == dict(billing=4, technical=4, sales=4) and team.gain is not None
    assert not urgent.kept and '0 rows have a label' in urgent.problem
    kept = read_calibration(found.program)
    assert (kept is None) == (not found.kept) and (kept is None or set(kept.outputs) == {'team'})


def test_what_does_not_help_is_not_kept_and_an_earlier_one_goes(biased, monkeypatch):
    monkeypatch.setattr(module.Gain, 'helps', '')
    found = calibrate(biased, ROWS)
    assert not found.kept and read_calibration(found.program) is None and read_calibration(biased) is not None
    assert 'not kept: it does not help' in repr(found)


def test_a_batch_of_inputs_is_enough_where_it_is_asked_for():
    found = calibrate(dspy.Predict(Triage), [dict(email=row['email']) for row in ROWS], method='batch')
    assert {each.name for each in found.kept} == {'team', 'urgent'} and all(each.gain is None for each in found.outputs)
    assert set(found.program(**EMAIL).confidences) == {'team', 'urgent'}


def test_parts_of_a_program_have_names_and_labels_of_their_own():
    class Two(dspy.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = dspy.Predict(Triage), dspy.ChainOfThought('email -> calm: bool', max_tokens=40)
        def forward(self, email): return dspy.Prediction(**self.first(email=email).toDict(), calm=self.second(email=email).calm)
    found = module.run_calibration(module.CalibrationPlan(Two().deepcopy(), Triage, 'Two', 'rows', tuple(ROWS[:3]), dspy.settings.lm))
    assert {each.path for each in found.outputs} == {'first.team', 'first.urgent', 'second.predict.calm'}


@pytest.mark.parametrize('call, says', [
    (lambda: calibrate(Triage, ROWS, method='magic'), "no method 'magic'"), (lambda: calibrate(Triage, ROWS, threads=0), '0 threads'),
    (lambda: calibrate(dspy.Signature('email -> reply'), ROWS[:2]), 'has no choice to calibrate'),
], ids=['method', 'threads', 'no choice'])
def test_mistakes_are_told(call, says):
    with pytest.raises(InputError, match=says): call()


def test_an_evaluation_says_how_well_confidences_fit(biased):
    found = evaluate(biased, ROWS, save=False)
    assert found.score == pytest.approx(1 / 3) and found.confidences == 12 and found.calibration_error == pytest.approx(2 / 3, abs=1e-3)
    assert found.rows[0].to_json()['got']['confidences']['team'] > .99
    plain = evaluate(Triage, ROWS[:2], save=False)
    assert (plain.calibration_error, plain.confidences) == (None, 0)


@pytest.mark.parametrize('value, label', [(True, 'true'), ('x', 'x'), (3, '3'), (None, 'null'), (Team.sales, 'sales')], ids=str)
def test_a_value_has_the_label_that_the_engine_gives_it(value, label): assert read_label(value) == label


def test_kept_data_has_a_class(biased): assert isinstance(read_calibration(biased), KeptCalibration)
