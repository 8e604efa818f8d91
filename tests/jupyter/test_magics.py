"What a person writes in a cell, and what they get."
import _thread
import pickle

import dspy
import pytest
from dspy.utils import DummyLM

from dspy_toolkit.commands.parse import read_line
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.core.errors import InputError, NotRegistered, SignatureSyntaxError
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.commands.drafts import Stopped
from tests.typist import typist, until

from .conftest import TRIAGE

BILLING = '{"team": "billing", "needs_human": true}'
COT = '{"reasoning": "It asks for money back.", "team": "billing", "needs_human": true}'


def ask(shell, *answers, **kwargs):
    "Let a scripted model answer."
    lm = typist(*answers or [BILLING], **kwargs)
    dspy.configure(lm=lm, adapter=dspy.JSONAdapter())
    return lm.engine


def test_a_signature_cell_defines_a_dspy_signature(shell):
    shown = shell(TRIAGE).shown
    assert issubclass(shell['Triage'], dspy.Signature)
    assert shell['Triage'].instructions == 'Route a support email to the right team.'
    assert 'Route a support email' in shown and 'as received' in shown and 'Literal["billing", "technical", "sales"]' in shown
    dspy.configure(lm=DummyLM([{'team': 'sales', 'needs_human': 'False'}]), adapter=dspy.ChatAdapter())
    assert shell('import dspy; dspy.Predict(Triage)(email="Hello").team').result == 'sales'


def test_a_cell_with_inputs_runs_and_its_value_is_the_prediction(shell):
    engine = ask(shell)
    shell('inbox = ["Refund me, please."]')
    result = shell(TRIAGE + '---\nemail = inbox[0].upper()')
    assert isinstance(result.result, dspy.Prediction) and result.result.team == 'billing'
    assert shell('(_.team, _.needs_human)').result == ('billing', True)
    assert 'REFUND ME, PLEASE.' in str(engine.requests[0])


def test_the_value_is_kept_in_out(triage):
    ask(triage)
    count = triage.ip.execution_count
    triage('%%dspy run Triage\nemail = "x"')
    assert triage['Out'][count].team == 'billing'


def test_a_terminal_shows_the_answer_once_as_a_card(triage):
    ask(triage)
    shown = triage('%%dspy run Triage\nemail = "x"').shown
    assert shown.count('billing') == 1
    assert 'Triage@1  Predict · test/typist · 20 → 12 tokens' in shown
    assert 'running' not in shown and '▍' not in shown


def test_a_semicolon_silences_but_still_runs(triage):
    ask(triage)
    result = triage('%%dspy run Triage -o answer\nemail = "x";')
    assert (result.shown, result.result) == ('', None)
    assert triage['answer'].team == 'billing'
    assert triage(TRIAGE.rstrip() + '  # who;').shown != ''


def test_no_run_only_defines(shell):
    engine = ask(shell)
    shell(TRIAGE.replace('Triage\n', 'Triage --no-run\n', 1) + '---\nemail = no_such_name')
    assert shell['Triage'] and engine.requests == []


def test_the_module_and_the_model_can_be_chosen(triage):
    ask(triage)
    triage.ip.user_ns['dspy'] = dspy
    other = typist(COT, name='test/other')
    from dspy_toolkit.workspace import lms
    lms.names['other'] = other
    result = triage('%%dspy run Triage --module ChainOfThought --lm other\nemail = "x"')
    assert result.result.reasoning == 'It asks for money back.'
    assert 'ChainOfThought · test/other' in result.shown
    assert dspy.settings.lm.model == 'test/typist'


def test_an_ordinary_program_runs_too(triage):
    ask(triage, COT)
    triage('import dspy; careful = dspy.ChainOfThought(Triage)')
    result = triage('%%dspy run careful\nemail = "x"')
    assert result.result.team == 'billing' and 'careful  ChainOfThought' in result.shown


def test_braces_mean_nothing(triage):
    engine = ask(triage)
    triage('%%dspy run Triage\nemail = \'{"a": 1} {email} {{x}} $HOME {0}\'')
    assert '{"a": 1} {email} {{x}} $HOME {0}' in engine.requests[0].messages[-1].text


