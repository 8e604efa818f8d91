"Every cell is a version: what a person keeps, finds and moves from a notebook."
import json

import dspy
import pytest

from dspy_toolkit.commands import listing, registry as verbs
from dspy_toolkit.core.errors import InputError, InUse, NotRegistered, Protected
from dspy_toolkit.core.events import RequestStarted, bus
from tests.typist import typist

from .conftest import TRIAGE

ANSWER = '{"team": "billing", "needs_human": true}'
CHANGED = TRIAGE.replace('"sales"]', '"sales", "press"]')


@pytest.fixture
def later(triage):
    "The notebook a month later: the registry is the same, the names are gone."
    triage(CHANGED)
    triage('%dspy alias Triage@1 prod')
    triage.ip.user_ns.pop('Triage')
    return triage


def test_a_cell_is_a_version_and_running_it_again_makes_none(triage, registry):
    triage(TRIAGE)
    assert [str(v) for v in registry.versions('Triage')] == ['Triage@1']
    shown = triage(CHANGED).shown
    assert 'version 2' in shown and 'since Triage@1: breaks callers: team: type' in shown
    assert [str(v) for v in registry.versions('Triage')] == ['Triage@2', 'Triage@1']
    assert 'version 1, not the latest' in triage(TRIAGE).shown


def test_the_cell_is_kept_but_not_the_values_it_ran_with(triage, registry):
    dspy.configure(lm=typist(ANSWER), adapter=dspy.JSONAdapter())
    triage(CHANGED + '---\nemail = "my card is 4929 1111"')
    origin = registry.resolve('Triage').origin
    assert origin['cell'] == CHANGED.rstrip()
    with registry.database.reading() as connection: dump = '\n'.join(connection.connection.dbapi_connection.iterdump())
    assert '4929' not in dump


def test_the_notebook_it_came_from_is_named_without_its_folders(triage, registry, monkeypatch):
    monkeypatch.setenv('JPY_SESSION_NAME', '/home/ada/private/triage.ipynb')
    triage(CHANGED)
    assert registry.resolve('Triage').origin['notebook'] == 'triage.ipynb'


def test_a_registry_that_cannot_be_used_loses_no_cell(triage, tmp_path, monkeypatch):
    from dspy_toolkit.core.settings import reset_settings
    (tmp_path/'folder.db').mkdir()
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f'sqlite:///{tmp_path}/folder.db')
    reset_settings()
    result = triage(CHANGED)
    assert result.success and 'not kept: ' in result.shown and 'press' in str(triage['Triage'].model_fields['team'].annotation)
    dspy.configure(lm=typist(ANSWER), adapter=dspy.JSONAdapter())
    assert triage('%%dspy run Triage\nemail = "x"').result.team == 'billing'


def test_the_version_that_answers_is_on_the_card_and_in_the_events(later):
    dspy.configure(lm=typist(ANSWER, ANSWER), adapter=dspy.JSONAdapter())
    assert 'Triage@1  Predict' in later('%%dspy run Triage@prod\nemail = "x"').shown
    later(CHANGED)
    assert 'Triage@2  Predict' in later('%%dspy run Triage\nemail = "x"').shown


def test_requests_say_for_which_version_they_were_made(later):
    from dspy_toolkit import lm
    dspy.configure(lm=lm('mlx/tiny'))
    with bus.record(RequestStarted) as seen: assert later('%%dspy run Triage@prod\nemail = "Please refund me"').success
    assert {e.version for e in seen} == {'Triage@1'}


def test_a_signature_opens_in_another_notebook(later):
    assert 'version 1, prod, not the latest' in later('%dspy load Triage@prod').shown
    assert list(later['Triage'].output_fields) == ['team', 'needs_human']
    assert later('%dspy load Triage@2 --to newer').success and 'press' in str(later['newer'].output_fields['team'].annotation)


