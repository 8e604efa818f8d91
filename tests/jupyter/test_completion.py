"What Tab offers, and where it is silent: `|` is the cursor."
import enum
import json
import logging
import re
import subprocess
import sys
import threading
from types import SimpleNamespace

import dspy
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from IPython.core.completer import provisionalcompleter
from pydantic import BaseModel

from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.commands.verb import Data, Function, Target, verb
from dspy_toolkit.commands import offers
from dspy_toolkit.jupyter import completion
from dspy_toolkit.commands.offers import LIMIT, Sources, hub_cache, list_downloads, value_kind
from dspy_toolkit.jupyter.completion import IDENTIFIER, NotebookSources, Patient, complete, install, locate, scan, uninstall
from scripts.verbs import read_verb
from tests.test_front_door import heavy
from tests.typist import typist

from .conftest import TRIAGE


def cut(cell):
    "The text without its last `|`, and where that was."
    before, _, after = cell.rpartition('|')
    return before + after, len(before)


class Fixed(Sources):
    "The sources of a notebook that never changes."
    def verbs(self): return VERBS
    def notebook_names(self): return [('Triage', 'signature'), ('careful', 'ChainOfThought')]
    def registry_names(self, typed): return [('Triage', 'signature in the registry'), ('Urgency', 'signature in the registry')]
    def versions(self, name, typed): return [('12', 'shorter'), ('11', 'signature'), ('prod', 'version 11'), ('latest', '')] if name == 'Triage' else []
    def aliases(self, name): return [('prod', f'of {name}'), ('staging', 'of other names')]
    def tags(self, typed): return [('reviewed', 'tag'), ('fast', 'tag')]
    def fields(self, typed): return [('email', 'input'), ('team', 'output')]
    def models(self, typed): return [('fast', 'mlx/tiny'), ('mlx/tiny', ''), ('mlx/mlx-community/Qwen3-4B-4bit', ''), ('openai/gpt-5-mini', 'in use')]
    def breakers(self): return [('fast', 'closed'), ('cloud', 'open')]
    def runs(self): return [('last', 'the newest run'), ('evaluate-20261127-101500-1f2e', 'Triage, stopped')]
    def starters(self): return [('Classify', 'everyday'), ('WriteSQL', 'code')]
    def files(self, typed): return [('triage.json', 'file'), ('my data.json', 'file'), ('data/', 'folder')]
    def functions(self): return [('exact_match', 'function')]
    def variables(self): return [('inbox', 'list'), ('email_of_ada', 'str'), ('devset', 'list'), ('pandas', 'module')]
    def attributes(self, expression): return {'inbox[0]': [('upper', ''), ('__class__', '')], 'row["a.b"].c': [('d', '')], '"text"': [('upper', '')]}.get(expression, [])
    def types(self, qualifier): return {'': [('Priority', 'Enum'), ('str', ''), ('list', ''), ('Literal', '')], 'dspy': [('Image', '')]}.get(qualifier, [])
    def inputs(self, ref): return [('email', 'str'), ('day', 'date')] if ref in ('Triage', 'Triage@prod') else []


def tab(cell, sources=None):
    "What is offered, with what stands before it in the same word."
    text, cursor = cut(cell)
    found = complete(text, cursor, sources or Fixed())
    return [re.search(r'(?:(?<= )[\w@]+(?:@|:)|)$', text[:c.start])[0] + c.text for c in found]


