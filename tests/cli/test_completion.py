"Tab in bash, zsh and fish: the words that the notebook offers, in a short time, and never an error in the line that a person types."
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from dspy_toolkit.cli.complete import complete_bash, main, offer_words, split_line
from dspy_toolkit.cli.main import DONE, OPTIONS
from dspy_toolkit.cli.main import main as toolkit
from dspy_toolkit.commands.completion import completion
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.core import session
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.dataset import Dataset
from dspy_toolkit.signatures.source import parse_cell
from hypothesis import given
from hypothesis import strategies as st

HEAVY = 'dspy', 'mlx', 'sqlalchemy', 'pydantic_settings', 'pydantic', 'IPython', 'rich', 'numpy', 'litellm'
SHELLS = 'bash', 'zsh', 'fish'


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    "A folder with files, a registry, and a program `dspy-toolkit`."
    folder = tmp_path_factory.mktemp('place')
    store = Registry(f"sqlite:///{(folder/'home'/'registry.db').as_posix()}") if (folder/'home').mkdir() is None else None
    for text in ('email -> team', 'email, day -> team'): store.save(parse_cell(text, 'Triage').spec)
    store.alias('Triage', 'prod')
    store.tag('Triage', 'good')
    store.save(parse_cell('email -> answer', 'Reply').spec)
    store.save(Dataset('devset', [{'text': 'hello'}], ('text',)))
    store.close()
    for name in ('my mail.jsonl', 'shared.json', 'it$s.txt', 'sub/in.csv'):
        (folder/'files'/name).parent.mkdir(parents=True, exist_ok=True)
        (folder/'files'/name).touch()
    (folder/'bin').mkdir()
    (folder/'bin'/'dspy-toolkit').write_text(f'#!/bin/sh\nexec {sys.executable} -m dspy_toolkit "$@"\n')
    (folder/'bin'/'dspy-toolkit').chmod(0o755)
    return folder


@pytest.fixture(scope='module')
def environment(place):
    found = {k: v for k, v in os.environ.items() if not k.startswith('DSPY_TOOLKIT_')}
    root = Path(__file__).parent.parent.parent
    return found | dict(DSPY_TOOLKIT_HOME=str(place/'home'), PATH=f"{place/'bin'}:{os.environ['PATH']}", PYTHONPATH=str(root), HF_HOME=str(place/'no_hub'), LC_ALL='C.UTF-8')


@pytest.fixture
def here(place, environment, monkeypatch):
    monkeypatch.chdir(place/'files')
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', environment['DSPY_TOOLKIT_HOME'])
    monkeypatch.setenv('HF_HOME', environment['HF_HOME'])
    monkeypatch.delenv('DSPY_TOOLKIT_REGISTRY_URL', raising=False)
    session.reset()
    yield
    session.reset()


PARTS = re.compile(r'''(?<=['"])[^'"]*$|[@][^@=:]*$|(?<=[=:])[^@=:]*$|(\\.|[^\s@=:])*$''')  # what bash replaces, as measured in bash 5.2

LINES = {  # what a person typed -> what bash puts in the place of that
    'dspy-toolkit convert sh': ['shared.json '],
    'dspy-toolkit conv': ['convert '],
    'dspy-toolkit show Tri': ['Triage '],
    'dspy-toolkit show tri': ['Triage '],
    'dspy-toolkit show Triage@': ['@prod ', '@2 ', '@1 ', '@latest '],
    'dspy-toolkit show Triage@p': ['@prod '],
    'dspy-toolkit show "Triage@p': ['Triage@prod'],
    'dspy-toolkit alias Triage@1 p': ['prod '],
    'dspy-toolkit run Triage --module Cha': ['ChainOfThought '],
    'dspy-toolkit run Triage --module=Cha': ['ChainOfThought '],
    'dspy-toolkit run Triage --lm mlx/t': ['mlx/tiny '],
    'dspy-toolkit run Triage email=@sh': ['@shared.json '],
    'dspy-toolkit evaluate Triage --on dev': ['devset '],
    'dspy-toolkit search tag:': ['good '],
    'dspy-toolkit convert my': ['my\\ mail.jsonl '],
    'dspy-toolkit convert my\\ m': ['my\\ mail.jsonl '],
    'dspy-toolkit convert "my m': ['my mail.jsonl'],
    "dspy-toolkit convert 'my m": ['my mail.jsonl'],
    'dspy-toolkit convert it': ['it\\$s.txt '],
    'dspy-toolkit convert s': ['shared.json ', 'sub/'],
    'dspy-toolkit convert sub/': ['sub/in.csv '],
    'dspy-toolkit help conv': ['convert '],
    'dspy-toolkit completion ': ['bash ', 'zsh ', 'fish '],
    'dspy-toolkit list --ki': ['--kind '],
    'dspy-toolkit list --kind=pro': ['program '],
    'dspy-toolkit list --jso': ['--json ', '--jsonl '],
    'dspy-toolkit --json show Rep': ['Reply '],
    'LANG=C dspy-toolkit show Rep': ['Reply '],
    'dspy-toolkit nonsense ': [],
    'dspy-toolkit show Nobody@': [],
    'dspy-toolkit': [],
}


