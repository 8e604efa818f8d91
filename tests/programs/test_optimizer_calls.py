"The number of calls that is foretold for each optimiser is within a factor of two of what an engine is really asked, and `most` is not passed."
import contextlib
import io
import logging

import dspy
import pytest
from scripted import Label, make_examples, make_rows, scripted_lm

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.programs.optimizer_calls import count_calls


def metric(example, prediction, trace=None, pred_name=None, pred_trace=None): return float(example.label == prediction.label)


CLASSES = dict(bootstrap='BootstrapFewShot', random='BootstrapFewShotWithRandomSearch', mipro='MIPROv2', simba='SIMBA', gepa='GEPA')
COMPILE = ('num_trials', 'minibatch', 'minibatch_size', 'program_aware_proposer', 'data_aware_proposer')
LONG = dict(auto=None, num_candidates=5, num_trials=8, minibatch_size=25, program_aware_proposer=False, data_aware_proposer=False)


class TwoSteps(dspy.Module):
    def __init__(self):
        super().__init__()
        self.think, self.say = dspy.Predict('question -> thought'), dspy.Predict('question, thought -> label')

    def forward(self, question): return self.say(question=question, thought=self.think(question=question).thought)


def optimize(name, options, rows, scored, right, program):
    "Run DSPy's optimiser on a scripted engine; gives how often that was asked, and how often for proposals."
    examples = make_examples(rows + (scored or 0))
    lm = scripted_lm({row['question']: row['label'] for row in make_rows(len(examples))}, right=right)
    made = dict(metric=metric, **{key: value for key, value in options.items() if key not in COMPILE})
    if name != 'bootstrap': made['num_threads'] = 1
    if name == 'gepa': made['reflection_lm'] = lm
    given = {key: value for key, value in options.items() if key in COMPILE} | ({'valset': examples[rows:]} if scored else {})
    with dspy.context(lm=lm), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        getattr(dspy, CLASSES[name])(**made).compile(program, trainset=examples[:rows], **given)
    return lm.engine


@pytest.mark.parametrize('name, options, rows, scored, right, program', [
    ('bootstrap', {}, 40, None, 30, None), ('bootstrap', {}, 40, None, 80, None),
    ('random', dict(num_candidate_programs=4), 30, 15, 50, None),
    ('mipro', {}, 40, 20, 50, None), ('mipro', LONG, 60, 60, 80, None), ('mipro', dict(max_bootstrapped_demos=0, max_labeled_demos=0), 40, 20, 30, None),
    ('mipro', {}, 40, None, 50, None), ('mipro', {}, 20, 10, 50, TwoSteps),
    ('simba', dict(bsize=12, num_candidates=3, max_steps=3), 24, None, 50, None),
    ('gepa', dict(max_metric_calls=150), 40, 20, 50, None), ('gepa', dict(max_full_evals=3), 20, 40, 80, None),
])
def test_the_engine_is_asked_about_as_often_as_foretold(name, options, rows, scored, right, program):
    logging.disable(logging.CRITICAL)
    try: engine = optimize(name, options, rows, scored, right, program() if program else dspy.Predict(Label))
    finally: logging.disable(logging.NOTSET)
    predictors = 2 if program else 1
    count = count_calls(name, options, rows, scored, predictors)
    likely = count.runs * predictors + count.proposals
    assert engine.asked / 2 <= likely <= engine.asked * 2
    most = (count.most - count.proposals) * predictors + count.proposals
    assert engine.asked <= most
    assert likely <= most


def test_what_is_not_given_is_dspys_own_default():
    assert count_calls('random', {}, 50) == count_calls('random', dict(num_candidate_programs=16, max_bootstrapped_demos=4), 50)
    assert count_calls('mipro', {}, 50, 30) == count_calls('mipro', dict(auto='light', max_labeled_demos=4), 50, 30)


def test_the_budget_of_gepa_is_dspys_own():
    for auto in ('light', 'medium', 'heavy'):
        for predictors in (1, 3):
            gepa = dspy.GEPA(metric=metric, auto=auto, reflection_lm=dspy.utils.DummyLM([]))
            n = {'light': 6, 'medium': 12, 'heavy': 18}[auto]
            assert count_calls('gepa', dict(auto=auto), 100, 70, predictors).runs == gepa.auto_budget(predictors, n, 70)


def test_an_unknown_optimiser_is_named():
    with pytest.raises(InputError, match='copro'): count_calls('copro', {}, 10)