def test_a_program_is_kept_and_comes_back_as_it_was(triage, registry):
    triage('import dspy\ncareful = dspy.ChainOfThought(Triage)\ncareful.predict.demos = [dspy.Example(email="refund", reasoning="money", team="billing", needs_human=True)]')
    shown = triage('%dspy save careful --to Triage -m "with a demo"').shown
    assert 'kept as Triage@2' in shown and 'Predict → ChainOfThought; predict: 1 demo added' in shown
    assert [(v.kind, v.parent) for v in registry.versions('Triage')] == [('program', 'Triage@1'), ('signature', None)]
    assert triage('%dspy load Triage@2 --to again').success
    assert triage['again'].predict.demos[0].team == 'billing' and isinstance(triage['again'], dspy.ChainOfThought)
    assert 'demo' in triage('%dspy log Triage').shown
    dspy.configure(lm=typist('{"reasoning": "r", "team": "billing", "needs_human": true}'), adapter=dspy.JSONAdapter())
    assert 'Triage@2  ChainOfThought' in triage('%%dspy run Triage@2\nemail = "x"').shown


def test_an_agent_finds_its_tools_in_the_notebook(triage):
    triage('import dspy\ndef look_up(word: str) -> str:\n    "Look a word up."\n    return word\nagent = dspy.ReAct("question -> answer", tools=[look_up])')
    assert triage('%dspy save agent --to Agent').success
    triage.ip.user_ns.pop('look_up')
    assert 'look_up' in triage('%dspy load Agent').shown and 'Agent' not in triage.ip.user_ns
    triage('def look_up(word: str) -> str:\n    "Look a word up."\n    return word.upper()')
    assert triage('%dspy load Agent').success and triage['Agent'].tools['look_up'](word='x') == 'X'


def test_a_class_of_one_s_own_comes_back_where_it_is_defined_and_nowhere_else(triage):
    triage('import dspy\nclass Two(dspy.Module):\n    def __init__(self): self.first, self.second = dspy.Predict("a -> b"), dspy.Predict("b -> c")\n'
           '    def forward(self, a): return self.second(b=self.first(a=a).b)\ntwo = Two()\ntwo.first.demos = [dspy.Example(a="1", b="2")]')
    assert triage('%dspy save two --to Two2').success
    assert triage('%dspy load Two2').success and triage['Two2'].first.demos[0].b == '2'
    for name in ('Two', 'two', 'Two2'): triage.ip.user_ns.pop(name)
    assert 'Two' in triage('%dspy load Two2').shown and 'Two2' not in triage.ip.user_ns


def test_verbs_show_what_is_kept(later):
    assert 'Triage@2' in later('%dspy list').shown
    shown = later('%dspy log Triage').shown
    assert shown.index('  2 ') < shown.index('  1 ') and 'since Triage@1' in shown and 'prod' in shown
    assert 'prod → Triage@1' in later('%dspy log Triage@prod').shown
    assert 'press' in later('%dspy diff Triage@1 Triage@2').shown and 'press' in later('%dspy diff Triage@2').shown
    assert 'Triage@2' in later('%dspy search route has:team type:Literal').shown
    assert 'Nothing found' in later('%dspy search refund').shown
    assert '└─ Triage@2' in later('%dspy lineage Triage').shown


def test_filters_may_have_blanks_in_quotes(later):
    later('%dspy tag Triage@2 reviewed')
    assert later('%dspy search "support email" tag:reviewed').result.entries
    assert later('%dspy search name:"Triage"').result.entries


def test_tags_notes_and_aliases(later, registry):
    later('%dspy tag Triage@2 reviewed fast')
    later('%dspy note Triage@2 watch the refunds')
    assert registry.resolve('Triage').tags == ('fast', 'reviewed') and registry.notes('Triage')[0][0] == 'watch the refunds'
    later('%dspy tag Triage@2 fast --remove')
    assert registry.resolve('Triage').tags == ('reviewed',)
    later('%dspy alias Triage@prod --protect')
    assert isinstance(later('%dspy alias Triage@2 prod').error, Protected)
    assert 'it pointed to version 1' in later('%dspy alias Triage@2 prod --force').shown
    assert 'prod → 2 protected' in later('%dspy alias Triage').shown
    assert later('%dspy alias Triage@prod --unprotect').success and later('%dspy alias Triage@prod --remove').success
    assert registry.aliases('Triage') == {}


