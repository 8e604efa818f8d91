"Naming models: what is not one is refused, options and variables work wherever a model is named, and a cell means the same each time it runs."
import threading
from dataclasses import replace

import dspy
import pytest

from dspy_toolkit.commands import models
from dspy_toolkit.core.dspy_internals import configuration
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.engine.catalog import is_served, on_disk, refusal
from dspy_toolkit.resilience import chaos
from dspy_toolkit.resilience.breaker import State, breakers
from dspy_toolkit.workspace import lms
from tests.typist import typist

ANSWER = '{"team": "billing", "needs_human": true}'
OTHER = '{"team": "sales", "needs_human": false}'


@pytest.fixture
def lab(triage):
    "A notebook in which fast and spare are models."
    breakers.reset()
    lms.names.update(fast=typist(ANSWER), spare=typist(OTHER))
    yield triage
    chaos.stop()
    breakers.reset()


def legs(name): return [(leg.name, leg.lm) for leg in lms.names[name].engine.legs]


@pytest.mark.parametrize('line, said, hint', [
    ('%dspy lm fats', "no model is called 'fats'", 'did you mean fast'),
    ('%dspy lm safe --fallback fsat spare', "no model is called 'fsat'", 'did you mean fast'),
    ('%dspy lm safe spares --fallback fast', "no model is called 'spares'", 'did you mean spare'),
    ('%dspy lm mine fats', "no model is called 'fats'", 'fast'),
    ('%dspy lm mine opneai/gpt-5-mini', "'opneai' in 'opneai/gpt-5-mini' is no provider", 'did you mean openai/gpt-5-mini'),
    ('%dspy lm gpt5-mini', "no model is called 'gpt5-mini'", 'gpt-5-mini'),
    ('%dspy lm qwertzuiop', "no model is called 'qwertzuiop'", 'provider/model'),
    ('%dspy lm mine openai/', "openai/", ''),
    ('%dspy lm mine fast --temprature 0', '--temprature is no option', 'did you mean --temperature?'),
    ('%dspy lm --temperature 0', '--temperature is for a model', 'name it'),
    ('%dspy lm net --fallback fast spare --api-base http://x', 'net cannot be made so', 'where it gets its name'),
    ('%%dspy run Triage --lm fats\nemail = "x"', "no model is called 'fats'", 'did you mean fast'),
    ('%dspy chaos fats --fail 1', "no model is called 'fats'", 'fast')])
def test_a_word_that_stands_for_no_model_is_refused_with_what_is_near(lab, line, said, hint):
    before, default = dict(lms.names), dspy.settings.lm
    shown = lab(line).shown
    assert said in shown and hint in shown and 'Traceback' not in shown
    assert lms.names == before and dspy.settings.lm is default


@pytest.mark.parametrize('name', ['openai/gpt-99', 'gpt-5-mini', 'claude-sonnet-4-6', 'anthropic/x', 'hosted_vllm/mine', 'ollama_chat/llama3', 'azure/deployed', 'groq/x', 'openrouter/meta/llama',
                                  'mistral/mistral-large-latest', 'together_ai/x/y', 'mlx/tiny', 'mlx/mlx-community/x', 'huggingface/a/b', 'vertex_ai/x', 'bedrock/x', 'databricks/x'])
def test_what_a_provider_may_serve_is_never_refused(name): assert is_served(name)


def test_a_provider_that_a_person_declared_is_known():
    from dspy._vendor.lm15.registry import PROVIDERS
    from dspy.lm15 import register_provider, unregister_provider
    assert not is_served('ours/model') and is_served('ours/model', {'custom_llm_provider': 'openai'})
    register_provider(replace(PROVIDERS['vllm'], id='ours', aliases=(), access=replace(PROVIDERS['vllm'].access, provider='ours')))
    try: assert is_served('ours/model')
    finally: unregister_provider('ours')


def test_a_default_model_of_the_settings_that_is_none_is_refused(bare, monkeypatch):
    from dspy_toolkit.core.settings import reset_settings
    monkeypatch.setenv('DSPY_TOOLKIT_DEFAULT_LM', 'mlx-tiny')
    reset_settings()
    with pytest.raises(InputError, match="no model is called 'mlx-tiny'"): lms.default_model()


