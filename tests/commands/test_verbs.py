"A verb is written once, at its function: the table of verbs, help, parsing and completion say the same of it."
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copy2
from typing import Literal, get_args, get_type_hints

import pytest

from dspy_toolkit.commands import parse, table
from dspy_toolkit.commands.line import UsageError
from dspy_toolkit.commands.system import help, spell_argument
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.commands.verb import GIVEN, COMMON, Given, Target, verb
from dspy_toolkit.core.errors import SettingsError
from dspy_toolkit.commands.offers import VALUES_OF, Sources
from dspy_toolkit.jupyter.completion import complete
from scripts import verbs
from scripts.check_sync import sources
from tests.test_front_door import brought, heavy

root = Path(__file__).parent.parent.parent
each_verb = pytest.mark.parametrize('entry', VERBS.values(), ids=VERBS)
each_argument = pytest.mark.parametrize('entry, argument', [(v, a) for v in VERBS.values() for a in v.arguments], ids=lambda o: o.name)
# a word that each check lets through
RIGHT = {'whole': '3', 'count': '0', 'seed': '7', 'number': '0.5', 'share': '30%', 'percent': '5%', 'seconds': '2', 'duration': '2', 'wait': 'p95', 'variable': 'answer', 'reference': 'Triage@1', '': 'word'}


def word_for(argument): return argument.choices[0] if argument.choices else RIGHT[argument.check]


def words_with(entry, argument):
    "A verb with the arguments that it needs and this one; an argument by position also needs those before it."
    places = [a for a in entry.arguments if not a.is_option]
    needed = [a for n, a in enumerate(places) if not a.optional or argument in places[n:]]
    words = [entry.name, *map(word_for, needed)]
    if argument.is_option: words += [argument.name, *([word_for(argument)] if argument.value else [])]
    return words


# --- the table and the functions


def test_the_table_is_what_the_functions_say():
    assert [verbs.read_verb(function) for function in verbs.functions()] == list(VERBS.values())
    assert Path(table.__file__).read_text(encoding='utf-8') == verbs.render()


def test_every_verb_is_under_a_heading_of_help(): assert {verb.group for verb in VERBS.values()} == {*verbs.GROUPS}


@each_verb
def test_an_entry_says_what_python_says_of_the_function(entry):
    function, hints = entry.function, get_type_hints(entry.function, include_extras=True)
    parameters = inspect.signature(function).parameters
    given = [name for name in parameters if GIVEN in getattr(hints.get(name), '__metadata__', ())]
    own = [p for name, p in parameters.items() if name not in given and p.kind is not p.VAR_KEYWORD]
    assert entry.name == function.verb.name and entry.summary == inspect.getdoc(function).splitlines()[0]
    assert [a.parameter for a in entry.arguments] == [p.name for p in own] and list(entry.given) == given
    assert entry.others == any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for argument, parameter in zip(entry.arguments, own):
        assert argument.is_option == (parameter.kind is parameter.KEYWORD_ONLY)
        assert argument.optional == (not argument.is_option and parameter.default is not parameter.empty)
        assert (argument.is_option and argument.value is None) == (hints[parameter.name] is bool)
        assert (argument.default or None) == (parameter.default or None) or not argument.is_option
        assert ('Literal[' in str(hints[parameter.name])) == bool(argument.choices)


def test_a_table_that_is_not_written_again_is_found(tmp_path):
    "The docstring of a verb changes in its notebook, which is exported; the table of before stays."
    for name in sources():
        (tmp_path/name).parent.mkdir(parents=True, exist_ok=True)
        copy2(root/name, tmp_path/name, follow_symlinks=False)
    for name in ('nbs/commands/83_registry.ipynb', 'dspy_toolkit/commands/registry.py', 'dspy_toolkit/commands/registry.pyi'):
        text = (tmp_path/name).read_text(encoding='utf-8')
        assert 'Add a note to a version.' in text
        (tmp_path/name).write_text(text.replace('Add a note to a version.', 'Write something about a version.'), encoding='utf-8')
    run = subprocess.run([sys.executable, '-m', 'scripts.check_sync'], cwd=tmp_path, capture_output=True, text=True, env=os.environ | {'GIT_CEILING_DIRECTORIES': str(tmp_path.parent)})
    assert run.returncode == 1 and '1 files are not in step' in run.stderr, run.stdout + run.stderr
    assert "-        summary='Add a note to a version.'," in run.stdout and 'dspy_toolkit/commands/table.py (here)' in run.stdout


def no_type(name): "Do it."
def no_comment(name: Target): "Do it."
def no_word(
    name: dict,  # whom
): "Do it."
def no_docstring(
    name: Target,  # whom
): return name


@pytest.mark.parametrize('function, said', [(no_type, 'the parameter name has no type'), (no_comment, 'the parameter name has no comment'), (no_docstring, 'has no docstring'), (no_word, 'the parameter name has the type')])
def test_a_verb_that_does_not_say_everything_is_refused(function, said):
    with pytest.raises(TypeError, match=f'({function.__name__}.*)?{said}'): verbs.read_verb(verb('do')(function))