def test_enums_and_models_of_the_notebook_are_found_in_types(shell):
    ask(shell, '{"mood": "calm", "people": [{"name": "Ada", "age": 36}]}')
    shell('from enum import Enum\nfrom pydantic import BaseModel\nclass Mood(Enum): calm = "calm"; angry = "angry"\n'
          'class Person(BaseModel):\n    name: str\n    age: int')
    result = shell('%%dspy Signature Read\ntext: str\n->\nmood: Mood\npeople: list[Person]\n---\ntext = "x"')
    assert result.result.mood is shell['Mood'].calm and result.result.people == [shell['Person'](name='Ada', age=36)]
    assert 'name  age' in result.shown and 'Ada   36' in result.shown


def test_the_card_of_any_prediction_is_shown_as_html(triage):
    ask(triage)
    html = triage.ip.display_formatter.formatters['text/html']
    plain = triage('import dspy; dspy.Predict(Triage)(email="x")')
    assert plain.shown.split(': ', 1)[1].lstrip().startswith('Prediction(')
    assert 'billing' in html(plain.result)
    assert '&lt;b&gt;' in html(dspy.Prediction(answer='<b>')) and '<b>' not in html(dspy.Prediction(answer='<b>'))


# --- the verbs of one line


def test_help_lists_every_verb_with_what_it_does(shell):
    for line in ('%dspy', '%dspy help', '%dspy --help', '%%dspy --help'):
        shown = ' '.join(shell(line).shown.split())  # what is wrapped too
        for verb in VERBS.values(): assert f' {verb.name} ' in shown and verb.summary in shown and verb.group in shown


def test_a_question_mark_explains_the_magic(shell):
    for line in ('%dspy?', '%%dspy?'):
        assert '%%dspy Signature Sentiment' in shell(line).shown and '%dspy help VERB' in shell(line).shown


@pytest.mark.parametrize('verb', VERBS)
def test_help_on_a_verb_shows_its_usage_and_an_example(shell, verb):
    shown = shell(f'%dspy help {verb}').shown
    assert VERBS[verb].summary in shown and VERBS[verb].example.splitlines()[0] in shown
    assert shell(f'%dspy {verb} --help').shown.split(': ', 1)[1] == shown.split(': ', 1)[1]


ROWS = [{'review': f'Review {n}', 'sentiment': 'negative'} for n in range(12)]
ELSEWHERE = ('openai/', 'mlx-community/', 'evaluate-2026', 'mipro', '--steps 100', '--online')  # models of other machines, the id of one run, half a minute each, and the network


@pytest.fixture
def busy(shell, tmp_path, monkeypatch):
    "A shell in which everything is that the examples of the verbs name; its runs are the test's own."
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    reset_settings()
    ask(shell, '{"sentiment": "negative"}')
    shell('import dspy')
    cell = VERBS['Signature'].example
    for name in ('Triage', 'Sentiment'):
        shell(cell.replace('Sentiment', name))
        for n in range(3): shell(cell.replace('Sentiment', name).replace('how a review feels', f'how a review feels, in {n} words').partition('---')[0])
        shell(f'%dspy alias {name}@2 prod')
    shell('%dspy lm fast mlx/tiny')
    shell('%dspy lm safe --fallback fast test/typist')
    (tmp_path/'mail.ipynb').write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    (tmp_path/'prompts.baml').write_text('function Say(text: string) -> string {\n  client Tiny\n  prompt #"Say it."#\n}\n')
    (tmp_path/'triage.dspy').write_text('%%dspy Signature Note\ntext: str\n->\nkind: str\n')
    (tmp_path/'signatures.py').write_text('import dspy\nclass Reply(dspy.Signature):\n    text: str = dspy.InputField()\n    reply: str = dspy.OutputField()\n')
    return shell