@pytest.mark.parametrize('line', LINES)
def test_a_line_of_bash_is_completed(line, here): assert complete_bash(line, PARTS.search(line)[0], OPTIONS) == LINES[line]


def test_bash_itself_gets_these_words(place, environment):
    "The script of `completion bash`, in a real bash: one process asks all lines that name the registry, files and options."
    lines = [line for line in LINES if line.startswith('dspy-toolkit ')][::3]
    script = completion('bash').script + '''
while IFS= read -r COMP_LINE && IFS= read -r part; do
    COMP_POINT=${#COMP_LINE}; COMPREPLY=(); _dspy_toolkit dspy-toolkit "$part"
    printf '%s\\t' "${COMPREPLY[@]}"; echo
done'''
    ran = subprocess.run(['bash', '--norc', '-c', script], input=''.join(f'{line}\n{PARTS.search(line)[0]}\n' for line in lines), capture_output=True, text=True, env=environment, cwd=place/'files')
    assert ran.stderr == ''
    assert [[word for word in row.split('\t') if word] for row in ran.stdout.splitlines()] == [LINES[line] for line in lines]


TYPED = {  # keys, and the line that they make in a terminal
    'show Triage@p\t': 'show Triage@prod ',
    'show "Triage@p\t': 'show "Triage@prod"',
    'run Triage email=@sh\t': 'run Triage email=@shared.json ',
    'list --kind=pro\t': 'list --kind=program ',
    'convert my\\ m\t': 'convert my\\ mail.jsonl ',
    'search tag:\t': 'search tag:good ',
}


def test_tab_in_a_terminal(place, environment):
    "Real keys in a real bash, which has its own idea of which part of a word it replaces."
    rc = place/'rc.sh'
    rc.write_text(completion('bash').script + "PS1='ready> '\nbind 'set bell-style none'\nbind 'set enable-bracketed-paste off'\n")
    options = dict(env=environment | dict(TERM='dumb'), encoding='utf-8', timeout=30, cwd=str(place/'files'), dimensions=(24, 200))
    with pexpect.spawn('bash', ['--noprofile', '--rcfile', str(rc), '-i'], **options) as child:
        for keys, line in TYPED.items():
            child.expect('ready> ')
            child.send(f'dspy-toolkit {keys}|\x01cat <<< \x27\x05\x27\r')  # in single quotes, after cat: printed as it stands
            child.expect("\n(dspy-toolkit [^\n]*?)\r")
            assert child.match[1] == f'dspy-toolkit {line}|'


@pytest.mark.parametrize('shell', SHELLS)
def test_a_script_is_one_that_its_shell_reads(shell, place, tmp_path, monkeypatch, capsys):
    assert toolkit(['completion', shell]) == DONE
    script = capsys.readouterr().out
    assert f'--complete {shell}' in script and '2>/dev/null' in script and '</dev/null' in script
    (tmp_path/'script').write_text(script)
    if shutil.which(shell) is None: pytest.skip(f'there is no {shell} on this machine')
    assert subprocess.run([shell, '-n', str(tmp_path/'script')], capture_output=True, text=True).stderr == ''


@pytest.mark.parametrize('shell', ['zsh', 'fish'])
def test_zsh_and_fish_get_words_with_descriptions(shell, here, capsysbinary):
    "The words are those that the script hands over: without quotes, as far as the cursor."
    assert main([shell, '--', 'dspy-toolkit', 'show', 'Triage@p']) == 0
    assert capsysbinary.readouterr().out == b'Triage@prod\t\n'
    assert main([shell, '--', 'dspy-toolkit', 'convert', 'my m']) == 0
    assert capsysbinary.readouterr().out == b'my mail.jsonl\tfile\n'
    assert main([shell, '--', '/opt/bin/dspy-toolkit', 'conv']) == 0
    assert capsysbinary.readouterr().out.startswith(b'convert\tConvert signatures')