LINE = [verb.name for verb in VERBS.values() if not verb.body]
LINES = {
    'verbs of a line': ('%dspy |', LINE),
    'verbs of a cell': ('%%dspy |', ['Signature', 'run', 'define', 'examples', 'case']),
    'a verb half typed': ('%dspy lo|', ['load', 'log']),
    'a verb in lower case': ('%%dspy sig|', ['Signature']),
    'a line that is assigned': ('found = %dspy sea|', ['search']),
    'a line further down': ('x = 1\n  %dspy sho|\ny = 2', ['show']),
    'under %%time': ('%%time\n%dspy sho|', ['show']),
    'blank lines before a cell': ('\n\n%%dspy ru|', ['run']),
    'a word in the middle of the line': ('%dspy sho| Triage', ['show']),
    'names, then options when none is needed': ('%dspy show |', ['Triage', 'careful', 'Urgency']),
    'names of the notebook only': ('%dspy save |', ['Triage', 'careful']),
    'a name in lower case': ('%dspy show tri|', ['Triage']),
    'versions, the newest first': ('%dspy show Triage@|', ['Triage@12', 'Triage@11', 'Triage@prod', 'Triage@latest']),
    'a version half typed': ('%dspy diff Triage@11 Triage@1|', ['Triage@12', 'Triage@11']),
    'versions of nothing': ('%dspy show Nobody@|', []),
    'a version as the value of an option': ('%dspy save Triage --parent Triage@p|', ['Triage@prod']),
    'an alias': ('%dspy alias Triage@12 |', ['prod', 'staging', '--remove', '--protect', '--unprotect', '--force', '--message', '--traceback']),
    'tags that are not given yet': ('%dspy tag Triage@12 reviewed |', ['fast', '--remove', '--traceback']),
    'a tag must be given': ('%dspy tag Triage@12 |', ['reviewed', 'fast']),
    'options': ('%%dspy run Triage --|', ['--lm', '--output', '--module', '--data', '--jobs', '--resume', '--traceback']),
    'an option that is there already': ('%%dspy run Triage --lm fast -o x --|', ['--module', '--data', '--jobs', '--resume', '--traceback']),
    'an option that may be there twice': ('%dspy save Triage --tag fast --ta|', ['--tag']),
    'options where nothing else is left': ('%%dspy run Triage |', ['--lm', '--output', '--module', '--data', '--jobs', '--resume', '--traceback']),
    'choices': ('%%dspy run Triage --module |', ['Predict', 'ChainOfThought']),
    'choices after =': ('%%dspy run Triage --module=Ch|', ['ChainOfThought']),
    'an option before the name': ('%%dspy run --lm fast Tri|', ['Triage']),
    'models': ('%dspy lm |', ['fast', 'mlx/tiny', 'mlx/mlx-community/Qwen3-4B-4bit', 'openai/gpt-5-mini', '--fallback', '--strategy', '--hedge-after', '--temperature', '--max-tokens', '--api-base', '--api-key', '--num-retries', '--cache', '--keep', '--traceback']),
    'breakers': ('%dspy breaker |', ['fast', 'cloud', '--traceback']),
    'what to do with a breaker': ('%dspy breaker fast f|', ['force-open']),
    'a model to disturb': ('%dspy chaos fa|', ['fast']),
    'the first model to fall back on': ('%dspy lm safe --fallback f|', ['fast']),
    'the next one': ('%dspy lm safe --fallback fast op|', ['openai/gpt-5-mini']),
    'an option after several values': ('%dspy lm safe --fallback fast mlx/tiny --st|', ['--strategy']),
    'its choices': ('%dspy lm safe --fallback fast mlx/tiny --strategy h|', ['hedged']),
    'kinds of failures, one after another': ('%dspy chaos fast --errors server t|', ['timeout', 'transport']),
    'models after --lm': ('%%dspy Signature Triage --lm mlx/t|', ['mlx/tiny']),
    'a repository without mlx/': ('%dspy lm small mlx-c|', ['mlx-community/Qwen3-4B-4bit']),
    'starters': ('%dspy library c|', ['Classify']),
    'verbs to explain': ('%dspy help r|', ['run', 'runs', 'resume', 'rollback']),
    'filters': ('%dspy search review |', ['tag:', 'has:', 'type:', 'kind:', 'name:', '--history', '--most', '--traceback']),
    'tags in a filter': ('%dspy search tag:r|', ['tag:reviewed']),
    'fields in a filter': ('%dspy search has:|', ['has:email', 'has:team']),
    'kinds in a filter': ('%dspy search kind:|', ['kind:signature', 'kind:program', 'kind:dataset']),
    'types in a filter': ('%dspy search type:Pri|', ['type:Priority']),
    'runs that can go on': ('%dspy resume |', ['last', 'evaluate-20261127-101500-1f2e']),
    'a run half typed': ('%dspy evaluate Triage --resume eva|', ['evaluate-20261127-101500-1f2e']),
    'what to compare on': ('%dspy compare Triage Triage@11 --on d|', ['devset']),
    'what to compare with': ('%dspy compare Triage |', ['careful', 'Urgency', '--on', '--metric', '--lm', '--layout', '--threads', '--budget', '--fresh', '--yes', '--traceback']),
    'what to promote on': ('%dspy promote Triage@12 prod --on in|', ['inbox']),
    'an alias to promote to': ('%dspy promote Triage@12 |', ['prod', 'staging']),
    'forms of the prompt, one after another': ('%dspy compare Triage --layout json dspy-c|', ['dspy-chat']),
    'names in a filter': ('%dspy search name:U|', ['name:Urgency']),
    'no such filter': ('%dspy search taag:|', []),
    'files': ('%dspy import |', ['triage.json', r'my\ data.json', 'data/']),
    'a file with a blank in its name': (r'%dspy export my\ d|', [r'my\ data.json']),
    'a file in quotes': ('%dspy import "my d|', ['"my data.json']),
    'names after the file': ('%dspy export all.json Triage |', ['careful', 'Urgency', '--traceback']),
    'a file in quotes that are closed': ('%dspy import "my data.json"|', []),
    'a tab between words': ('%dspy\tshow\tcare|', ['careful']),
    'a message is prose': ('%dspy save Triage -m Tri|', []),
    'a message in quotes is prose': ('%dspy save Triage -m "as Tri|', []),
    'a word in quotes is prose': ('%dspy search "support tag:|', []),
    'a name to be made up': ('%%dspy run Triage -o |', []),
    'a number': ('%dspy list --most |', []),
    'an unknown verb': ('%dspy shwo Tri|', []),
    'too many words': ('%dspy show Triage Tri|', []),
}


@pytest.mark.parametrize('cell, found', LINES.values(), ids=LINES)
def test_a_line_completes(cell, found): assert tab(cell) == found