def test_what_is_exported_can_be_imported(later, tmp_path, registry):
    path = tmp_path/'triage.json'
    assert 'wrote 2 versions of 1 name' in later(f'%dspy export {path} Triage').shown
    assert json.loads(path.read_text())['names'].keys() == {'Triage'}
    later('%dspy alias Triage@prod --remove')
    assert later('%dspy delete Triage').success
    assert 'would import 2 versions' in later(f'%dspy import {path} --dry-run').shown and registry.count()['versions'] == 0
    assert 'imported 2 versions' in later(f'%dspy import {path}').shown
    assert 'imported nothing new; 2 were here already' in later(f'%dspy import {path}').shown
    assert [str(v) for v in registry.versions('Triage')] == ['Triage@4', 'Triage@3'] and registry.aliases('Triage') == {'prod': (3, False)}


def test_the_library_gives_a_signature_to_begin_with(triage, registry):
    assert 'WriteSQL' in triage('%dspy library').shown
    assert '%%dspy Signature Classify' in triage('%dspy library classify').shown
    assert issubclass(triage['Classify'], dspy.Signature) and registry.resolve('Classify').origin == {'library': 'Classify'}


MISTAKES = {
    'an unknown name': ('%dspy log Trige', NotRegistered, "'Trige'", 'did you mean Triage?'),
    'an unknown version': ('%dspy show Triage@9', NotRegistered, "'Triage' has no version 9", 'versions are 1–2; the alias prod is 1'),
    'an unknown alias': ('%dspy show Triage@prd', NotRegistered, "'Triage' has no alias 'prd'", 'did you mean prod?'),
    'no reference': ('%dspy show Triage@', InputError, "'Triage@' is not a reference", 'Triage@1'),
    'a filter that is none': ('%dspy search tags:x', InputError, 'tags: is not a filter', 'did you mean tag:x?'),
    'what is referred to': ('%dspy delete Triage@1', InUse, 'the alias prod', 'delete those first'),
    'a file that is not there': ('%dspy import nowhere.json', InputError, "'nowhere.json' cannot be read", 'export'),
    'a folder that is not there': ('%dspy export no/where.json', InputError, 'no/where.json cannot be written', 'folder'),
    'an unknown starter': ('%dspy library Clasify', NotRegistered, "'Clasify'", 'did you mean Classify?'),
    'an alias that is none': ('%dspy alias Triage@1 latest', InputError, 'latest is always the latest version', 'prod'),
    'nothing to keep': ('%dspy save nobody', NotRegistered, "this notebook has no 'nobody'", ''),
    'made from nothing': ('%dspy diff Triage@1', InputError, 'Triage@1 is a first version', 'name two versions'),
}