def ask_zsh_or_fish(shell, place, environment):
    if shell == 'fish':
        code = completion('fish').script + "\ncomplete -C 'dspy-toolkit show Triage@p'"
        return subprocess.run(['fish', '--no-config', '-c', code], capture_output=True, text=True, env=environment, cwd=place/'files')
    code = "compadd() { print -r -- $whole $open; }; compdef() { :; }\n" + completion('zsh').script
    code += "\nwords=(dspy-toolkit show Triage@p); CURRENT=3; _dspy_toolkit"
    return subprocess.run(['zsh', '-f', '-c', code], capture_output=True, text=True, env=environment, cwd=place/'files')


@pytest.mark.parametrize('shell', ['zsh', 'fish'])
def test_zsh_and_fish_themselves_offer_the_alias(shell, place, environment):
    if shutil.which(shell) is None: pytest.skip(f'there is no {shell} on this machine')
    ran = ask_zsh_or_fish(shell, place, environment)
    assert 'Triage@prod' in ran.stdout and ran.stderr == ''


@pytest.mark.parametrize('words', [['show', 'Tri'], ['show', 'Triage@'], ['run', 'Triage', '--lm', ''], ['convert', ''], ['runs', ''], ['library', ''], ['evaluate', 'T', '--metric', ''], ['search', 'tag:']], ids=' '.join)
def test_an_answer_imports_nothing_heavy(words, place, environment):
    code = f"import sys; from dspy_toolkit.cli.main import main; code = main(['--complete', 'fish', '--', 'dspy-toolkit', *{words!r}]); print([m for m in {HEAVY!r} if m in sys.modules], code, file=sys.stderr)"
    ran = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, env=environment, cwd=place/'files')
    assert ran.stderr == '[] 0\n' and ran.stdout or words[0] == 'runs', ran.stderr


FAULTS = {
    'no point': (['bash'], dict(COMP_LINE='dspy-toolkit sh')),
    'no number': (['bash'], dict(COMP_LINE='dspy-toolkit sh', COMP_POINT='x', COMP_PART='sh')),
    'no such shell': ([], {}),
    'no words': (['fish'], {}),
    'settings that are no TOML': (['fish', '--', 'dspy-toolkit', 'show', ''], {'TOML': 'home = ['}),
    'a registry that is none': (['fish', '--', 'dspy-toolkit', 'show', ''], {'DSPY_TOOLKIT_REGISTRY_URL': 'sqlite:////dev/null'}),
    'a server': (['fish', '--', 'dspy-toolkit', 'show', ''], {'DSPY_TOOLKIT_REGISTRY_URL': 'postgresql://nowhere/x'}),
}


@pytest.mark.parametrize('fault', FAULTS)
def test_nothing_is_printed_into_the_prompt(fault, environment, tmp_path):
    words, more = FAULTS[fault]
    if 'TOML' in more: (tmp_path/'dspy_toolkit.toml').write_text(more['TOML'])
    given = {k: v for k, v in environment.items() if k != 'DSPY_TOOLKIT_HOME'} | dict(XDG_DATA_HOME=str(tmp_path)) | more
    ran = subprocess.run([sys.executable, '-m', 'dspy_toolkit', '--complete', *words], capture_output=True, text=True, env=given, cwd=tmp_path)
    said = [line for line in ran.stdout.splitlines() if not line.startswith(('--', 'Signature', 'run')) and fault != 'no words']
    assert ran.stderr == '' and not said


@given(st.text(max_size=25))
def test_any_line_is_split_and_answered(text):
    found = split_line(text)
    assert text.endswith(found.raw) and found.words
    complete_bash(f'dspy-toolkit {text}', found.raw)


@given(st.lists(st.text(st.characters(exclude_characters='\n\0', exclude_categories=['Cs']), min_size=1, max_size=6), min_size=1, max_size=4))
def test_a_line_is_split_as_bash_does(words):
    import shlex
    assert split_line(' '.join(map(shlex.quote, words))).words == words


@pytest.mark.parametrize('verb', VERBS)
def test_every_verb_and_each_of_its_options_is_offered(verb, here):
    assert verb in [offered.text for offered in offer_words([verb[:-1]])]
    offered = [each.text for each in offer_words([verb, '--'], OPTIONS)]
    assert {a.name for a in VERBS[verb].arguments if a.is_option} <= set(offered) and '--json' in offered
    for argument in VERBS[verb].arguments:
        if argument.is_option and argument.choices:
            assert [each.text for each in offer_words([verb, argument.name, ''])][:len(argument.choices)] == list(argument.choices)


def test_the_result_is_data_too(capsys):
    assert toolkit(['completion', 'fish', '--json']) == DONE
    assert json.loads(capsys.readouterr().out)['shell'] == 'fish'