HEAD = '%%dspy Signature Triage\n"""Route it, don\'t answer --- it."""\nemail: str   # as "received\nday: Optional[date] = None\n->\nteam: Literal["a",\n    "b"]\n'
TYPES = ['Priority', 'str', 'list', 'Literal']
CELLS = {
    'a type': ('%%dspy Signature T\nemail: |', TYPES),
    'a type half typed': ('%%dspy Signature T\nemail: st|', ['str']),
    'a type below others': (HEAD + 'how: Pri|', ['Priority']),
    'a type above others': ('%%dspy Signature T\nemail: li|\nday: date\n->\nteam: str', ['list']),
    'a type in brackets': ('%%dspy Signature T\ntags: list[|', TYPES),
    'a type in brackets that are closed': ('%%dspy Signature T\ntags: list[Pr|]\n->\nteam: str', ['Priority']),
    'a type deep in brackets': ('%%dspy Signature T\ntags: dict[str, list[st|', ['str']),
    'a type in a union': ('%%dspy Signature T\nday: date | st|', ['str']),
    'a type of a module': ('%%dspy Signature T\nphoto: dspy.|', ['Image']),
    'a type on the next line of brackets': ('%%dspy Signature T\ntags: dict[str,\n    Pri|]', ['Priority']),
    'a type in one line': ('%%dspy Signature T\nquestion, hints: list[st|', ['str']),
    'a type after the arrow in one line': ('%%dspy Signature T\nquestion -> answer: Pr|', ['Priority']),
    'a type in a class body': ('%%dspy Signature T\nclass T(dspy.Signature):\n    email: st| = dspy.InputField()', ['str']),
    'a type after an open bracket further up': ('%%dspy Signature T\ntags: list[\nteam: Pri|', ['Priority']),
    'a type when the docstring has an apostrophe': ('%%dspy Signature T\n"Don\'t"\nteam: Pri|', ['Priority']),
    'a type after what looks like code in a docstring': ('%%dspy Signature T\n"""\nx = "\n---\n"""\nteam: Pri|', ['Priority']),
    'the second argument of Annotated': ('%%dspy Signature T\nage: Annotated[int, |', []),
    'the first argument of Annotated': ('%%dspy Signature T\nage: Annotated[st|', ['str']),
    'the values of a Literal': ('%%dspy Signature T\nmood: Literal[|', []),
    'a text in a Literal': ('%%dspy Signature T\nmood: Literal["st|', []),
    'the arguments of a call': ('%%dspy Signature T\nage: Annotated[int, Field(|', []),
    'after a whole type': ('%%dspy Signature T\nemail: str |', []),
    'the name of a field': ('%%dspy Signature T\nst|', []),
    'a default': ('%%dspy Signature T\nemail: str = st|', []),
    'a default in brackets': ('%%dspy Signature T\ntags: list = [st|', []),
    'a dot alone': ('%%dspy Signature T\nemail: .|', []),
    'a field after a tab': ('%%dspy Signature T\n\temail: st|', ['str']),
    'the arrow': ('%%dspy Signature T\nemail: str\n->|', []),
    'the dashes': (HEAD + '---|', []),
    'a docstring': ('%%dspy Signature T\n"""Route: st|"""\nemail: str', []),
    'a docstring without an end': ('%%dspy Signature T\n"""Route: st|\nemail: str', []),
    'a docstring in one line': ("%%dspy Signature T\n'Route: st|'\nemail: str", []),
    'a comment': ('%%dspy Signature T\nemail: str  # of: st|', []),
    'a comment on a line of its own': ('%%dspy Signature T\n# email: st|', []),
    'inputs': (HEAD + '---\n|', ['email = ', 'day = ']),
    'an input half typed': (HEAD + '---\nem|', ['email = ']),
    'an input that is not bound yet': (HEAD + '---\nemail = inbox[0]\n|', ['day = ']),
    'an input that is bound below': (HEAD + '---\n|\nemail = inbox[0]', ['day = ']),
    'an input that has its =': (HEAD + '---\ne| = inbox[0]', ['email']),
    'an output is no input': (HEAD + '---\nte|', []),
    'inputs of one line': ('%%dspy Signature T\nquestion, hints: list[str] -> answer\n---\n|', ['question = ', 'hints = ']),
    'inputs of a class body': ('%%dspy Signature T\nemail: str = dspy.InputField(desc="x")\nteam: str = dspy.OutputField()\n---\n|', ['email = ']),
    'inputs below dashes with a comment': (HEAD + '  ---- # "try --- it"\n|', ['email = ', 'day = ']),
    'inputs after a bracket without an end, below dashes with a comment': ('%%dspy Signature T\nemail: list[str\n->\nteam: str\n---  # try\n|', ['email = ']),
    'inputs after a bracket without an end': ('%%dspy Signature T\nemail: list[str\n->\nteam: str\n---\n|', ['email = ']),
    'no inputs yet': ('%%dspy Signature T\n---\n|', []),
    'variables, that of the input first': (HEAD + '---\nemail = |', ['email_of_ada', 'inbox', 'devset', 'pandas']),
    'a variable half typed': (HEAD + '---\nemail = inb|', ['inbox']),
    'a builtin when it is typed': (HEAD + '---\nemail = sorte|', ['sorted']),
    'a variable in a call': (HEAD + '---\nemail = str(inb|', ['inbox']),
    'a variable after an operator': (HEAD + '---\nemail = "x" + in|', ['inbox', 'input', 'int']),
    'a variable as an argument': (HEAD + '---\nemail = f(a=inb|', ['inbox']),
    'a variable over lines': (HEAD + '---\nemail = [\n  "name",\n  inb|', ['inbox']),
    'a variable in a dict over lines': (HEAD + '---\nemail = {\n  status: inb|', ['inbox']),
    'an attribute': (HEAD + '---\nemail = inbox[0].|', ['upper']),
    'an attribute half typed': (HEAD + '---\nemail = inbox[0].up|', ['upper']),
    'an attribute with underscores': (HEAD + '---\nemail = inbox[0].__c|', ['__class__']),
    'an attribute of what is in an argument': (HEAD + '---\nemail = [str(inbox[0].up|', ['upper']),
    'an attribute of something longer': (HEAD + '---\nemail = -row["a.b"].c.|', ['d']),
    'an attribute of a text': (HEAD + '---\nemail = "text".|', ['upper']),
    'an attribute of a call': (HEAD + '---\nemail = f(inbox[0]).|', []),
    'an attribute in a call of what a call gives': (HEAD + '---\nemail = inbox[f(0)].|', []),
    'a number is no name': (HEAD + '---\nemail = 1.|', []),
    'a number is no name either': (HEAD + '---\nemail = 1e|', []),
    'after a whole value': (HEAD + '---\nemail = inbox |', []),
    'a text': (HEAD + '---\nemail = "inb|', []),
    'a comment below the dashes': (HEAD + '---\nemail = inbox[0]  # inb|', []),
    'a comment in the place of a value': (HEAD + '---\nemail = # inb|', []),
    'a comment in the place of an input': (HEAD + '---\n# em|', []),
    'a name that is no input has values too': (HEAD + '---\nemial = inb|', ['inbox']),
    'inputs of a run': ('%%dspy run Triage\n|', ['email = ', 'day = ']),
    'inputs of a version': ('%%dspy run --lm fast Triage@prod\nd|', ['day = ']),
    'inputs of a run that are not bound yet': ('%%dspy run Triage\nemail = "x"\n|\n', ['day = ']),
    'inputs of a run after an option': ('%%dspy run --module Predict Triage\nem|', ['email = ']),
    'inputs of nobody': ('%%dspy run Nobody\n|', []),
    'inputs of a run without a name': ('%%dspy run\n|', []),
    'a variable in a run': ('%%dspy run Triage\nemail = inb|', ['inbox']),
}


