"What a person writes on a line of a magic: their own words stay as they are, variables get their values, and a mistake is told in two lines."
import dspy
import pytest

from dspy_toolkit.workspace import lms
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.core.errors import SignatureSyntaxError, ToolkitError
from dspy_toolkit.registry import store
from tests.typist import typist

from .conftest import TRIAGE

BILLING = '{"team": "billing", "needs_human": true}'


@pytest.fixture
def ready(triage):
    "A shell in which Triage is kept, with a scripted model as the default and one called fast."
    lm = typist(BILLING)
    dspy.configure(lm=lm, adapter=dspy.JSONAdapter())
    lms.names['fast'] = typist(BILLING, name='test/fast')
    triage.engine = lm.engine
    return triage


def told(result):
    "The lines of an error, which are two: what is wrong, and what to do. A mark under the place may stand between them."
    lines = result.shown.strip().splitlines()
    assert not result.success and isinstance(result.error, ToolkitError), result.shown or result.result
    assert 'Traceback' not in result.shown and lines[-1].startswith('  → '), result.shown
    assert len(lines) == (4 if isinstance(result.error, SignatureSyntaxError) else 2), result.shown
    return lines


# --- a person's own words


@pytest.mark.parametrize('text', ["the customer's tone", "don't and can't", 'is it polite?', 'what is Triage?', 'costs $5, or {} of {x}', '{"a": [1, 2]}', r'see C:\new\tables', "'tis a note", 'a -- b --lm c', 'issue #12!', 'two  blanks'])
def test_a_note_stays_as_it_is_written(ready, text):
    assert ready(f'%dspy note Triage {text}').success
    assert store.registry().notes('Triage')[-1][0] == text


@pytest.mark.parametrize('line', ["%dspy save Triage -m it's shorter than before --tag good", '%dspy save Triage --tag good -m "it\'s shorter than before"', "%dspy save Triage --message it's shorter than before --tag good"])
def test_a_message_needs_no_quotes_and_ends_at_an_option(ready, line):
    ready(f'import dspy\nclass Triage(Triage): "Another one."\n{line}')
    version = store.registry().resolve('Triage')
    assert (version.message, version.tags) == ("it's shorter than before", ('good',))


def test_words_to_look_for_stay_as_they_are(ready):
    assert ready("%dspy search customer's").success and ready('%dspy search "route a" kind:signature $57193 {x}').success
    from dspy.clients import base_lm
    base_lm.GLOBAL_HISTORY.clear()  # of the tests before, in this process
    ready('%dspy run Triage email="I don\'t pay $57193. Wherefore?"')
    for line in ("%dspy history don't", '%dspy history "pay $57193"', '%dspy history $57193', "%dspy history 'pay'", '%dspy history wherefore?'): assert len(ready(line).result.calls) == 1, line


def test_a_question_about_a_name_is_still_ipython_s(ready):
    assert 'Docstring' in ready('%dspy?').shown or 'dspy' in ready('%dspy?').shown
    text = ready("said = '''\n%dspy note Triage why?\n'''\nsaid").result
    assert text == '\n%dspy note Triage why?\n'


