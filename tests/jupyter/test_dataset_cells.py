"Datasets, cases and marks as a person meets them: in the cells of a notebook."
import dspy
import pytest
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.registry import store
from dspy_toolkit.signatures.dataset import Dataset
from dspy_toolkit.workspace import lms
from tests.typist import typist

ROWS = '''%%dspy examples devset --for Triage
email,team,needs_human
"No invoice, again",billing,no
<script>alert(1)</script>;,technical,yes
'''


@pytest.fixture
def ready(triage):
    "A shell in which Triage is kept, with a scripted model."
    dspy.configure(lm=typist('{"team": "billing", "needs_human": true}'), adapter=dspy.JSONAdapter())
    lms.names['seller'] = typist('{"team": "sales", "needs_human": false}', name='test/seller')
    return triage


def refused(result, said):
    lines = result.shown.strip().splitlines()
    assert isinstance(result.error, ToolkitError) and said in lines[0] and len(lines) == 2 and lines[1].startswith('  → '), result.shown


def test_a_cell_of_examples_becomes_a_variable_and_a_version(ready):
    view = ready(ROWS).result
    assert ready['devset'].rows == (dict(email='No invoice, again', team='billing', needs_human=False), dict(email='<script>alert(1)</script>;', team='technical', needs_human=True))
    assert str(view.version) == 'devset@1' and '<script>' not in str(view.html()) and '&lt;script&gt;' in str(view.html()) and 'var(--jp-' in str(view.html())
    assert str(ready(ROWS).result.version) == 'devset@1'
    assert 'dataset · 2 rows · devset@1' in ready('%dspy show devset').shown


def test_a_semicolon_at_the_end_of_a_cell_is_a_part_of_the_example(ready):
    ready('%%dspy examples devset\nemail = Really?;')
    assert ready['devset'].rows == (dict(email='Really?;'),)


def test_examples_come_from_variables_files_versions_and_marks(ready, tmp_path):
    (tmp_path/'emails.csv').write_text('email,team\nx,billing\n')
    ready(f'rows = [dict(email="x", team="billing")]; path = {str(tmp_path/"emails.csv")!r}')
    digests = [ready(f'%dspy examples {name} --from {source}').result.data.digest for name, source in (('a', 'rows'), ('b', '{path}'), ('c', 'a@1'))]
    assert len(set(digests)) == 1
    ready('%dspy run Triage email="No invoice" -o p')
    assert ready('%dspy mark p right').success and ready('%dspy run Triage email="It crashes"').success
    assert ready('%dspy mark last --correct team=technical needs_human=no').result.data['verdict'] == 'corrected'
    assert ready('%dspy run Triage email="Buy now"').success and ready('%dspy mark 1 wrong').success
    marked = ready('%dspy examples marked --from history --for Triage').result.data
    assert [tuple(row.values()) for row in marked] == [('No invoice', 'billing', True), ('It crashes', 'technical', False)] and marked.inputs == ('email',)


def test_every_verb_that_takes_a_signature_says_what_a_dataset_is(ready):
    ready(ROWS)
    for line in ('%dspy run devset email="x"', '%dspy run devset@1 email="x"', '%dspy edit devset', '%dspy edit devset@1', '%dspy case devset urgent email=x', '%dspy case devset@1 urgent email=x', '%%dspy examples more --for devset\na = 1'):
        refused(ready(line), 'is a dataset, not a signature')
    refused(ready('%dspy diff devset Triage'), 'devset is a dataset, and Triage is a signature')


def test_verbs_of_the_registry_work_on_datasets(ready):
    ready(ROWS)
    ready('%%dspy examples devset --for Triage\nemail = No invoice, again\nteam = sales\nneeds_human = no')
    assert '1 removed, 1 changed (team)' in ready('%dspy diff devset@1 devset@2').shown and 'team' in ready('%dspy diff devset').shown
    assert 'rows: 1 removed, 1 changed (team)' in ready('%dspy log devset').shown and 'kept devset@2' in ready('%dspy log devset --trail').shown
    assert 'devset@2   dataset   email, team, needs_human      1 row' in ready('%dspy list --kind dataset').shown
    assert 'devset@2' in ready('%dspy search has:needs_human kind:dataset').shown
    assert ready('%dspy alias devset@1 gold').success and ready('%dspy load devset@gold --to gold').success
    assert isinstance(ready['gold'], Dataset) and len(ready['gold']) == 2
    assert 'devset@1' in ready('%dspy lineage devset').result.html() and ready('%dspy save gold --to other').result.data['ref'] == 'other@1'
    refused(ready('%dspy delete devset@1'), 'cannot be deleted')
    assert ready('%dspy alias devset@gold --remove').success and ready('%dspy delete devset').success


def test_a_split_is_two_variables_and_two_versions(ready):
    ready('many = [dict(email=f"{n}", team="billing" if n % 2 else "sales") for n in range(20)]')
    view = ready('%dspy split many 0.7 0.3 --by team').result
    assert [len(ready[name]) for name in ('many_train', 'many_dev')] == [14, 6] and {str(v) for v in store.registry().latest('dataset')} == {'many_train@1', 'many_dev@1'}
    assert 'sales 7' in str(view) and ready('%dspy split many train=60% test=40% --seed 3').success and len(ready['test']) == 8


def test_cases_are_kept_and_run_on_versions_and_models_side_by_side(ready):
    ready('%dspy run Triage email="No invoice"')
    assert ready('%dspy case Triage invoice --from last').success
    assert ready('%%dspy case Triage crash --expect team=technical\nemail = """It\ncrashes"""').success
    assert ready('%dspy case Triage buy email="I buy" --expect team=sales needs_human=no').success
    kept = {case.name: (case.inputs, case.expected, case.answer) for case in store.registry().cases('Triage')}
    assert kept == {'invoice': (dict(email='No invoice'), {}, dict(team='billing', needs_human=True)), 'crash': (dict(email='It\ncrashes'), dict(team='technical'), {}), 'buy': (dict(email='I buy'), dict(team='sales', needs_human=False), {})}
    view = ready('%dspy test Triage').result
    assert view.summary == {'Triage@1': {'pass': 1, 'changed': 0, 'failed': 2}}
    by_model = ready('%dspy test Triage --lm seller seller').result
    assert by_model.to_json()['trials'][0]['results'][0]['state'] == 'changed' and [each.state for each in by_model.results[1]] == ['changed', 'failed', 'pass']
    ready('import dspy\nclass Other(dspy.Signature):\n    "Route it."\n    mail: str = dspy.InputField()\n    team: str = dspy.OutputField()\n%dspy save Other --to Triage')
    both = ready('%dspy test Triage --versions 1 2').result
    assert [each.state for each in both.results[1]] == ['failed'] * 3 and "no input 'email'" in both.results[1][0].problem
    assert '✗ failed' in str(both) and 'Triage@2' in str(both.html())
    assert ready('%dspy case Triage buy --delete').success and len(store.registry().cases('Triage')) == 2
