"`%dspy calibrate` on a line: a version where it helps, a reason where it does not, and confidences on cards and in evaluations."
import dspy
import pytest

import dspy_toolkit
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.engine.adapter import GrammarAdapter
from dspy_toolkit.views.programs import of_prediction
from tests.fits import fits

ROWS = '''
texts = {
    'billing': ["You charged my card twice.", "Send me a receipt for May.", "The invoice is wrong.", "There is a fee on my bill."],
    'technical': ["The app crashes.", "Uploads end with an error.", "The page stays white.", "The video has no sound."],
    'sales': ["How much are fifty licences?", "Do schools get a discount?", "Can I see a demo?", "Send me your price list."],
}
devset = [dict(email=email, team=team) for team, some in texts.items() for email in some]
'''


@pytest.fixture
def ready(triage):
    dspy.configure(lm=dspy_toolkit.lm('mlx/tiny', temperature=0), adapter=GrammarAdapter())
    assert triage(ROWS).success
    return triage


def told(result):
    assert isinstance(result.error, ToolkitError) and 'Traceback' not in result.shown, result.shown
    return result.shown


def test_what_helps_becomes_a_version_whose_answers_say_how_sure_they_are(ready):
    "Without labels a batch is taken as it is, so something is kept whatever the model is."
    view = ready('%dspy calibrate Triage devset --method batch --to sorted').result
    assert view.state == 'done' and view.done == 12 and {row[1] for row in view.rows} == {'team', 'needs_human'}
    kept = [row[1] for row in view.rows if row[0] == 'right']
    assert 'needs_human' in kept and any('%dspy load sorted@' in line for line in view.remarks) and view.to_json()['method'] == 'batch' and not fits('calibrate', view.to_json())
    assert ready('%dspy load sorted').success and ready('answer = sorted(email="The app crashes.")').success
    answer = ready['answer']
    assert set(answer.confidences) == set(kept)
    card = of_prediction(answer)
    said = f"confidence {answer.confidences['needs_human']:.2f}"
    assert said in str(card.html()) and said in card._repr_mimebundle_()['text/plain'] and 'confidences' not in card.values
    assert card.to_json()['confidences'] == answer.confidences
    numbers = dict(ready('%dspy evaluate sorted --on devset --metric exact_match(team)').result.numbers())
    assert numbers['calibration error'].endswith(f"(n={12 * ('team' in kept)})") if 'team' in kept else 'calibration error' not in numbers


def test_what_does_not_help_is_not_kept_and_says_why(ready):
    ready('devset = devset[:3]')
    view = ready('%dspy calibrate Triage devset').result
    assert {row[0] for row in view.rows} == {'wrong'} and all(' is not kept: ' in line and 'it takes 10' in line for line in view.remarks)
    assert '✗' in view._repr_mimebundle_()['text/plain']


@pytest.mark.parametrize('line, says', [
    ('%dspy calibrate Triage nothing', 'nothing'), ('%dspy calibrate Triage devset --lm openai/gpt-5-mini', 'openai/gpt-5-mini gives no probabilities of choices'),
    ('%dspy calibrate Plain devset', 'Plain has no choice to calibrate')], ids=['data', 'model', 'no choice'])
def test_what_cannot_be_calibrated_is_told_before_anything_is_asked(ready, line, says):
    ready('import dspy\nclass Plain(dspy.Signature):\n    email: str = dspy.InputField()\n    reply: str = dspy.OutputField()')
    assert says in told(ready(line))


def test_an_adapter_without_probabilities_is_named(ready):
    dspy.configure(adapter=dspy.JSONAdapter())
    assert 'JSONAdapter has no probabilities of choices' in told(ready('%dspy calibrate Triage devset'))


def test_a_model_with_a_name_and_a_breaker_is_the_same_model(ready):
    "What was fitted by a name holds for the model by its full name."
    assert ready('%dspy lm near mlx/tiny').success
    view = ready('%dspy calibrate Triage devset --method batch --lm near --to sorted').result
    kept = [row[1] for row in view.rows if row[0] == 'right']
    assert ready('%dspy load sorted').success and ready('answer = sorted(email="The app crashes.")').success
    assert kept and set(ready['answer'].confidences) == set(kept)