def test_a_net_below_its_own_name_is_the_same_each_time_its_cell_runs(lab):
    fast = lms.names['fast']
    cell = '%dspy lm fast --fallback fast spare'
    lab(cell)
    first, net = legs('fast'), lms.names['fast']
    for _ in range(3): lab(cell)
    assert legs('fast') == first and first[0] == ('fast', fast) and lms.names['fast'] is net
    lab('%dspy lm fast --fallback fast mlx/tiny')
    assert [name for name, _ in legs('fast')] == ['fast', 'mlx/tiny'] and legs('fast')[0][1] is fast
    lab('%dspy lm fast spare')
    lab(cell.replace('spare', 'mlx/tiny'))
    assert legs('fast')[0][1] is lms.names['spare']


def test_nets_that_name_one_another_do_not_grow(lab):
    cells = ['%dspy lm one --fallback fast spare', '%dspy lm two --fallback one fast', '%dspy lm one --fallback two spare']
    def depth(lm): return 1 + max((depth(leg.lm) for leg in getattr(getattr(lm, 'engine', None), 'legs', ())), default=0)
    seen = []
    for _ in range(4):
        for cell in cells[1:]: assert lab(cells[0]).success and lab(cell).success
        seen.append((depth(lms.names['one']), depth(lms.names['two'])))
    assert len(set(seen)) == 1
    for _ in range(4):
        for cell in cells[1:]: lab(cell)
    assert depth(lms.names['one']) <= 4


def test_another_name_of_a_net_does_not_make_it_grow(lab):
    cells = ['%dspy lm safe --fallback fast spare', '%dspy lm quick safe', '%dspy lm safe --fallback quick mlx/tiny']
    for cell in cells: lab(cell)
    first = legs('safe')
    for _ in range(3):
        for cell in cells[1:]: lab(cell)
    assert legs('safe') == first


def test_the_same_line_keeps_the_model_and_what_was_measured_of_it(lab):
    lab('%dspy lm small mlx/tiny --temperature 0.5')
    small = lms.names['small']
    lab('%dspy lm small mlx/tiny --temperature 0.5')
    assert lms.names['small'] is small
    lab('%dspy lm small mlx/tiny --temperature 0.6')
    assert lms.names['small'] is not small
    lab('%dspy lm safe --fallback fast spare')
    lab('%%dspy run Triage --lm safe\nemail = "x"')
    lab('%dspy lm safe --fallback fast spare')
    assert len(lms.names['safe'].engine.legs[0].took) == 1


def test_a_breaker_that_opened_is_not_that_of_another_model_with_the_name(lab):
    lab('%dspy lm safe --fallback fast spare')
    lab('%dspy breaker fast open')
    lab('%dspy lm safe --fallback fast spare')
    assert lms.names['safe'].engine.legs[0].breaker.state is State.open
    lms.names['fast'] = typist(OTHER)
    lab('%dspy lm safe --fallback fast spare')
    assert lms.names['safe'].engine.legs[0].breaker.state is State.closed and breakers['fast'].state is State.closed


def test_chaos_ends_with_the_model_it_is_for_and_survives_the_same_line(lab):
    lab('%dspy lm small mlx/tiny')
    lab('%dspy chaos small --fail 1 --for 60')
    lab('%dspy lm small mlx/tiny')
    assert 'small' in chaos.active() and 'LMServerError' in lab('%%dspy run Triage --lm small\nemail = "x"').shown
    lab('%dspy lm small fast')
    assert not chaos.active() and 'billing' in lab('%%dspy run Triage --lm small\nemail = "x"').shown