@pytest.mark.parametrize('cell, found', CELLS.values(), ids=CELLS)
def test_a_cell_completes(cell, found): assert tab(cell) == found


OTHERS = {
    'Python': 'inbox[0].|', 'an empty cell': '|', 'the name of the magic': '%dsp|', 'the name of the magic, whole': '%dspy|', 'of the cell magic': '%%dspy|',
    'another magic': '%timeit dspy |', 'another cell magic': '%%bash\n%dspy show |', 'a text': '"""\n%dspy show |\n"""', 'brackets': 'x = [1,\n%dspy show |', 'a cell magic further down': 'x = 1\n%%dspy run |',
    'below a line': '%dspy show Triage\ninb|', 'a comment': '# %dspy sh|', 'modulo': 'x %dspy |', 'before the magic': '| %dspy show', 'a cell with an unknown verb': '%%dspy shwo\nemail = |',
}


@pytest.mark.parametrize('cell', OTHERS.values(), ids=OTHERS)
def test_what_is_not_ours_is_left_to_others(cell): assert locate(*cut(cell), VERBS) is None and tab(cell) == []


@pytest.mark.parametrize('cell', ['%%dspy run T\nemail = "x"  # no|', '%%dspy run T\n# no|', '%%dspy Signature T\n"""no|', '%%dspy Signature T\nx: str # no|', '%dspy save T -m "no|'])
def test_prose_is_ours_so_that_others_are_silent_too(cell): assert locate(*cut(cell), VERBS).kind == 'nothing'


def test_a_completion_says_what_it_is_and_replaces_what_was_typed():
    found = complete(*cut('%dspy lib|'), Fixed())[0]
    assert (found.text, found.start, found.type) == ('library', 6, 'Show the starter library, or define one of its signatures')
    assert complete(*cut('%dspy show Triage@1|'), Fixed())[0] == ('12', 18, 'shorter')
    assert complete(*cut('%%dspy run T --module=P|'), Fixed())[0].start == 22
    assert complete(*cut(HEAD + '---\n|'), Fixed())[1].type == 'Optional[date]'
    assert complete(*cut('%%dspy Signature T\nquestion -> answer\n---\n|'), Fixed())[0].type == 'str'


def test_an_expression_with_a_call_is_not_even_asked_about():
    about = lambda value: locate(*cut(f'%%dspy run Triage\nemail = {value}'), VERBS).about
    assert about('f(inbox[0].|') == 'inbox[0]' and about('f(x).|') == about('f(x)[0].y.|') == about('inbox[f(x)].|') == about('(x).|') == ''