RUN, MOVE_BACK = VERBS['run'].example, '%dspy alias Triage@2 prod --force'
BUNDLE = '%dspy bundle Triage@prod served --lm fast --force'
BEFORE = {'serve': '%dspy lm mlx/tiny', 'convert': BUNDLE, 'bundle': 'import shutil\nshutil.rmtree("served", ignore_errors=True)\n%dspy lm mlx/tiny', 'status': '%dspy deploy Triage@prod', 'deploy': MOVE_BACK, 'rollback': '%dspy deploy Triage@3', 'case': RUN, 'mark': RUN, 'promote': MOVE_BACK, 'finetune': '%dspy lm mlx/tiny', 'calibrate': 'import dspy_toolkit; dspy.configure(lm=dspy_toolkit.lm("mlx/tiny"), adapter=dspy_toolkit.GrammarAdapter())'}  # verb -> a cell that a person runs before


def cells_of(verb): return [f'{verb.spelling} {words}'.rstrip() for words in verb.examples]


def test_the_example_of_every_verb_works(busy):
    for verb in VERBS.values():
        for cell in cells_of(verb):
            if any(word in cell for word in ELSEWHERE):
                assert read_line(cell.partition('dspy ')[2].partition('\n')[0]).verb is verb
                continue
            busy.ip.user_ns |= dict(devset=ROWS, trainset=ROWS, inputs=[{'review': row['review']} for row in ROWS])
            ask(busy, '{"sentiment": "negative"}')
            if verb.name in BEFORE: assert busy(BEFORE[verb.name]).success
            result = busy(cell)
            assert result.success, f'{cell}: {result.error}\n{result.shown}'


def test_list_and_show(triage):
    triage('%%dspy Signature QA\nquestion, context: list[str] -> answer')
    shown = triage('%dspy list').shown
    assert 'email -> team, needs_human' in shown and 'question, context -> answer' in shown
    assert 'as received' in triage('%dspy show Triage').shown


def test_lm_shows_chooses_and_names(shell):
    shell('import dspy')
    assert 'mlx/tiny' in shell('%dspy lm').shown
    assert shell('%dspy lm small mlx/tiny').success
    assert shell('%dspy lm small').result.names == {'small': 'mlx/tiny'}
    mine = shell.ip.user_ns['mine'] = typist(BILLING)
    shell('dspy.configure(lm=mine)')
    assert shell('%dspy lm').result.default == 'test/typist'
    assert shell('%dspy lm small').result.default == 'mlx/tiny' and dspy.settings.lm is not mine


# --- errors: a line, a hint, no stack


ERRORS = {
    'a bad type': ('%%dspy Signature T\nemail: string\n->\nteam: str', SignatureSyntaxError, "unknown type 'string' (line 2, column 8)", 'did you mean str?'),
    'no arrow': ('%%dspy Signature T\nemail: str\nteam: str', SignatureSyntaxError, 'no ->', '->'),
    'an unknown name': ('%%dspy run Triage\n\nemail = inbx[0]', InputError, "email = inbx[0] (line 3): name 'inbx' is not defined", 'did you mean inbox?'),
    'an expression that fails': ('%%dspy run Triage\nemail = inbox[7]', InputError, 'IndexError: list index out of range', 'Python'),
    'a missing input': ('%%dspy run Triage', InputError, "Triage needs the input 'email'", 'email = ...'),
    'an input of the wrong type': ('%%dspy run Triage\nemail = 3.5', InputError, "should be str, not float: 3.5", 'str(...)'),
    'an unknown input': ('%%dspy run Triage\nmail = "x"', SignatureSyntaxError, "'mail' is not an input of Triage (line 2, column 1)", 'did you mean email?'),
    'an unknown signature': ('%dspy show Trage', NotRegistered, "neither this notebook nor the registry has 'Trage'", 'did you mean Triage?'),
    'something else by that name': ('%%dspy run inbox\nx = 1', NotRegistered, 'inbox is a list, not a signature', 'Triage'),
    'an unknown verb': ('%dspy shwo', None, "there is no verb 'shwo'", 'did you mean show?'),
    'an unknown option': ('%%dspy run Triage --model x\nemail = "x"', None, 'unrecognized arguments: --model x', 'usage: %%dspy run'),
    'an unknown module': ('%%dspy run Triage --module ReAct\nemail = "x"', None, "invalid choice: 'ReAct'", 'usage'),
    'a missing name': ('%%dspy Signature\nq -> a', None, 'NAME', 'usage'),
    'quotes that do not close': ("%dspy show 'Tri", None, 'No closing quotation', 'close the quotes'),
    'a bad model name': ('%dspy lm mlx/./nowhere', LookupError, 'nowhere', 'config.json'),
}