def test_options_are_those_of_dspy_lm(lab):
    shown = lab('%dspy lm mine openai/qwen --api-base http://localhost:1/v1 --api-key none --temperature 0 --max-tokens 500 --cache false --top-p 0.5 --stop "[\'.\']" --seed=7')
    assert shown.success, shown.shown
    mine = lms.names['mine']
    assert {k: v for k, v in mine.kwargs.items() if v is not None} == {
        'api_base': 'http://localhost:1/v1', 'api_key': 'none', 'temperature': 0, 'max_tokens': 500, 'top_p': 0.5, 'stop': ['.'], 'seed': 7}
    assert mine.cache is False
    assert lab('%dspy lm small mlx/tiny --slots 2 --temperature 0.3').success and lms.names['small'].engine.options['slots'] == 2
    assert lab('%dspy lm mlx/tiny --temperature 0.3').success and dspy.settings.lm.kwargs['temperature'] == 0.3
    assert lab('%dspy lm warm small --temperature 0.9').success and lms.names['warm'].kwargs['temperature'] == 0.9
    assert lms.names['small'].kwargs['temperature'] == 0.3
    for word in ('--temperature', '--max-tokens', '--api-base', 'goes to dspy.LM'): assert word in lab('%dspy help lm').shown


MISSING = {
    'a provider without its key': ('openai/gpt-5-mini', {}, {}, 'OPENAI_API_KEY'),
    'its key is set': ('openai/gpt-5-mini', {}, {'OPENAI_API_KEY': 'secret'}, ''),
    'one of two variables is set': ('gemini/gemini-3-flash', {}, {'GOOGLE_API_KEY': 'secret'}, ''),
    'a key beside the name': ('openai/gpt-5-mini', dict(api_key='secret'), {}, ''),
    'a server of the user': ('openai/qwen', dict(api_base='http://localhost:1234/v1'), {}, ''),
    'a server that needs none': ('ollama/qwen', {}, {}, ''),
    'a provider that DSPy itself does not know': ('hosted_vllm/qwen', {}, {}, ''),
    'an engine of this process': ('mlx/tiny', {}, {}, ''),
}


@pytest.mark.parametrize('case', MISSING)
def test_who_names_a_model_hears_which_key_is_missing(lab, monkeypatch, case):
    name, options, variables, missing = MISSING[case]
    for variable in ('OPENAI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'): monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items(): monkeypatch.setenv(variable, value)
    view = models.lm('big', name, **options)
    assert view.missing['big'] == missing
    for shown in (str(view), view._repr_mimebundle_()['text/html']): assert shown.count(f'{missing or "KEY"} is not set') == bool(missing)


def test_a_key_is_never_shown(lab):
    shown = lab('%dspy lm mine openai/qwen --api-key sesame').shown + lab('%dspy lm').shown + lab('%dspy lm safe --fallback mine fast').shown + lab('%dspy status').shown
    assert 'sesame' not in shown


def test_a_variable_that_is_a_model_is_named_like_any_other(lab):
    lab.ip.user_ns.update(own=typist(ANSWER), second=typist(OTHER))
    assert 'billing' in lab('%%dspy run Triage --lm own\nemail = "x"').shown
    assert lab('%dspy lm safe --fallback own second').success and [n for n, _ in legs('safe')] == ['own', 'second']
    assert lab('%dspy lm short own').success and lms.names['short'] is lab['own']
    assert lab('%dspy breaker own open').success and breakers['own'].state is State.open
    assert lab('%dspy chaos second --fail 1').success
    assert 'LMServerError' in lab('%%dspy run Triage --lm second\nemail = "x"').shown
    assert lab('%dspy lm second').success and dspy.settings.lm is lab['second']
    assert 'did you mean second' in lab('%dspy lm secnd').shown


def test_a_model_of_this_process_without_an_engine_says_what_to_write(lab):
    lab.ip.user_ns['own'] = dspy.LM('mlx/tiny')
    shown = lab('%dspy lm own').shown
    assert "own is a dspy.LM('mlx/tiny') without an engine" in shown and "own = dspy_toolkit.lm('mlx/tiny')" in shown