def test_a_type_is_taken_apart():
    @verb('greet', 'Ada')
    def greet(
        name: Target,  # whom
        others: list[Target] = (),  # whom else
        namespace: Given[dict | None] = None,
        *,
        tone: list[Literal['warm', 'dry']] | None = None,  # how it
        # sounds
        often: int = 2,  # how often
        loud: bool = False,  # is it loud?
        **options,
    ):
        """Greet somebody.

        Friendly."""
    found = verbs.read_verb(greet)
    name, others, tone, often, loud = found.arguments
    assert (found.summary, found.given, found.others, found.example) == ('Greet somebody.', ('namespace',), True, '%dspy greet Ada')
    assert (name.name, name.offers, name.optional, others.many, others.optional) == ('NAME', 'name', False, True, True)
    assert (tone.name, tone.choices, tone.several, tone.value) == ('--tone', ('warm', 'dry'), True, 'TONE')
    assert (often.value, often.check, often.default, loud.name, loud.value) == ('N', 'whole', 2, '--loud', None)


# --- help and parsing


@each_verb
def test_every_option_that_help_names_parses(entry):
    named = [name for name, _ in help(entry.name).options]
    arguments = {spell_argument(a): a for a in entry.arguments}
    assert named == [*arguments, *COMMON]
    for argument in entry.arguments:
        words = words_with(entry, argument)
        assert argument.parameter.rstrip('_') in vars(parse.read_words(words).args), words
        assert argument.parameter.rstrip('_') in vars(parse.read_line(' '.join(words)).args), words


@each_argument
def test_a_shell_and_a_notebook_read_the_same(entry, argument):
    words = words_with(entry, argument)
    in_shell, on_line = vars(parse.read_words(words).args), vars(parse.read_line(' '.join(words)).args)
    for a in entry.arguments:  # a text is in pieces where a shell has split it
        if a.text and a.text != 'words' and isinstance(in_shell.get(a.parameter), list): in_shell[a.parameter] = ' '.join(in_shell[a.parameter])
    assert in_shell == on_line


@each_argument
def test_every_check_and_every_completion_is_there_and_a_default_passes_its_check(entry, argument):
    assert not argument.check or argument.check in parse.CHECKS
    assert not argument.offers or argument.offers in VALUES_OF
    values = argument.default if isinstance(argument.default, tuple) else [argument.default]
    for value in values if argument.default is not None else ():
        assert not argument.choices or value in argument.choices
        assert not argument.check or parse.CHECKS[argument.check](argument.name, str(value)) == value
    default = ', '.join(map(str, values))
    assert argument.default is None or f'(default: {default})' in dict(help(entry.name).options)[spell_argument(argument)]


@each_argument
def test_every_choice_completes_and_no_other_word_is_taken(entry, argument):
    class Table(Sources):
        def verbs(self): return VERBS
    *before, last = words_with(entry, argument)
    for choice in argument.choices:
        line = f'{entry.spelling} {" ".join(before)} '.replace(f' {entry.name} {entry.name} ', f' {entry.name} ')
        assert choice in [c.text for c in complete(line + choice[:2], len(line) + 2, Table())], line
    if argument.choices:
        with pytest.raises(UsageError, match='choose from'): parse.read_words([*before, last + 'x'])


def test_the_faults_are_those_of_chaos():
    from dspy_toolkit.commands.resilience import Fault
    from dspy_toolkit.resilience.chaos import Chaos
    with pytest.raises(SettingsError) as e: Chaos(errors=('flood',))
    assert e.value.hint.endswith(', '.join(get_args(Fault)))


# --- what it costs


def test_the_table_and_help_import_nothing_heavy_and_no_other_command():
    code = "from dspy_toolkit.commands.parse import call, read_words\nfor verb in ('save', 'run', None): call(read_words(['help', *filter(None, [verb])])).to_json()"
    assert brought(code) & heavy == set()
    modules = "import json, sys\nprint(json.dumps([o for o in sys.modules if o.startswith('dspy_toolkit.')]))"
    found = json.loads(subprocess.run([sys.executable, '-c', f'{code}\n{modules}'], check=True, capture_output=True, text=True).stdout)
    assert {o for o in found if o.startswith('dspy_toolkit.commands.')} == {f'dspy_toolkit.commands.{o}' for o in ('line', 'parse', 'system', 'table', 'verb')}
    assert not any(o.startswith(('dspy_toolkit.workspace', 'dspy_toolkit.registry', 'dspy_toolkit.engine')) for o in found)


def test_an_argument_that_is_left_out_keeps_the_default_of_its_function(monkeypatch):
    from dspy_toolkit.commands import why
    seen = []
    @verb('why')
    def stand_in(call: str = '1'): seen.append(call)
    monkeypatch.setattr(why, 'why', stand_in)
    for line in ('why', 'why 3'): parse.call(parse.read_line(line, {}))
    assert seen == ['1', '3']