@pytest.mark.parametrize('cell, kind, message, hint', ERRORS.values(), ids=ERRORS)
def test_errors_say_what_is_wrong_and_what_to_do(triage, cell, kind, message, hint):
    ask(triage)
    triage('inbox = ["x"]')
    result = triage(cell)
    assert not result.success and isinstance(result.error, kind or Exception)
    lines = result.shown.strip().splitlines()
    assert message in lines[0] and hint in result.shown and 'Traceback' not in result.shown
    assert len(lines) <= 4, result.shown


def test_an_answer_that_does_not_parse_is_told_in_two_lines(triage):
    ask(triage, 'I would say it is\nabout billing.')
    result = triage('%%dspy run Triage\nemail = "x"')
    assert isinstance(result.error, dspy.AdapterParseError)
    assert 'the answer does not give team, needs_human: I would say it is about billing.' in result.shown
    assert 'Traceback' not in result.shown and len(result.shown.strip().splitlines()) == 2


def test_an_error_of_a_provider_is_told_in_two_lines(triage):
    def fail(word): raise dspy.lm15.AuthError('the key is not valid')
    ask(triage, BILLING, pace=fail)
    result = triage('%%dspy run Triage\nemail = "x"')
    assert 'the key is not valid' in result.shown and '--lm' in result.shown and 'Traceback' not in result.shown


def test_traceback_shows_the_stack(triage):
    shown = triage('%%dspy run Triage --traceback\nemail = inbx').shown
    assert 'Traceback (most recent call last)' in shown and "name 'inbx' is not defined" in shown


def test_a_bug_keeps_its_stack(triage, monkeypatch):
    def broken(namespace): raise ZeroDivisionError('a bug')
    monkeypatch.setattr('dspy_toolkit.commands.listing.list_versions', broken)
    assert 'Traceback' in triage('%dspy list').shown


def test_colours_and_titles_of_a_model_s_answer_do_not_reach_the_terminal(triage):
    ask(triage, '\x1b[31mred\x1b]0;title\x07 \x9b2J')
    assert 'needs_human: red �2J' in triage('%%dspy run Triage\nemail = "x"').shown


class Kernel:
    "As much of a kernel as says that there is one."


@pytest.fixture
def page(triage, monkeypatch):
    "What a notebook's page gets of a cell: the bundles that are displayed, the lines of the error."
    monkeypatch.setattr(triage.ip, 'kernel', Kernel(), raising=False)
    monkeypatch.setenv('JPY_SESSION_NAME', 'triage.ipynb')
    told = []
    monkeypatch.setattr(triage.ip, '_showtraceback', lambda kind, error, lines: told.append((kind.__name__, lines)))

    def run(cell):
        told.clear()
        result = triage(cell)
        return result, result.displayed, told[0] if told else None
    return run


def test_on_a_page_an_error_is_a_card_and_a_word(page):
    result, cards, told = page('%%dspy run Triage\nemail = inbx')
    assert not result.success and told == ('InputError', ['InputError'])
    assert len(cards) == 1 and 'role="alert"' in cards[0]['text/html'] and 'define inbx in a cell above' in cards[0]['text/html']
    assert cards[0]['text/plain'].splitlines()[0] == "InputError: email = inbx (line 2): name 'inbx' is not defined"