def test_every_argument_of_every_verb_has_values_or_is_known_to_be_a_person_s_own_word():
    own = {'--message', '--output', '--most', 'TEXT', '--to', '--hedge-after', '--fail', '--latency', '--slow', '--truncate', '--garbage', '--broken', '--seed', '--for',
           '--temperature', '--max-tokens', '--api-base', '--api-key', '--num-retries', '--last', '--since', 'CALL', 'NAME', 'CASE', 'VALUES', '--expect', 'WORDS', '--correct', 'SHARES', '--by', '--versions', '--threads', '--first', '--budget', '--option', '--name', '--steps', '--rank', '--learning-rate', '--batch-size', '--held-out', '--every', '--patience', '--margin', '--workers', '--jobs', '--host', '--port', '--running', '--waiting', '--seconds', '--rate', '--drain', '--days', '--canary', '--shadow', '--samples', '--slower', '--image', '--code', '--batch', '--url', '--tokens'}
    kinds = {(v.name, a.name): value_kind(SimpleNamespace(verb=v, argument=a)) for v in VERBS.values() for a in v.arguments if a.value or a.choices or not a.name.startswith('-')}
    assert kinds.pop(('history', 'WORDS')) == '' and kinds['search', 'WORDS'] == 'search'  # a history has no filters
    assert {a for (_, a), kind in kinds.items() if not kind} <= own
    assert kinds['save', '--to'] == 'kept' and kinds['load', '--to'] == ''


def test_a_run_completes(): assert tab('%dspy resume eva|') == ['evaluate-20261127-101500-1f2e']


def test_a_verb_of_later_completes_by_the_types_of_its_parameters():
    @verb('evaluate')
    def evaluate(
        name: Target,  # a signature or a program
        *,
        metric: Function,  # a function of the notebook
        on: Data,  # a list of the notebook
    ): "Evaluate a program."
    sources = Fixed()
    sources.verbs = lambda: {'evaluate': read_verb(evaluate)}
    assert tab('%dspy evaluate Triage --metric ex|', sources) == ['exact_match']
    assert tab('%dspy evaluate Triage --on dev|', sources) == ['devset']
    sources.registry_names = lambda typed: [('devgold', 'dataset in the registry'), ('Devour', 'signature in the registry')]
    sources.files = lambda typed: [('./devset.csv', 'file')]
    assert tab('%dspy evaluate Triage --on dev|', sources) == ['devset', 'devgold'] and tab('%dspy evaluate Triage --on ./d|', sources) == ['./devset.csv']


def test_filters_are_those_of_the_search():
    from dspy_toolkit.registry.search import FILTERS
    assert [k.rstrip(':') for k in offers.FILTERS] == list(FILTERS)


def test_what_fails_has_nothing_to_say_and_the_rest_still_does(caplog):
    class Broken(Fixed):
        def registry_names(self, typed): raise OSError('the disk is gone')
    with caplog.at_level(logging.DEBUG, 'dspy_toolkit.commands.offers'): assert tab('%dspy show |', Broken()) == ['Triage', 'careful']
    assert 'the disk is gone' in caplog.text


def test_there_are_never_too_many():
    class Many(Fixed):
        def registry_names(self, typed):
            n = 0
            while True: n += 1; yield f'Name{n}', ''
    assert len(tab('%dspy show |', Many())) == LIMIT


# ---- laws, for whatever a person may have typed

class Odd(Sources):
    "Sources that have something odd to say."
    def verbs(self): return VERBS
    def _odd(self, *_): return iter([('', ''), ('a\nb', ''), ('ẞtrasse', ''), ('İ', ''), ('email', ''), ('\x1b[31m', '')])
    here = kept = versions = aliases = tags = fields = models = starters = runs = files = functions = variables = attributes = types = inputs = _odd


class Failing(Odd):
    "Sources that fail when they have said something."
    def _odd(self, *_): yield 'email', ''; raise RecursionError
    here = kept = versions = aliases = tags = fields = models = starters = runs = files = functions = variables = attributes = types = inputs = _odd


pieces = st.sampled_from(['%%dspy Signature Triage', '%%dspy run Triage', '%%dspy', '%dspy', ' show Tri', ' lm', ' --lm=', ' --module ', '-', '\n', '\n', '\n\n', '"""', "'", '"', '#', '\\', '[', ']', '(', '{',
                          'email: str', 'tags: list[', '->', '---', '--', 'email = ', 'inbox[0].', '.', ',', '=', ':', ' ', '\t', '@', 'Triage@', '|', 'ß', 'İ', '1', 'tag:', 'Literal["a', '%', '$', '/', '~'])
texts = st.lists(pieces | st.text(max_size=3), max_size=25).map(''.join) | st.lists(pieces, max_size=25).map('\n'.join) | st.lists(pieces, max_size=20).map(lambda ps: '%%dspy Signature Triage\n' + ''.join(ps))


@given(texts, st.data(), st.sampled_from([Fixed(), Odd(), Failing()]))
@example('%%dspy Signature T\nx: İ', None, Odd())
def test_nothing_raises_and_what_is_offered_goes_on_from_what_was_typed(text, data, sources):
    for cursor in range(len(text) + 1) if data is None else [data.draw(st.integers(0, len(text)))]:
        for found in complete(text, cursor, sources):
            typed = text[found.start:cursor]
            assert found.text.casefold().startswith(typed.casefold()) and '\n' not in typed
            assert found.text.isprintable() and found.text