@pytest.mark.parametrize('line, kind, message, hint', MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_two_lines_and_changes_nothing(later, registry, line, kind, message, hint):
    before = registry.count(), len(registry.trail())
    result = later(line)
    assert isinstance(result.error, kind), result.shown
    assert message in result.shown and hint in result.shown and 'Traceback' not in result.shown and len(result.shown.strip().splitlines()) == 2
    assert (registry.count(), len(registry.trail())) == before


def test_verbs_are_plain_functions(later, registry):
    assert verbs.alias('Triage@2', 'next').to_json()['version'] == 'Triage@2'
    assert [v['ref'] for v in listing.list_versions({}).to_json()['versions']] == ['Triage@2']


# --- what is within a type


NESTED = '''from enum import Enum
from pydantic import BaseModel
class Mood(Enum): jolly = "jubilant"; sad = "gloomy"
class Verse(BaseModel):
    line: str
    mood: Mood
'''
POEM = '%%dspy Signature Poem\ntopic: str\n->\nverses: list[Verse]\nkind: Literal["haiku", "limerick"]\n'


@pytest.fixture
def poem(shell):
    "The notebook a month later, with nothing but what the registry has."
    shell(NESTED)
    assert shell(POEM).success
    for name in ('Poem', 'Verse', 'Mood', 'Enum', 'BaseModel'): shell.ip.user_ns.pop(name)
    return shell


def test_load_defines_the_types_within_the_types_too(poem):
    shown = poem('%dspy load Poem').shown
    assert 'also defined: Verse, Mood' in shown
    assert poem('Poem.output_fields["verses"].annotation == list[Verse] and Verse(line="x", mood=Mood.sad).mood is Mood.sad').result
    assert 'also defined' not in poem('%dspy load Poem').shown  # once more: they are the same classes


def test_load_leaves_what_the_notebook_calls_so(poem):
    poem('Mood = "mine"')
    shown = poem('%dspy load Poem').shown
    assert 'Mood of this notebook is another one and stays' in ' '.join(shown.split()) and poem['Mood'] == 'mine' and 'also defined: Verse' in shown


@pytest.mark.parametrize('words', ['jubilant', 'jolly', 'limerick', 'Mood', 'type:Mood', 'type:Verse', 'line mood'])
def test_search_finds_the_values_of_enums_and_literals_and_the_fields_of_models(poem, words):
    assert 'Poem@1' in poem(f'%dspy search {words}').shown


def test_search_finds_the_enums_of_a_program(poem):
    poem('%dspy load Poem')
    poem('import dspy\nasker = dspy.ChainOfThought(Poem)\n%dspy save asker')
    assert 'asker@1' in poem('%dspy search jubilant').shown


def test_show_says_that_there_is_a_later_version(triage, registry):
    old = triage['Triage']
    assert 'not the latest' not in triage('%dspy show Triage').shown
    triage(CHANGED)
    triage.ip.user_ns['Triage'] = old
    assert 'version 1, not the latest, which is Triage@2' in triage('%dspy show Triage').shown
    assert 'not the latest' not in triage('%dspy show Triage@2').shown
    assert 'version 1, not the latest, which is Triage@2' in triage('%dspy show Triage@1').shown
    triage('import dspy\nclass Triage(dspy.Signature):\n    email: str = dspy.InputField()\n    mood: str = dspy.OutputField()')
    assert 'not kept; the latest is Triage@2' in triage('%dspy show Triage').shown


def test_a_program_shows_its_demos_and_its_types(poem):
    poem('%dspy load Poem')
    poem('import dspy\nasker = dspy.Predict(Poem)\nasker.demos = [dspy.Example(topic="rain", verses=[Verse(line="<i>Drops</i>", mood=Mood.sad)], kind="haiku")]')
    result = poem('%dspy show asker')
    assert '1 demo' in result.shown and 'Mood    "jubilant" | "gloomy"' in result.shown
    html = result.result.html()
    assert '>1 demo</summary>' in html and 'gloomy' in html and '>Verse</summary>' in html and '<i>' not in html
    assert result.result.to_json()['demos']['self'][0]['verses'] == [{'line': '<i>Drops</i>', 'mood': 'gloomy'}]


@pytest.mark.parametrize('label', ['W' * 60, 'lineage_of_a_signature_with_a_long_name@12', '長い名前' * 10, 'short@1', 'm@1'])
def test_the_text_of_a_lineage_fits_its_box(label):
    from dspy_toolkit.views.registry import estimate_width, fit_text
    for size, even in ((13, True), (11, False)):
        short = fit_text(label, 164, size, even)
        assert estimate_width(short, size, even) <= 164 and (short == label or short.endswith('…') and label.startswith(short[:-1]))