def test_paths_keep_their_backslashes_and_quotes_still_group(ready, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for said, name in ((r'C:\data\x.json', r'C:\data\x.json'), (r'"C:\my data\x.json"', r'C:\my data\x.json'), ('"a b.json"', 'a b.json'), ("it's.json", "it's.json")):
        assert ready(f'%dspy export {said} Triage').success and (tmp_path/name).exists(), said
        assert ready(f'%dspy import {said} --dry-run').success


# --- variables of the notebook


@pytest.mark.parametrize('line', ['%dspy run Triage --lm $MODEL email="x"', '%%dspy run Triage --lm {MODEL}\nemail = "x"', '%%dspy run Triage --lm ${MODEL}\nemail = "x"', '%%dspy run Triage --lm={MODEL}\nemail = "x"',
                                  '%%dspy run {NAME} --lm "$MODEL"\nemail = "x"', TRIAGE.replace('Triage\n', 'Triage --lm {MODEL.lower()}\n', 1) + '---\nemail = "x"'])
def test_a_variable_chooses_the_model(ready, line):
    ready('MODEL = "fast"; NAME = "Triage"')
    assert 'test/fast' in ready(line).shown


def test_parameters_choose_the_default_model_and_fallbacks(ready):
    ready('import dspy\nMODEL = "fast"; LEGS = ["fast", "mlx/tiny"]; N = 1')
    assert ready('%dspy lm $MODEL').result.default == 'test/fast'
    assert ready('%dspy lm safe --fallback {LEGS}').result.names['safe'].startswith('fast')
    assert ready('%dspy list --most {N}').success
    ready('def choose(model):\n    %dspy lm $model\nchoose("mlx/tiny")')
    assert dspy.settings.lm.model == 'mlx/tiny'


@pytest.mark.parametrize('line, said, hint', [
    ('%dspy lm $MODLE', "no variable 'MODLE'", 'did you mean MODEL?'), ('%dspy lm {modell}', "no variable 'modell'", ''), ('%dspy lm {nothing_like_it}', "no variable 'nothing_like_it'", 'cell above'),
    ('%dspy lm {}', 'nothing stands between the braces', '{MODEL}'), ('%dspy lm {MODEL', 'is not closed', ''), ("%dspy lm '$MODEL'", 'single quotes', '$$MODEL'), ('%dspy lm {1/0}', 'ZeroDivisionError', 'Python'),
    ('%dspy lm {None}', 'is None', ''), ('%dspy show $Triage', 'SignatureMeta', 'without $'), ('%dspy lm {LEGS}', 'a list of 2', '[0]'), ('%dspy lm $EMPTY', '$EMPTY is empty', 'give the variable a value'),
    ('%%dspy run Triage --lm $MODLE\nemail = "x"', "no variable 'MODLE'", ''), ('%%dspy Signature A --lm {MODLE}\nq -> a', "no variable 'MODLE'", '')])
def test_what_has_no_value_is_never_taken_literally(ready, line, said, hint):
    ready('MODEL = "fast"; LEGS = ["fast", "mlx/tiny"]; EMPTY = ""')
    lines = told(ready(line))
    assert said in lines[0] and hint in lines[-1]


def test_text_is_filled_in_where_it_names_a_variable_and_nowhere_else(ready):
    ready('RUN = "nightly 7"; team = "sales"')
    for text, kept in (('of {RUN}, $RUN.', 'of nightly 7, nightly 7.'), ('$5 {} {0} {unknown} $unknown', '$5 {} {0} {unknown} $unknown'), ("'{RUN}'", '{RUN}'), ('{{RUN}}', '{{RUN}}'), ('$Triage', '$Triage')):
        ready(f'%dspy note Triage {text}')
        assert store.registry().notes('Triage')[-1][0] == kept


def test_a_cell_s_body_is_not_filled_in(ready):
    ready('x = "secret"')
    ready('%%dspy run Triage\nemail = "{x} $x {{x}}"')
    assert '{x} $x {{x}}' in ready.engine.requests[-1].messages[-1].text


# --- inputs on the line


@pytest.mark.parametrize('line', ['%dspy run Triage email="pay me"', "%dspy run Triage email='pay me' --lm fast", '%dspy run Triage --lm fast email = "pay" + " me"', '%%dspy run Triage email="pay me"\n', '%dspy run Triage email=inbox[0],'])
def test_inputs_may_stand_on_the_line(ready, line):
    ready('inbox = ["pay me"]')
    assert ready(line).result.team == 'billing'


@pytest.mark.parametrize('line, said, hint', [
    ('%dspy run Triage mail="x"', "'mail' is not an input of Triage (line 1, column 18)", 'did you mean email?'), ('%dspy run Triage email=', 'is missing (line 1', ''),
    ('%%dspy run Triage email="x"\nemail = "y"', "the input 'email' has a value already", 'one value'), ('%dspy run Triage email=inbx', "name 'inbx' is not defined", ''),
    ('%%dspy run Triage\nemail = [1, 2]', "the input 'email' of Triage should be str, not list: [1, 2]", 'email'), ('%%dspy run Triage\nemail = Triage', "should be str, not SignatureMeta", 'email'),
    ('%%dspy\nq: str\n->\na: str', 'no verb', '%%dspy Signature NAME'), ('%%dspy\nemail = "x"', 'no verb', '%%dspy run NAME'), ('%%dspy Triage\nemail = "x"', "no verb 'Triage'", '%%dspy run Triage'),
    ('%dspy Triage', "no verb 'Triage'", '%dspy show Triage'), ('%%dspy Answer\nq -> a', "no verb 'Answer'", '%%dspy Signature Answer'), ('%%dspy list\nx = 1', 'does nothing with what stands below', '%dspy list')])
def test_what_a_cell_is_for_is_said(ready, line, said, hint):
    lines = told(ready(line))
    assert said in lines[0] and hint in lines[-1]


# --- values that cannot be


CLUMSY = {
    '%dspy bench mlx/tiny --batch 0': '--batch 0 is less than 1', '%dspy bench mlx/tiny --tokens lots': '--tokens lots is not a whole number', '%dspy bundle nope': "nothing is registered as 'nope'", '%dspy bundle Triage --module ReAct': "invalid choice: 'ReAct'",
    '%dspy ship nowhere --to lambda': "invalid choice: 'lambda'", '%dspy ship nowhere --port zero': '--port zero is not a whole number', '%dspy ship nowhere --drain -1': '--drain -1 is not a time', '%dspy ship nowhere --image ""': '--image is empty', '%dspy ship nowhere --place ""': '--place is empty',
    '%dspy ship nowhere --code': 'expected at least one', '%dspy serve Triage --host ""': '--host is empty', '%dspy serve Triage --port lots': '--port lots is not a whole number', '%dspy serve Triage --tokens ""': '--tokens is empty', '%dspy serve Triage --running 0': '--running 0 is less than 1',
    '%dspy serve Triage --waiting -1': '--waiting -1 is less than 0', '%dspy serve Triage --seconds 0': '--seconds 0 is not a time', '%dspy serve Triage --rate ""': '--rate is empty', '%dspy serve Triage --drain 0': '--drain 0 is not a time', '%dspy serve Triage --certificate ""': '--certificate is empty',
    '%dspy serve Triage --key ""': '--key is empty', '%dspy serve Triage --code': 'expected at least one', '%dspy serve Payroll --stop': "no server has 'Payroll'", '%dspy token "a/b"': "'a/b' is not a name for a token", '%dspy token ci --for': 'expected at least one', '%dspy token ci --days 0': '--days 0 is not a time',
    '%dspy token ci --file ""': '--file is empty', '%dspy token ci --remove': "there is no token 'ci'", '%dspy schema nope': "there is no verb 'nope'",
    '%dspy deploy nope': "'nope'", '%dspy deploy Triage@99': '99', '%dspy deploy Triage --canary lots': '--canary lots is not a number', '%dspy deploy Triage --canary 120': '--canary 120 is not in 0 to 100', '%dspy deploy Triage --shadow -1': '--shadow -1 is not in 0 to 100',
    '%dspy deploy Triage --steps 5;x': "'5;x' are no steps", '%dspy deploy Triage --steps 50,5': "'50,5' are no steps", '%dspy deploy Triage --alias "a b"': "'a b' is not a word for an alias", '%dspy deploy Triage --metric ""': '--metric is empty', '%dspy deploy Triage --samples 0': '--samples 0 is less than 1',
    '%dspy deploy Triage --seconds 0': '--seconds 0 is not a time', '%dspy deploy Triage --margin 2': 'margin = 2.0', '%dspy deploy Triage --slower fast': '--slower fast is not a number', '%dspy deploy Triage --slower 0.5': '0.5 is no value for slower', '%dspy rollback nope': "'nope' is not deployed",
    '%%dspy Signature my-sig\nq -> a': "'my-sig' is not a name for a signature (line 1, column 18)", '%%dspy Signature --no-run 2nd\nq -> a': "'2nd' is not a name for a signature (line 1, column 27)",
    '%%dspy Signature "a b"\nq -> a': "'a b' is not a name for a signature (line 1, column 18)", '%%dspy Signature class\nq -> a': "'class'", '%%dspy Signature ""\nq -> a': 'NAME is empty', '%%dspy Signature A b\nq -> a': 'unrecognized arguments: b',
    '%%dspy Signature A --module ReAct\nq -> a': "invalid choice: 'ReAct'", '%%dspy Signature A -o 1st\nq -> a': "-o '1st' is not a name",
    '%%dspy run Triage -o "my var"\nemail = "x"': "-o 'my var' is not a name", '%%dspy run Triage -o class\nemail = "x"': '-o class is a word of Python', '%%dspy run Triage -o\nemail = "x"': 'expected one argument', '%%dspy run Triage -o ""\nemail = "x"': '--output is empty',
    '%%dspy run Triage -o a.b\nemail = "x"': "-o 'a.b'", '%%dspy run Triage --lm ""\nemail = "x"': '--lm is empty', '%%dspy run Triage --lm\nemail = "x"': 'expected one argument', '%%dspy run 2nd\nx = 1': "'2nd' is not a name", '%%dspy run Triage --most 3\nemail = "x"': 'unrecognized',
    '%dspy lm "my model" mlx/tiny': "'my model' is not a name for a model", '%dspy lm a b c': 'unrecognized', '%dspy lm safe --fallback': 'expected at least one', '%dspy lm safe --fallback fast mlx/tiny --strategy both': "invalid choice: 'both'",
    '%dspy lm safe --fallback fast mlx/tiny --hedge-after soon': "hedge_after = 'soon'", '%dspy lm safe --fallback fast mlx/tiny --hedge-after -1': '--hedge-after -1 is not a time', '%dspy lm ""': 'NAME is empty',
    '%dspy lm fast mlx/tiny --temperature warm': '--temperature warm is not a number', '%dspy lm fast mlx/tiny --max-tokens ten': '--max-tokens ten is not a whole number', '%dspy lm fast mlx/tiny --num-retries some': '--num-retries some is not a whole number',
    '%dspy lm fast mlx/tiny --cache maybe': "invalid choice: 'maybe'", '%dspy lm fast mlx/tiny --api-base ""': '--api-base is empty', '%dspy lm fast mlx/tiny --api-key ""': '--api-key is empty',
    '%dspy status now': "'now' is not deployed", '%dspy status a b': 'unrecognized', '%dspy breaker nobody': "no breaker 'nobody'", '%dspy breaker fast opne': "invalid choice: 'opne'", '%dspy breaker ""': 'NAME is empty',
    '%dspy chaos nobody --fail 1': "no model is called 'nobody'", '%dspy chaos fast --fail ten': '--fail ten is not a number', '%dspy chaos fast --fail 3': 'fail = 3.0 is not a share', '%dspy chaos fast --fail -1': 'fail = -1.0 is not a share', '%dspy chaos fast --fail 130%': 'is not a share',
    '%dspy chaos fast --fail nan': '--fail nan is not a number', '%dspy chaos fast --slow x': '--slow x', '%dspy chaos fast --truncate 2': 'truncate = 2.0', '%dspy chaos fast --garbage x': '--garbage x', '%dspy chaos fast --broken x': '--broken x', '%dspy chaos fast --errors flood': "invalid choice: 'flood'",
    '%dspy chaos fast --latency long': '--latency long is not a number', '%dspy chaos fast --latency -1': '--latency -1 is not a time', '%dspy chaos fast --latency inf': '--latency inf is not a number', '%dspy chaos fast --for 0': '--for 0 is not a time', '%dspy chaos fast --for -3': '--for -3',
    '%dspy chaos fast --seed 1.5': '--seed 1.5 is not a whole number', '%dspy chaos nobody --stop': "'nobody'",
    '%dspy run Triage --data nope.csv': "cannot be read", '%dspy run Triage --data nope.csv --jobs 0': '--jobs 0 is less than 1', '%dspy run Triage --data nope.csv --resume ""': '--resume is empty',
    '%dspy model openai/gpt-5-mini': 'is not a model that runs here', '%dspy pull mlx/nowhere.gguf': 'there is no file', '%dspy define nope.dspy': 'nope.dspy cannot be read',
    '%dspy calibrate Triage nope --method magic': "invalid choice: 'magic'", '%dspy calibrate Triage nope --seed 1.5': '--seed 1.5 is not a whole number', '%dspy calibrate Triage nope --threads 0': '--threads 0 is less than 1', '%dspy calibrate Triage nope --to ""': '--to is empty',
    '%dspy convert nope.py out.ipynb': 'nope.py cannot be read', '%dspy completion tcsh': "invalid choice: 'tcsh'", '%dspy mcp': 'required: NAMES', '%dspy mcp nope': "'nope'", '%dspy mcp Triage@1 Triage@2 --lm nope nope': 'unrecognized', '%dspy mcp Triage --url ""': '--url is empty',
    '%dspy settings now': 'unrecognized arguments: now', '%dspy library nope': "no starter signature 'nope'", '%dspy list --most ten': '--most ten is not a whole number', '%dspy list --most 0': '--most 0 is less than 1', '%dspy list --most -1': '--most -1 is less than 1', '%dspy list --most 2.5': '--most 2.5 is not', '%dspy list --kind verb': "invalid choice: 'verb'",
    '%dspy list --most': 'expected one argument', '%dspy list Triage': 'unrecognized', '%dspy show "a b"': "'a b' is not a name", '%dspy show Triage@': "'Triage@' is not a reference", '%dspy show ""': 'NAME is empty', '%dspy edit nope': "'nope'", '%dspy edit 2nd': "'2nd'",
    '%dspy save nope': "no 'nope'", '%dspy save Triage --to class': "'class' is not a name", '%dspy save Triage --to "a b"': "'a b'", '%dspy save Triage --to ""': '--to is empty', '%dspy save Triage --tag "a b"': "'a b' is not a word for a tag", '%dspy save Triage --parent nope': "'nope'",
    '%dspy save Triage --parent "a b"': "'a b'", '%dspy save Triage -m': 'expected one argument', '%dspy load Triage --to class': '--to class is a word of Python', '%dspy load Triage --to "my var"': "--to 'my var'", '%dspy load Triage --to None': '--to None', '%dspy load Triage --to ""': '--to is empty', '%dspy load nope': "'nope'", '%dspy load Triage@99': '99',
    '%dspy diff Triage 9': "'9'", '%dspy diff nope': "'nope'", '%dspy log "a b"': "'a b'", '%dspy log nope': "'nope'", '%dspy alias Triage@1 "a b"': "'a b' is not a word for an alias", '%dspy alias Triage@1 latest': 'latest', '%dspy alias nope prod': "'nope'", '%dspy alias Triage@1 --frce': 'unrecognized',
    '%dspy tag Triage "a b"': "'a b' is not a word for a tag", '%dspy tag Triage': 'required: TAGS', '%dspy note Triage': 'required: TEXT', '%dspy note "a b" x': "'a b'", '%dspy note Triage ""': 'note', '%dspy search': 'required: WORDS', '%dspy search x --most many': '--most many', '%dspy search x --histroy': 'no option --histroy',
    '%dspy search kidn:signature': 'kidn: is not a filter', '%dspy lineage "a b"': "'a b'", '%dspy export /nowhere/at/all/x.json': 'cannot be written', '%dspy export x.json "a b"': "'a b'", '%dspy export ""': 'PATH is empty', '%dspy import /nowhere/at/all.json': 'cannot be read', '%dspy import ""': 'PATH is empty',
    '%dspy delete "a b"': "'a b'", '%dspy delete Triage@99': '99', '%dspy history --most ten': '--most ten', '%dspy history --most 0': '--most 0', '%dspy history 0': 'no call 0', '%dspy history --version "a b"': "'a b'", '%dspy history --version ""': '--version is empty', '%dspy help nope': "no verb 'nope'", '%dspy help a b': 'unrecognized',
    '%dspy alerts now': 'unrecognized', '%dspy supervise --of': 'unrecognized', '%dspy why ten': 'there is no call ten', '%dspy why 0': 'there is no call 0', '%dspy why 1 2': 'unrecognized', '%dspy dashboard --last long': '--last long',
    '%dspy history --since tomorow': 'tomorow', '%dspy history --outcome eror': "invalid choice: 'eror'", '%dspy history --session some': "invalid choice: 'some'",
    '%dspy evaluate Triage': 'nothing to evaluate Triage on', '%dspy evaluate Triage --on nope': "a dataset 'nope'", '%dspy evaluate Triage --on nope.csv --metric best': 'nope.csv', '%dspy evaluate Triage --on nope --lm ""': '--lm is empty',
    '%dspy evaluate Triage --on nope --threads 0': '--threads 0 is less than 1', '%dspy evaluate Triage --on nope --first ten': '--first ten', '%dspy evaluate Triage --on nope --module ReAct': "invalid choice: 'ReAct'", '%dspy evaluate Triage --on nope --budget "five rows"': "'nope'",
    '%dspy evaluate Triage --on nope --where there': "invalid choice: 'there'", '%dspy evaluate Triage --on nope --where ray --workers 0': '--workers 0 is less than 1',
    '%dspy evaluate Triage --resume nope': "no run 'nope'", '%dspy runs now': 'unrecognized', '%dspy runs --kind dance': "invalid choice: 'dance'", '%dspy runs --last 0': '--last 0 is less than 1',
    '%dspy optimize Triage': 'nothing to optimise Triage on', '%dspy optimize Triage --on nope': "a dataset 'nope'", '%dspy optimize Triage --on nope --val nope --metric best --lm fast --to Best --seed 3': "a dataset 'nope'", '%dspy optimize Triage --with gape --on nope': "invalid choice: 'gape'",
    '%dspy optimize Triage --on nope --option bsize': "'bsize' is no option", '%dspy optimize Triage --on nope --threads 0 --yes': '--threads 0 is less than 1', '%dspy optimize Triage --on nope --budget "five rows"': "'five rows'", '%dspy optimize Triage --resume nope': "no run 'nope'",
    '%dspy compare Triage': 'no examples to compare Triage on', '%dspy compare --on nope': 'required: NAMES', '%dspy compare Triage --on nope': 'only one column', '%dspy compare Triage nope --on nope': "'nope'", '%dspy compare Triage Triage --on nope': "a dataset 'nope'",
    '%dspy compare Triage Triage --on nope --metric best --fresh': "a dataset 'nope'", '%dspy promote Triage@1 prod --on nope --metric best': "a dataset 'nope'", '%dspy promote Triage@1 prod --on nope --threads 0': '--threads 0 is less than 1', '%dspy promote Triage@1 prod --on nope --budget ""': '--budget is empty',
    '%dspy compare Triage --on nope --layout json yaml': "invalid choice: 'yaml'", '%dspy compare Triage Triage --on nope --threads 0': '--threads 0 is less than 1', '%dspy compare Triage Triage --on nope --budget ""': '--budget is empty',
    '%dspy promote Triage@1': 'required: ALIAS', '%dspy promote Triage@1 prod': 'no examples to compare Triage@1 on', '%dspy promote Triage@1 "a b" --on nope': "'a b' is not a word for an alias", '%dspy promote nope prod --on nope': "'nope'", '%dspy promote Triage@99 prod --on nope': '99',
    '%dspy promote Triage@1 prod --on nope': "a dataset 'nope'", '%dspy promote Triage@1 prod --on nope --margin lots': '--margin lots', '%dspy promote Triage@1 prod --on nope --margin 2': 'margin = 2.0',
    '%dspy resume nope': "no run 'nope'", '%dspy resume nope --threads 0': '--threads 0 is less than 1', '%dspy resume nope --budget "five rows"': "no run 'nope'", '%dspy resume': 'required: RUN',
    '%%dspy examples dev-set\na = 1': "NAME 'dev-set' is not a name", '%%dspy examples class\na = 1': 'word of Python', '%%dspy examples devset --for nope\na = 1': "'nope'", '%%dspy examples devset --for Triage\nmail = x': "no column 'email'", '%%dspy examples devset': 'no examples for devset',
    '%%dspy examples devset --from nope\n': "a dataset 'nope'", '%%dspy examples devset --from nope\na = 1': 'and --from nope too', '%dspy examples devset --from /no/such.csv': 'cannot be read', '%dspy examples devset --from history': 'is marked as right', '%%dspy examples Triage\na = 1': 'Triage is a signature already',
    '%%dspy examples devset\n{"a": }': 'line 1, column 7 is not JSON', '%%dspy examples devset -m\na = 1': 'expected one argument', '%dspy split nope 0.5 0.5': "a dataset 'nope'", '%dspy split Triage 0.5 0.5': 'Triage is a SignatureMeta, not a dataset', '%dspy split nope': 'required: SHARES', '%dspy split nope 0.5 0.5 --seed x': '--seed x is not a whole number',
    '%dspy split nope 0.5 0.5 --by ""': '--by is empty', '%dspy case Triage urgent': "no inputs", '%dspy case Triage "a b" email=x': "'a b' is not a word for a case", '%dspy case Triage urgent mail=x': "'mail' is no input of Triage", '%dspy case Triage urgent email=x --expect team=sale': 'team=sale does not fit Triage',
    '%dspy case Triage urgent --from nope': 'no answer of this session is known', '%dspy case Triage urgent --delete': "no case 'urgent'", '%dspy case nope urgent a=1': "'nope'", '%dspy test Triage': 'Triage has no cases', '%dspy test Triage --versions x': '--versions x is not a whole number', '%dspy test "a b"': "'a b'", '%dspy test Triage --lm ""': '--lm is empty', '%dspy test Triage --threads 0': '--threads 0',
    '%dspy mark right': 'no answer of this session is known', '%dspy mark perhaps': 'says neither right nor wrong', '%dspy mark 3 right wrong': 'says neither', '%dspy mark right --correct team=sales': 'is not right', '%dspy run devset@1': "'devset'",
    '%dspy finetune': 'needs a signature and examples', '%dspy finetune Triage': 'needs a signature and examples', '%dspy finetune Triage --on nope': 'does not run on this machine', '%dspy finetune Triage --on nope --lm mlx/tiny': "a dataset 'nope'", '%dspy finetune --resume nope': "no run 'nope'",
    '%dspy finetune Triage --on nope --steps 0': '--steps 0 is less than 1', '%dspy finetune Triage --on nope --held-out 2': 'held-out = 2.0', '%dspy finetune Triage --on nope --rank big': '--rank big',
    '%dspy finetune Triage --on nope --learning-rate fast': '--learning-rate fast is not a number', '%dspy finetune Triage --on nope --batch-size 0': '--batch-size 0 is less than 1', '%dspy finetune Triage --on nope --every never': '--every never is not a whole number',
    '%dspy finetune Triage --on nope --patience 0': '--patience 0 is less than 1', '%dspy finetune Triage --on nope --seed 1.5': '--seed 1.5 is not a whole number', '%dspy finetune Triage --on nope --name ""': '--name is empty', '%dspy finetune Triage --on nope --budget "five rows"': "'five rows'",
    '%dspy cost Triage': 'no examples to estimate Triage on', '%dspy cost --on nope': 'required: NAME', '%dspy cost Triage --on nope': "a dataset 'nope'", '%dspy cost nope --on nope': "'nope'", '%dspy cost Triage --on nope --with gape': "invalid choice: 'gape'", '%dspy cost Triage --on nope --lm ""': '--lm is empty',
    '%dspy cost Triage --on nope --threads 0': '--threads 0 is less than 1', '%dspy cost Triage --on nope --module ReAct': "invalid choice: 'ReAct'",
    '%dspy doctor now': 'unrecognized', '%dspy doctor --ful': 'unrecognized', '%dspy init': 'required: FOLDER', '%dspy init ""': 'FOLDER is empty', '%dspy init /dev/null': '/dev/null is a file', '%dspy init /dev/null/x': 'cannot be written',
    '%dspy init new --template lroa': "invalid choice: 'lroa'",
    "%dspy show 'Triage": 'No closing quotation', '%dspy show "Triage': 'No closing quotation'}


@pytest.mark.parametrize('line', CLUMSY)
def test_a_clumsy_value_is_refused_by_name_in_two_lines(ready, line):
    before = [str(v) for v in store.registry().latest()]
    assert CLUMSY[line] in told(ready(line))[0]
    assert [str(v) for v in store.registry().latest()] == before and 'class' not in ready.ip.user_ns


def test_every_argument_of_every_verb_has_a_clumsy_value():
    for verb in VERBS.values():
        lines = [line.partition('\n')[0].split() for line in CLUMSY if line.lstrip('%').split()[1] == verb.name or verb.body and line.startswith('%%')]
        for a in verb.arguments:
            takes_any = a.text or a.value == 'LM'
            if a.is_option and (a.value or a.choices) and not takes_any: assert any({a.name, a.short} & set(line) for line in lines), (verb.name, a.name)
        assert lines, verb.name


def test_a_wrong_metric_lists_functions_of_the_person_and_none_of_ipython(ready):
    ready('def is_short(example, prediction): return 1.0\nrows = [dict(email="x", team="sales", needs_human=True)]')
    hint = told(ready('%dspy evaluate Triage --on rows --metric nonsense'))[-1]
    assert 'is_short' in hint and 'exact_match' in hint and 'open' not in hint


def test_one_of_a_thing_has_no_s(ready):
    assert ready('%dspy case Triage urgent email=x').success
    assert '1 case\n' in ready('%dspy case Triage').shown
    ready('%dspy case Triage late email=y')
    assert '2 cases\n' in ready('%dspy case Triage').shown
    assert ready('%%dspy examples rows --for Triage\nemail,team,needs_human\n' + ''.join(f'Mail {n},sales,true\n' for n in range(6))).success
    shown = ready('%dspy show rows').shown
    assert '6 rows' in shown and '1 more row\n' in shown


def test_the_list_of_verbs_fits_and_keeps_together_what_belongs_together(ready):
    names = list(VERBS)
    for group in (['examples', 'split'], ['case', 'test', 'mark', 'evaluate', 'compare', 'promote', 'cost', 'optimize', 'calibrate', 'finetune', 'runs', 'resume'], ['history', 'why', 'alerts'], ['serve', 'token', 'deploy', 'rollback']):
        at = names.index(group[0])
        assert names[at:at + len(group)] == group
    assert max(map(len, ready('%dspy help').shown.splitlines())) <= 100


def test_a_mark_stands_under_the_name(ready):
    assert told(ready('%%dspy Signature --no-run my-sig\nq -> a'))[1:3] == ['    %%dspy Signature --no-run my-sig', ' ' * 30 + '^^^^^^ expected a Python name']


def test_help_lists_what_can_be_done(ready):
    assert 'half-open' in ready('%dspy help breaker').shown and 'force-open' in ready('%dspy help breaker').shown
    shown = ready('%dspy help chaos').shown
    for kind in ('rate_limit', 'context_length', 'memory'): assert kind in shown


def test_what_there_is_is_listed_from_the_notebook_and_from_the_registry(ready):
    ready('%dspy library Classify')
    ready('del Classify')
    lines = told(ready('%dspy show Zzz'))
    assert 'Triage' in lines[1] and 'Classify' in lines[1]