@given(texts)
def test_scanning_keeps_every_offset(text):
    found = scan(text)
    assert len(found.code) == len(text)
    for start, end, _ in found.strings: assert set(found.code[start:end]) == {'"'}
    for start, end in found.comments: assert not found.code[start:end].strip() and text[start] == '#'


prose = st.text(st.characters(exclude_characters='"\\\r\v\f\x1c\x1d\x1e\x85\u2028\u2029', exclude_categories=['Cs']), max_size=40)


@given(st.lists(st.sampled_from(['email: str', 'tags: list[str]  # some', 'a -> b', '->', '---', 'email = inbox[0]', '']), max_size=5), prose, st.data(), st.sampled_from(['"""', '#']), st.sampled_from(['Signature T', 'run Triage']))
def test_nothing_is_offered_in_a_docstring_or_a_comment(lines, said, data, mark, verb):
    if mark == '#': said = said.replace('\n', ' ')
    head = f'%%dspy {verb}\n' + ''.join(f'{line}\n' for line in lines) + mark
    cell = head + said + (mark if mark != '#' else '') + '\nemail: str'
    assert complete(cell, len(head) + data.draw(st.integers(0, len(said))), Fixed()) == []


@given(st.lists(st.sampled_from(['import dspy\n', 'x = 1\n', '"""', 'inbox[0].', '%time x\n', '%%bash\n', '# dspy\n', 'dspy.', '(', '\n']), max_size=12).map(''.join), st.data())
def test_ordinary_cells_are_left_alone(text, data): assert locate(text, data.draw(st.integers(0, len(text))), VERBS) is None


# ---- in a shell

@pytest.fixture
def pressed(shell, tmp_path, monkeypatch):
    "A function that says what Tab shows in a shell."
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('HF_HUB_CACHE', str(tmp_path/'hub'))
    monkeypatch.delitem(sys.modules, 'huggingface_hub.constants', raising=False)
    install(shell.ip)
    def press(cell):
        text, cursor = cut(cell)
        with provisionalcompleter(): found = list(shell.ip.Completer.completions(text, cursor))
        assert all(c.end == cursor for c in found)
        return [text[:c.start] + c.text for c in found] if press.whole else [c.text for c in found]
    press.whole = False
    yield press
    uninstall(shell.ip)


def test_installing_twice_does_nothing_and_uninstalling_leaves_nothing(bare):
    before = list(bare.ip.Completer.custom_matchers)
    install(bare.ip)
    install(bare.ip)
    assert [m.matcher_identifier for m in bare.ip.Completer.custom_matchers if m not in before] == [IDENTIFIER]
    uninstall(bare.ip)
    uninstall(bare.ip)
    assert bare.ip.Completer.custom_matchers == before


def test_a_cell_is_completed_from_the_notebook_and_the_registry(pressed, shell):
    shell(TRIAGE)
    shell(TRIAGE.replace('"sales"]', '"sales", "press"]'))
    shell('%dspy alias Triage@1 prod')
    shell('%dspy tag Triage@2 reviewed')
    shell('inbox = ["Refund me."]')
    assert pressed('%dspy show Tri|') == ['Triage']
    assert pressed('%dspy show Triage@|') == ['2', '1', 'prod', 'latest']
    assert pressed('%dspy alias Triage@2 pr|') == ['prod'] and pressed('%dspy search tag:|') == ['reviewed']
    assert pressed('%dspy search has:|') == ['email', 'team', 'needs_human']
    assert pressed('%%dspy run Triage\n|') == ['email = '] and pressed('%%dspy run Triage@prod\ne|') == ['email = ']
    assert pressed('%%dspy run Triage\nemail = inb|') == ['inbox'] and pressed('%%dspy run Triage\nemail = inbox[0].upp|') == ['upper']
    shell.ip.user_ns.pop('Triage')
    assert pressed('%dspy load tri|') == ['Triage'] and pressed('%dspy save |') == []


def test_names_of_a_big_registry_are_found_by_how_they_begin(pressed, shell, registry):
    from dspy_toolkit.registry.bench import fill
    fill(registry, 2000, 1500)
    names = sorted(v.name for v in registry.latest(most=2000))
    for name in (names[0], names[750], names[-1]):
        same = {n for n in names if n.startswith(name[:-1])}
        assert set(pressed(f'%dspy show {name[:-1]}|')) == set(pressed(f'%dspy show {name[:-1].lower()}|')) == same
    assert len(pressed('%dspy show |')) == LIMIT
    most = max(names, key=lambda n: len(registry.versions(n)))
    assert len(pressed(f'%dspy show {most}@|')) == LIMIT and pressed(f'%dspy show {most}@1|')[-1] == '1'


def test_a_like_pattern_is_only_text(pressed, shell):
    shell(TRIAGE)
    assert completion._registry_names('T%e') == [] and completion._registry_names('Tr_age') == [] and completion._registry_names('tri') == [('Triage', 'signature in the registry')]


