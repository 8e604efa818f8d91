"An alias moves only to a version that is no worse, unless somebody says so by force, which is written down."
import re
import threading

import dspy
import numpy as np
import pytest
from dspy.lm15 import Message, Response, Usage
from hypothesis import given, settings
from hypothesis import strategies as st

from dspy_toolkit.core.errors import InputError, NotRegistered, Protected
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.programs.compare import Compared, compare_rows, run_comparison
from dspy_toolkit.programs.data import Dataset
from dspy_toolkit.programs.evaluate import Evaluated
from dspy_toolkit.programs.promote import MARGIN, Regression, find_problem, plan_promotion, promote
from dspy_toolkit.programs.rows import RowResult
from dspy_toolkit.registry.aliases import AliasConflict
from dspy_toolkit.registry.base import Registry
from dspy_toolkit.workspace.targets import store

DATA = [dict(email=f'email {i}', team='billing') for i in range(60)]
NAMES = 'version 1', 'version 2', 'version 3'


class Script:
    "An engine: a version is right in the rows that the script has for its instructions."
    def __init__(self): self.asked, self.wrong, self.down = 0, {}, False

    def complete(self, request):
        self.asked += 1
        if self.down: raise ConnectionError('nobody answers')
        row = int(re.search(r'email (\d+)', request.messages[-1].parts[0].text)[1])
        version = next(name for name in NAMES if name in request.system)
        team = 'sales' if row in self.wrong.get(version, ()) else 'billing'
        said = f'[[ ## team ## ]]\n{team}\n\n[[ ## completed ## ]]'
        return Response(id='r', model='script', message=Message.assistant(said), finish_reason='stop', usage=Usage())