def test_lm_lists_what_can_be_had(lab, monkeypatch, tmp_path):
    weights = tmp_path/'hub'/'models--mlx-community--Small-4bit'/'snapshots'/'abc'
    for folder in (weights, tmp_path/'here'/'tuned'):
        folder.mkdir(parents=True)
        for name in ('config.json', 'model.safetensors', 'tokenizer.json'): (folder/name).touch()
    (tmp_path/'hub'/'models--org--data'/'snapshots'/'abc').mkdir(parents=True)
    from huggingface_hub import constants
    monkeypatch.setattr(constants, 'HF_HUB_CACHE', str(tmp_path/'hub'))
    monkeypatch.chdir(tmp_path/'here')
    monkeypatch.setenv('MISTRAL_API_KEY', 'sesame')
    monkeypatch.setenv('OPENAI_API_KEY', '')
    lab.ip.user_ns['own'] = typist(ANSWER)
    result = lab('%dspy lm')
    had = result.result.available
    assert had['built in'] == ['mlx/tiny'] and had['on this machine'] == ['mlx/mlx-community/Small-4bit', 'mlx/./tuned'] == on_disk()
    assert had['by key'] == ['mistral/… (MISTRAL_API_KEY)'] and had['variables'] == ['own (test/typist)']
    assert 'sesame' not in result.shown and 'Small-4bit' in result.shown
    assert result.result.uses['mlx/tiny'] in ' '.join(result.shown.split()) and 'own (test/typist)' not in result.result.uses


def ran(fn):
    "What a function gives, or raises, on another thread."
    out = []
    def work():
        try: out.append(fn())
        except Exception as e: out.append(e)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    return out[0]


def test_the_first_use_on_another_thread_asks_the_default_model_and_leaves_dspy_to_the_main_one(bare):
    inside = configuration()
    inside.config_owner_thread_id = None
    from dspy_toolkit.commands.programs import run
    Triage = dspy.Signature('email -> urgent: bool')
    view = ran(lambda: run(Triage, {'email': 'help'}))
    assert view.lm == 'mlx/tiny' and isinstance(view.prediction.urgent, bool)
    assert inside.config_owner_thread_id is None and dspy.settings.lm is None
    dspy.configure(lm=typist(ANSWER))


def test_a_default_that_another_thread_chose_holds_there_and_comes_to_dspy_with_the_next_cell(bare):
    inside = configuration()
    inside.config_owner_thread_id = None
    bare.ip.run_line_magic('load_ext', 'dspy_toolkit')
    lms.names['fast'] = typist(ANSWER)
    view = ran(lambda: models.lm('fast'))
    assert view.default == 'test/typist' and ran(lambda: lms.resolve(None)) is lms.names['fast']
    assert inside.config_owner_thread_id is None
    bare('import dspy')
    assert dspy.settings.lm is lms.names['fast']
    dspy.configure(lm=None)


def test_a_fallback_made_on_another_thread_leaves_dspy_to_the_main_one(bare):
    inside = configuration()
    from dspy_toolkit.resilience import semantic
    semantic.unwatch()
    inside.config_owner_thread_id = None
    assert isinstance(ran(lambda: models.lm('safe', fallback=['mlx/tiny'])), models.ModelsView)
    assert inside.config_owner_thread_id is None and any(type(c).__name__ == 'ParseWatch' for c in dspy.settings.callbacks)
    dspy.configure(lm=None)
    semantic.unwatch()


def test_a_thread_that_dspy_does_not_listen_to_is_told_so_in_two_lines(bare):
    inside = configuration()
    inside.config_owner_thread_id = -1
    try:
        with pytest.raises(InputError, match='configured by another thread'): lms.make_default(typist(ANSWER))
    finally: inside.config_owner_thread_id = None


def test_nothing_is_refused_by_accident():
    assert refusal('fats', ['fast']).hint == 'did you mean fast?'


def test_only_the_name_with_the_options_of_the_default_is_called_the_default(triage):
    for line in ('lm fast mlx/tiny', 'lm cool mlx/tiny --temperature 0.2', 'lm cool'): triage(f'%dspy {line}')
    said = {line.split()[0]: 'the default' in line for line in triage('%dspy lm').shown.splitlines() if line.startswith(('fast', 'cool'))}
    assert said == {'fast': False, 'cool': True}