def test_the_types_of_the_notebook_come_first(pressed, shell):
    class Priority(enum.Enum): low = 1
    class Customer(BaseModel): name: str
    class Image: pass
    shop = SimpleNamespace(Priority=Priority)
    shell.ip.user_ns |= dict(Priority=Priority, Customer=Customer, Image=Image, shop=shop, BaseModel=BaseModel, dspy=dspy, Enum=enum.Enum)
    shell(TRIAGE)
    found = pressed('%%dspy Signature T\nemail: |')
    assert found[:6] == ['Customer', 'Priority', 'str', 'int', 'float', 'bool']
    assert not {'BaseModel', 'Enum', 'Image', 'Triage', 'shop'} & set(found) and {'Literal', 'Optional', 'History', 'PositiveInt', 'Decimal'} <= set(found)
    assert {'Image', 'History', 'Choice'} <= set(pressed('%%dspy Signature T\nemail: dspy.|')) and 'str' not in pressed('%%dspy Signature T\nemail: dspy.|')
    assert pressed('%%dspy Signature T\nemail: datetime.|') == ['date', 'datetime', 'time', 'timedelta']
    assert pressed('%%dspy Signature T\nemail: list[Pri|') == ['Priority']


def test_types_in_modules_and_classes_of_the_notebook_are_found(pressed, shell):
    shell('import enum, types\nclass Shop:\n    class Mood(enum.Enum): calm = 1\nshop = types.ModuleType("shop"); shop.Mood = Shop.Mood')
    assert pressed('%%dspy Signature T\nmood: Shop.|') == pressed('%%dspy Signature T\nmood: shop.|') == ['Mood']


def test_every_type_that_is_offered_can_be_read(pressed):
    from dspy_toolkit.signatures.source import parse_type
    for qualifier in ('', 'dspy.', 'typing.', 'datetime.', 'pydantic.', 'uuid.', 'decimal.', 'pathlib.'):
        found = pressed(f'%%dspy Signature T\nx: {qualifier}|')
        assert found, qualifier
        for name in found:
            inside = {'Literal': '["a"]', 'Optional': '[str]', 'Union': '[str, int]', 'Annotated': '[int, Field(ge=0)]'}.get(name, '')
            parse_type(qualifier + name + inside)


def test_models_are_those_that_are_here(pressed, shell, tmp_path):
    def model(folder):
        folder.mkdir(parents=True)
        (folder/'config.json').touch()
        (folder/'model.safetensors').touch()
    model(tmp_path/'hub/models--mlx-community--Qwen3-4B-4bit/snapshots/abc')
    (tmp_path/'hub/models--some--half-of-it/snapshots/abc').mkdir(parents=True)
    (tmp_path/'hub/datasets--some--data/snapshots/abc').mkdir(parents=True)
    model(tmp_path/'own')
    model(tmp_path/'more/deep')
    dspy.configure(lm=typist('{}', name='openai/gpt-5-mini'))
    shell('%dspy lm fast mlx/tiny')
    assert pressed('%dspy lm |') == ['fast', 'mlx/tiny', 'mlx/smollm2', 'openai/gpt-5-mini', 'mlx/mlx-community/Qwen3-4B-4bit', 'mlx/own', '--fallback', '--strategy', '--hedge-after', '--temperature', '--max-tokens', '--api-base', '--api-key', '--num-retries', '--cache', '--keep', '--traceback']
    assert pressed('%%dspy run T --lm mlx/mo|') == [] and pressed('%%dspy run T --lm mlx/more/|') == ['mlx/more/deep'] and pressed('%%dspy run T --lm mlx/./|') == ['mlx/./hub/', 'mlx/./more/', 'mlx/./own']
    assert pressed('%dspy lm mlx-|') == ['mlx-community/Qwen3-4B-4bit']


def test_the_cache_is_where_the_hub_would_look(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, 'huggingface_hub.constants', raising=False)
    for name in ('HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_HOME', 'XDG_CACHE_HOME'): monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv('HOME', str(tmp_path))
    for name, value, found in [('HOME', tmp_path, '.cache/huggingface/hub'), ('XDG_CACHE_HOME', tmp_path/'x', 'x/huggingface/hub'), ('HF_HOME', tmp_path/'h', 'h/hub'), ('HF_HUB_CACHE', tmp_path/'c', 'c')]:
        monkeypatch.setenv(name, str(value))
        assert hub_cache() == tmp_path/found
    assert list_downloads(tmp_path/'nowhere') == []


def test_files_are_offered_as_the_line_takes_them(pressed, shell, tmp_path, monkeypatch):
    (tmp_path/'data').mkdir()
    monkeypatch.chdir(tmp_path/'data')
    for name in ('b.txt', 'a b.json', 'z.json', '.hidden.json', 'data/old.json'): (tmp_path/'data'/name).parent.mkdir(exist_ok=True); (tmp_path/'data'/name).touch()
    assert pressed('%dspy import |') == [r'a\ b.json', 'z.json', 'data/', 'b.txt']
    assert pressed('%dspy import data/|') == ['data/old.json'] and pressed('%dspy import .h|') == ['.hidden.json'] and pressed('%dspy import "a|') == ['"a b.json']
    assert pressed('%dspy import nowhere/|') == []
    shell(TRIAGE)
    assert shell(r'%dspy export data/a\ b.json').success and (tmp_path/'data/data/a b.json').exists()


def test_variables_are_what_a_person_made_values_before_tools(pressed, shell):
    shell('import json\ninbox = []\ndef clean(text): return text\nrow = {}\n_private = 1')
    assert pressed('%%dspy run Triage\nemail = |') == ['row', 'inbox', 'clean', 'json']