@pytest.fixture
def script(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    reset_settings()
    for name in NAMES: store().save(dspy.Signature('email -> team: Literal["billing", "sales"]', name), name='Triage')
    made = Script()
    with dspy.context(lm=dspy.LM('script', engine=made, cache=False), adapter=dspy.ChatAdapter()): yield made
    store().close()
    reset_settings()


def aliases(): return {alias: number for alias, (number, _) in store().aliases('Triage').items()}


def test_a_first_alias_is_promoted_after_an_evaluation_and_it_is_said(script):
    found = promote('Triage@1', 'prod', DATA)
    assert aliases() == dict(prod=1) and script.asked == 60 and found.previous == '' and 'there was no alias prod before' in found.remarks[0]
    assert [e.score for e in store().evaluations('Triage@1')] == [1.0]


def test_an_equal_version_is_promoted_and_both_evaluations_are_saved(script):
    store().alias('Triage@1', 'prod')
    script.wrong = {'version 1': {1}, 'version 2': {2}}
    found = promote('Triage@2', 'prod', DATA)
    assert aliases() == dict(prod=2) and found.previous == 'Triage@1' and found.to_json()['alias'] == 'Triage@prod'
    for ref in ('Triage@1', 'Triage@2'): assert len(store().evaluations(ref)) == 1
    detail = store().trail('Triage@prod')[0].detail
    assert detail['previous'] == 1 and detail['score'] == detail['previous_score'] == pytest.approx(59 / 60) and 'forced' not in detail
    assert detail['difference'][1] >= -MARGIN and (detail['better'], detail['worse']) == (1, 1) and detail['metric'] == 'exact_match'


def test_a_worse_version_is_refused_with_the_rows_and_moved_by_force_only(script):
    store().alias('Triage@1', 'prod')
    script.wrong = {'version 2': set(range(5, 15))}
    with pytest.raises(Regression, match=r'it is worse: -0\.167') as caught: promote('Triage@2', 'prod', DATA)
    assert aliases() == dict(prod=1) and 'worse in rows 6, 7, 8' in caught.value.hint and caught.value.compared.columns[1].worse == tuple(range(5, 15))
    assert len(store().evaluations('Triage@2')) == 1  # what was paid is kept
    found = promote('Triage@2', 'prod', DATA, force=True, message='We must')
    change = store().trail('Triage@prod')[0]
    assert aliases() == dict(prod=2) and script.asked == 120 and 'moved by force' in found.remarks[1]
    assert change.detail['forced'] is True and 'it is worse' in change.detail['regression'] and change.detail['message'] == 'We must'


def test_a_version_that_may_be_worse_is_refused_with_the_rows_it_would_take(script):
    store().alias('Triage@1', 'prod')
    script.wrong = {'version 1': set(range(0, 8)), 'version 2': set(range(8, 16))}
    with pytest.raises(Regression, match=r'may be worse by more than 0\.05.*about \d+ rows would tell, where 60 do not'): promote('Triage@2', 'prod', DATA)
    assert promote('Triage@2', 'prod', DATA, margin=.2).ref == 'Triage@2'


def test_a_version_that_never_answered_is_refused_although_the_current_one_did_not_either(script):
    store().alias('Triage@1', 'prod')
    script.down = True
    with pytest.raises(Regression, match='no row has an answer: 60 × '): promote('Triage@2', 'prod', DATA)
    with pytest.raises(Regression, match='no row has an answer: 60 × '): promote('Triage@2', 'new', DATA)
    assert aliases() == dict(prod=1)


def test_few_rows_are_said(script):
    store().alias('Triage@1', 'prod')
    assert '10 rows can hide a loss in 30% of the answers' in promote('Triage@2', 'prod', DATA[:10]).remarks


def test_an_alias_that_somebody_moved_meanwhile_is_not_moved(script):
    store().alias('Triage@1', 'prod')
    plan = plan_promotion('Triage@2', 'prod', DATA)
    compared = run_comparison(plan.columns)
    store().alias('Triage@3', 'prod')
    with pytest.raises(AliasConflict, match='points to version 3 now, not to version 1 as before'): plan.decide(compared)
    assert aliases() == dict(prod=3)
    first = plan_promotion('Triage@2', 'fresh', DATA)
    store().alias('Triage@1', 'fresh')
    with pytest.raises(AliasConflict, match='and was new before'): first.decide(run_comparison(first.columns))


def test_of_many_who_move_an_alias_at_once_one_wins(tmp_path):
    registry = Registry(f'sqlite:///{tmp_path}/registry.db')
    for name in NAMES: registry.save(dspy.Signature('email -> team', name), name='Triage')
    registry.alias('Triage@1', 'prod')
    begin, done = threading.Barrier(6, timeout=60), []
    def move(number):
        begin.wait()
        try: done.append(registry.alias(f'Triage@{number}', 'prod', expected=1).number)
        except AliasConflict: done.append(None)
    threads = [threading.Thread(target=move, args=(2 + i % 2,)) for i in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    won = registry.aliases('Triage')['prod'][0]
    assert {number for number in done if number} == {won} and None in done
    registry.close()


def test_a_stopped_evaluation_promotes_nothing(script):
    store().alias('Triage@1', 'prod')
    with pytest.raises(Regression, match='Triage@2 is not promoted: the evaluation is stopped'): promote('Triage@2', 'prod', DATA, budget='70 calls')
    assert aliases() == dict(prod=1)
    assert promote('Triage@2', 'prod', DATA).ref == 'Triage@2' and script.asked <= 128


@pytest.mark.parametrize('call, error, says', [
    (lambda: promote('Triage@1', 'prod', DATA), InputError, 'Triage@prod points to version 1 already'),
    (lambda: promote('Triage@9', 'prod', DATA), NotRegistered, '9'), (lambda: promote('Nope@1', 'prod', DATA), NotRegistered, 'Nope'),
    (lambda: promote('Triage@2', 'a b', DATA), InputError, "'a b'"), (lambda: promote('Triage@2', 'prod', DATA, margin=-1), InputError, 'margin -1'),
    (lambda: promote('Triage@2', 'safe', DATA), Protected, 'Triage@safe is protected'),
    (lambda: promote('Triage@2', 'prod', DATA, 'f1(nope)'), InputError, "no output 'nope'")])
def test_what_cannot_be_is_refused_before_anything_is_asked(script, call, error, says):
    store().alias('Triage@1', 'prod')
    store().alias('Triage@1', 'safe')
    store().protect('Triage@safe')
    with pytest.raises(error, match=says): call()
    assert script.asked == 0


def test_force_moves_a_protected_alias(script):
    store().alias('Triage@1', 'prod')
    store().protect('Triage@prod')
    promote('Triage@2', 'prod', DATA, force=True)
    assert aliases() == dict(prod=2) and store().trail('Triage@prod')[0].detail['forced'] is True


# the rule itself

def compared(before, after):
    data = Dataset('d', tuple(dict(x=i) for i in range(len(before))))
    def make(name, scores):
        rows = [RowResult(i, score) for i, score in enumerate(scores)]
        return Evaluated(name, name, data, 'm', 'lm', 'L', rows, float(np.mean(scores)), 0, 1, 1, {}, 'r', 'done')
    first, second = make('a', before), make('b', after)
    return Compared([compare_rows('a', first, None), compare_rows('b', second, first)], None)


unit = st.sampled_from([0, .25, .5, 1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(unit, unit), min_size=1, max_size=60), st.sampled_from([0, .02, .05, .2]))
def test_only_a_version_whose_interval_stays_above_the_margin_is_promoted(rows, margin):
    found = compared(*zip(*rows))
    change = found.columns[1].difference
    assert (find_problem(found, margin) == '') == (change.low >= -margin and change.high >= 0)
    if change.worse == 0: assert find_problem(found, margin) == ''


def test_a_proved_loss_within_the_margin_is_refused_too():
    assert find_problem(compared([1] * 1000, [0] * 20 + [1] * 980), .05).startswith('it is worse')


def test_the_rows_that_are_said_to_tell_do_tell():
    before, after = ([1, 0] * 10 + [1] * 80), ([0, 1] * 10 + [1] * 80)
    said = find_problem(compared(before, after), .05)
    needed = int(said.split('about ')[1].split(' rows')[0].replace(',', ''))
    times = -(-needed * 12 // 10 // 100)
    assert find_problem(compared(before * times, after * times), .05) == ''