def test_on_a_page_a_bug_is_a_card_with_its_stack_folded(page, monkeypatch):
    def broken(namespace): raise ZeroDivisionError('a bug')
    monkeypatch.setattr('dspy_toolkit.commands.listing.list_versions', broken)
    _, cards, told = page('%dspy list')
    assert told == ('ZeroDivisionError', ['ZeroDivisionError']) and 'in broken' in cards[0]['text/html'].partition('<details>')[2]


def test_on_a_page_traceback_shows_the_stack_and_no_card(page):
    _, cards, (kind, lines) = page('%dspy show Nobody --traceback')
    assert cards == [] and kind == 'NotRegistered' and 'Traceback (most recent call last)' in ''.join(lines)


def test_an_error_that_a_cell_catches_shows_nothing(page):
    result, cards, told = page('try: get_ipython().run_line_magic("dspy", "shwo")\nexcept Exception as e: said = str(e)')
    assert result.success and cards == [] and told is None


def test_where_nobody_looks_on_the_lines_say_it_all(page, monkeypatch):
    monkeypatch.delenv('JPY_SESSION_NAME')
    _, cards, (kind, lines) = page('%dspy shwo')
    assert cards == [] and lines == ["UsageError: there is no verb 'shwo'", '  → did you mean show?']


def test_an_error_leaves_the_last_value_alone(page):
    page('6 * 7')
    page('%dspy shwo')
    assert page('_')[0].result == 42


# --- stop


def test_a_stopped_run_keeps_what_was_written_and_the_next_one_works(triage):
    ask(triage, COT, BILLING, pace=until('money', _thread.interrupt_main))
    result = triage('%%dspy run Triage --module ChainOfThought\nemail = "x"')
    assert isinstance(result.error, Stopped) and isinstance(result.error, KeyboardInterrupt)
    assert result.error.view.values == {'reasoning': 'It asks for '} and result.error.view.state == 'stopped'
    assert 'Stopped: Triage was stopped while it was writing reasoning' in result.shown and 'Traceback' not in result.shown
    assert triage('%%dspy run Triage\nemail = "x"').result.team == 'billing'


def test_under_a_kernel_the_card_is_drawn_as_it_is_written_and_the_value_not_again(triage, monkeypatch, capsys):
    from IPython.core.displaypub import CapturingDisplayPublisher
    frames = CapturingDisplayPublisher(shell=triage.ip)
    monkeypatch.setattr(triage.ip, 'display_pub', frames)
    monkeypatch.setattr(triage.ip, 'kernel', Kernel(), raising=False)
    import time
    ask(triage, COT, pace=lambda word: time.sleep(0.05))
    triage.ip.run_cell('%%dspy run Triage --module ChainOfThought\nemail = "x"', store_history=True)
    cards = [f['data']['text/plain'] for f in frames.outputs]
    assert len({f['transient']['display_id'] for f in frames.outputs}) == 1
    assert [f['update'] for f in frames.outputs] == [False] + [True] * (len(cards) - 1)
    assert 'running' in cards[0] and any('It asks ▍' in c or 'It asks for ▍' in c or 'It ▍' in c for c in cards), cards
    assert 'running' not in cards[-1] and 'billing' in cards[-1]
    assert 'billing' not in capsys.readouterr().out
    assert 'billing' in triage('_').shown


def test_a_saved_card_is_the_same_each_time(triage):
    ask(triage)
    first, second = (triage('%%dspy run Triage\nemail = "x"').shown.split('\n', 1)[1] for _ in range(2))
    assert first == second


def test_a_prediction_is_left_as_dspy_made_it(triage):
    ask(triage)
    prediction = triage('%%dspy run Triage\nemail = "x"').result
    assert vars(prediction).keys() == vars(dspy.Predict(triage['Triage'])(email='x')).keys()
    assert pickle.loads(pickle.dumps(prediction)) == prediction


# --- other layouts, other models


def test_a_model_that_cannot_stream_gives_its_answer_at_the_end(triage):
    dspy.configure(lm=DummyLM([{'team': 'sales', 'needs_human': 'False'}]), adapter=dspy.ChatAdapter())
    assert triage('%%dspy run Triage\nemail = "x"').result.team == 'sales'