def test_looking_at_a_value_runs_no_code(pressed, shell):
    shell('''ran, asked = [], []
class Mail:
    plain = "text"
    @property
    def body(self): ran.append("property"); return "text"
    def __getattr__(self, name): asked.append(name); raise AttributeError(name)
    def __getitem__(self, key): ran.append("getitem"); return self
    def read(self): ran.append("call"); return self
mail = Mail()''')
    for cell in ('mail.|', 'mail.body.|', 'mail[0].|', 'mail.read().|', 'mail.nothing.|', '[mail.body.|', 'f(mail.read().|'): pressed(f'%%dspy run Triage\nemail = {cell}')
    assert shell['ran'] == [] and not {'body', 'nothing', 'plain'} & set(shell['asked'])  # what IPython itself asks every object for may go through __getattr__
    assert 'body' in pressed('%%dspy run Triage\nemail = mail.|')


def test_the_other_matchers_are_silent_where_a_place_is_ours_and_speak_where_python_is_meant(pressed, shell, tmp_path):
    (tmp_path/'notes.txt').touch()
    shell('row = {"subject": "Refund"}')
    assert pressed('%%dspy Signature T\n"""Route n|') == pressed('%%dspy Signature T\n"""|') == pressed('%%dspy Signature T\nemail: str  # n|') == pressed('%%dspy Signature T\nem|') == []
    assert pressed('%%dspy run T\nemail = row["s|') == ['subject'] and 'notes.txt' in pressed('%%dspy run T\nemail = "no|')
    assert 'row' in pressed('ro|') and pressed('row["s|') == ['subject']


def test_the_whole_completion_stands_in_the_place_of_what_was_typed(pressed, shell):
    pressed.whole = True
    shell(TRIAGE)
    assert pressed('x = 1\n%dspy show Triage@|') == ['x = 1\n%dspy show Triage@1', 'x = 1\n%dspy show Triage@latest']
    assert pressed('%%dspy Signature T\nü: list[dspy.Imag|') == ['%%dspy Signature T\nü: list[dspy.Image']
    assert pressed('%%dspy run triage --module=chain|') == ['%%dspy run triage --module=ChainOfThought']


def test_a_registry_that_cannot_be_used_leaves_the_rest(pressed, shell, tmp_path, monkeypatch, capsys):
    from dspy_toolkit.core.settings import reset_settings
    shell(TRIAGE)
    (tmp_path/'folder.db').mkdir()
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f'sqlite:///{tmp_path}/folder.db')
    reset_settings()
    assert pressed('%dspy show |') == ['Triage'] and pressed('%dspy show Triage@|') == []
    with monkeypatch.context() as worse:
        worse.setenv('DSPY_TOOLKIT_REGISTRY_URL', 'nonsense')
        reset_settings()
        assert pressed('%dspy show |') == ['Triage'] and pressed('%dspy search tag:|') == []
    reset_settings()
    assert capsys.readouterr().err == ''


def test_a_registry_is_not_opened_for_a_completion(pressed, shell, tmp_path, monkeypatch):
    from dspy_toolkit.core.settings import reset_settings
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f'sqlite:///{tmp_path}/new.db')
    reset_settings()
    assert pressed('%dspy show |') == [] and not (tmp_path/'new.db').exists()


def test_a_registry_that_does_not_answer_is_not_waited_for(shell, monkeypatch):
    answers, asked, sources = threading.Event(), [], NotebookSources(shell.ip)
    sources._registry = Patient(seconds=0)
    def stuck(typed):
        asked.append(typed)
        answers.wait(60)
        return [('Late', '')]
    monkeypatch.setattr(completion, '_registry_names', stuck)
    assert tab('%dspy load |', sources) == [] and tab('%dspy load L|', sources) == [] and asked == ['']
    answers.set()
    assert sources._registry._last.result(60) == [('Late', '')]
    sources._registry.seconds = 60
    assert tab('%dspy load L|', sources) == ['Late'] and asked == ['', 'L']


def test_what_raises_in_a_query_comes_out_of_it():
    with pytest.raises(ZeroDivisionError): Patient(60)(lambda: 1 / 0)


def test_a_completion_brings_nothing_heavy():
    code = '''
import sys, json
from IPython.core.interactiveshell import InteractiveShell
from dspy_toolkit.jupyter.completion import NotebookSources, complete, install
shell = InteractiveShell.instance()
install(shell)
sources, found = NotebookSources(shell), []
for cell in json.loads(sys.argv[1]):
    before, _, after = cell.rpartition('|')
    found.append(bool(complete(before + after, len(before), sources)))
print(json.dumps([sorted({m.partition('.')[0] for m in sys.modules}), any(found)]))'''
    cells = [cell for cell, _ in [*LINES.values(), *CELLS.values()]] + ['%dspy resume |', '%dspy evaluate Triage --on |', '%dspy evaluate Triage --metric |', '%dspy compare Triage --lm |']
    out = subprocess.run([sys.executable, '-c', code, json.dumps(cells)], check=True, capture_output=True, text=True).stdout
    modules, found = json.loads(out.splitlines()[-1])
    assert found and not set(modules) & (heavy | {'jedi', 'huggingface_hub', 'alembic'})
