"A bundle comes back as it was written, opens on a machine that has nothing else, and whatever is wrong with one is named by its file."
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Literal

import dspy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dspy_toolkit
from dspy_toolkit.core.errors import BundleError, InputError, NotRegistered
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.deploy import bundle as module
from dspy_toolkit.deploy.bundle import FORMAT, open_bundle, read_bundle, write_bundle
from dspy_toolkit.engine.hub import TINY
from dspy_toolkit.engine.tuned import publish
from dspy_toolkit.registry.store import Registry
from tests.property.test_programs import leaves, programs
from tests.property.test_signatures import specs

pytestmark = [pytest.mark.filterwarnings('ignore:Field name .* shadows:UserWarning'), pytest.mark.filterwarnings('ignore::DeprecationWarning'),
              pytest.mark.filterwarnings('ignore:Do not use the .random. module'), pytest.mark.filterwarnings('ignore:Pydantic serializer warnings:UserWarning')]
law = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


class Route(dspy.Signature):
    "Route a ticket to a team."
    ticket: str = dspy.InputField()
    team: Literal['zircon', 'basalt'] = dspy.OutputField()


@pytest.fixture(scope='module')
def registry(tmp_path_factory):
    with_file = Registry(f"sqlite:///{tmp_path_factory.mktemp('registry')}/registry.db", author='author-of-it')
    with_file.save(Route)
    taught = dspy.ChainOfThought(Route)
    taught.predict.demos = [dspy.Example(ticket='The invoice is wrong', reasoning='money', team='zircon')]
    with_file.save(taught, 'Taught')
    yield with_file
    with_file.close()


@pytest.fixture(scope='module')
def pristine(registry, tmp_path_factory): return write_bundle('Route', tmp_path_factory.mktemp('pristine')/'whole', 'mlx/tiny', registry=registry)


@pytest.fixture
def whole(pristine, tmp_path): return read_bundle(shutil.copytree(pristine.folder, tmp_path/'whole'))


def bytes_of(folder): return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob('*') if path.is_file()}


def seal(folder, **changes):
    "Give a bundle a manifest that fits its files: a forger can do so too."
    path = folder/'bundle.json'
    about = json.loads(path.read_text())
    files = {name: dict(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content)) for name, content in bytes_of(folder).items() if name != 'bundle.json'}
    about |= dict(files=files) | changes
    about['digest'] = hashlib.sha256(json.dumps({k: v for k, v in about.items() if k != 'digest'}, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    path.write_text(json.dumps(about))


# --- there and back


@law
@given(spec=specs())
def test_a_signature_comes_back_and_its_bytes_are_the_same_each_time(spec, registry, tmp_path):
    version = registry.save(spec)
    written = write_bundle(str(version), tmp_path/'one', 'mlx/tiny', force=True, registry=registry)
    write_bundle(str(version), tmp_path/'two', 'mlx/tiny', force=True, registry=registry)
    assert written.spec == spec and written.signature == spec and written.version == str(version)
    assert bytes_of(tmp_path/'one') == bytes_of(tmp_path/'two')
    assert module.targets.signature_of(written.make_program()).instructions == spec.to_dspy().instructions


@law
@given(program=programs())
def test_a_program_comes_back(program, registry, tmp_path):
    version = registry.save(program, 'Program')
    written = write_bundle(str(version), tmp_path/'one', 'mlx/tiny', force=True, registry=registry)
    assert written.spec == registry.spec(version) and written.spec.to_json() == registry.spec(version).to_json()


@law
@given(program=leaves())
def test_a_program_is_made_again_with_what_it_has_learned(program, registry, tmp_path):
    version = registry.save(program, 'Leaf')
    write_bundle(str(version), tmp_path/'one', 'mlx/tiny', force=True, registry=registry)
    made = open_bundle(tmp_path/'one', 'tests.property.test_programs').make_program()
    assert type(made) is type(program) and registry.spec(version).digest == module.ProgramSpec.from_dspy(made, 'Leaf').digest


def test_another_process_writes_the_same_bytes(registry, tmp_path):
    code = '''
import sys
from dspy_toolkit.deploy.bundle import write_bundle
from dspy_toolkit.registry.store import Registry
write_bundle('Taught@2', sys.argv[2], 'mlx/tiny', registry=Registry(sys.argv[1]))
'''
    version = str(registry.resolve('Taught'))
    write_bundle(version, tmp_path/'here', 'mlx/tiny', registry=registry)
    subprocess.run([sys.executable, '-c', code.replace('Taught@2', version), str(registry.database.url), str(tmp_path/'there')], check=True, env=os.environ | {'PYTHONHASHSEED': '7'})
    assert bytes_of(tmp_path/'here') == bytes_of(tmp_path/'there')


def test_no_time_and_no_path_of_this_machine_is_in_it(whole):
    text = b''.join(bytes_of(whole.folder).values()).decode()
    assert str(whole.folder.parent) not in text and 'author-of-it' not in text and '"at"' not in text


# --- on a machine that has only the package

OPEN = '''
import asyncio, json, os, sys
from dspy_toolkit.deploy.bundle import open_bundle
found = open_bundle(sys.argv[1])
service = found.make_service()
answer = asyncio.run(service.answer({'ticket': 'I was charged twice'}))
print(json.dumps([answer.outputs, answer.version, answer.model, service.lm.kwargs['metadata']['weights'], sorted(os.listdir(os.environ['DSPY_TOOLKIT_HOME']))]))
'''


def open_elsewhere(folder, tmp_path):
    home = tmp_path/'empty'
    home.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith('DSPY_TOOLKIT_')} | dict(HOME=str(home), DSPY_TOOLKIT_HOME=str(home), DSPY_CACHEDIR=str(tmp_path/'cache'))
    done = subprocess.run([sys.executable, '-c', OPEN, str(folder)], env=env, cwd=home, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path/'home'))
    reset_settings()
    yield tmp_path/'home'
    reset_settings()


def make_adapter(name, folder):
    "An adapter of the built-in model, with random weights."
    import mlx.core as mx
    from mlx.utils import tree_flatten
    from mlx_lm import load
    from mlx_lm.tuner.utils import linear_to_lora_layers
    model, shape = load(str(TINY))[0], dict(rank=2, scale=0.5, dropout=0.0)
    linear_to_lora_layers(model, len(model.layers), shape)
    weights = {key: mx.random.normal(value.shape, key=mx.random.key(0)) * 0.1 for key, value in tree_flatten(model.parameters()) if 'lora' in key}
    folder.mkdir()
    mx.save_safetensors(str(folder/'adapters.safetensors'), weights)
    (folder/'adapter_config.json').write_text(json.dumps(dict(fine_tune_type='lora', num_layers=len(model.layers), lora_parameters=shape)))
    publish(folder, name, base='mlx/tiny', layout='json')


def test_a_bundle_with_a_fine_tuned_model_answers_on_a_machine_that_has_neither_registry_nor_model(registry, tmp_path, home):
    make_adapter('route', tmp_path/'trained')
    lm = dspy_toolkit.lm('mlx/tiny+route', temperature=0.0)
    here = write_bundle('Taught', tmp_path/'tuned', lm, registry=registry)
    assert here.model == {'model': 'mlx/tiny+route', 'options': {'temperature': 0.0}, 'adapter': 'route'} and 'adapters/route/tuned.json' in here.files
    moved = shutil.move(tmp_path/'tuned', tmp_path/'elsewhere')
    outputs, version, model, weights, names = open_elsewhere(moved, tmp_path)
    assert (version, model, weights) == (here.version, 'mlx/tiny+route', lm.kwargs['metadata']['weights'])
    with dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()): assert outputs == dict(registry.load('Taught')(ticket='I was charged twice'))
    assert 'registry.db' not in names and 'models' not in names
    assert lm.engine.source.layout == read_bundle(moved).make_lm().engine.source.layout == 'json'
    path = moved/'adapters/route/adapters.safetensors'
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BundleError, match='elsewhere: adapters/route/adapters.safetensors was changed'): read_bundle(moved)
    path.unlink()
    seal(moved)
    with pytest.raises(BundleError, match='adapters/route/adapters.safetensors is missing'): read_bundle(moved)


# --- damage


def flip(name, at=-3):
    def change(folder):
        content = bytearray((folder/name).read_bytes())
        content[at] ^= 1
        (folder/name).write_bytes(content)
    return change


def rewrite(name, change, **manifest):
    "Change the JSON of a file, and let the manifest fit."
    def change_it(folder):
        data = json.loads((folder/name).read_text())
        (folder/name).write_text(json.dumps(change(data)))
        if name != 'bundle.json': seal(folder, **manifest)
    return change_it


def put(name, content, sealed=False):
    def change(folder):
        (folder/name).parent.mkdir(parents=True, exist_ok=True)
        (folder/name).write_text(content)
        if sealed: seal(folder)
    return change


def name_a_path(path):
    def change(folder):
        about = json.loads((folder/'bundle.json').read_text())
        seal(folder, files=about['files'] | {path: dict(sha256='0' * 64, bytes=1)})
    return change


def replace_by_link(folder):
    (folder/'model.json').rename(folder.parent/'model.json')
    (folder/'model.json').symlink_to(folder.parent/'model.json')


def make_pipe(folder):
    (folder/'lock.json').unlink()
    os.mkfifo(folder/'lock.json')


def cut(folder): (folder/'bundle.json').write_bytes((folder/'bundle.json').read_bytes()[:200])


def fill(name, nbytes):
    def change(folder):
        with open(folder/name, 'r+b') as file: file.truncate(nbytes)  # a hole takes no room
    return change


def without(name): return lambda folder: (folder/name).unlink()


OPTIONS = {'model': 'openai/x', 'options': {'engine': 'os:system'}}
DAMAGE = {
    **{f'a bit of {name}': (flip(name), f'{name} was changed') for name in ('signature.json', 'model.json', 'settings.json', 'lock.json')},
    'a bit of the manifest': (lambda folder: (folder/'bundle.json').write_text((folder/'bundle.json').read_text().replace('Route@1', 'Route@2')), 'bundle.json was changed'),
    **{f'no {name}': (without(name), f'{name} is missing') for name in ('bundle.json', 'signature.json', 'lock.json')},
    'a file more': (put('run.py', ''), 'run.py is not in the manifest'),
    'a hidden file more': (put('.env', 'A=1'), '.env is not in the manifest'),
    'a file more, of the manifest': (put('run.py', '', sealed=True), 'run.py is no file of a bundle'),
    'a folder more': (lambda folder: (folder/'src').mkdir(), 'src is not in the manifest'),
    'an adapter of no model': (put('adapters/x/adapters.safetensors', '', sealed=True), 'adapters/x/adapters.safetensors belongs to no model'),
    'a cut manifest': (cut, 'bundle.json is not JSON'),
    'an empty manifest': (put('bundle.json', ''), 'bundle.json is not JSON'),
    'a list as manifest': (put('bundle.json', '[]'), 'bundle.json is not what it should be'),
    'a key twice': (put('bundle.json', '{"format": 1, "format": 1}'), 'bundle.json is not JSON: a key is there twice'),
    'a newer format': (rewrite('bundle.json', lambda data: data | dict(format=FORMAT + 1, more='x')), f'bundle.json has format {FORMAT + 1}, and this version reads {FORMAT}'),
    'a format that is text': (rewrite('bundle.json', lambda data: data | dict(format='1')), 'bundle.json is not what it should be: format'),
    **{f'the path {path}': (name_a_path(path), f'{path} is no file of a bundle') for path in ('../x', '/etc/passwd', 'a/../../x', 'a\\..\\x', 'C:x', './lock.json', 'adapters/../model.json', 'adapters/x/../adapters.safetensors')},
    'a path with a line': (name_a_path('lock.json\n'), "'lock.json\\n' is no file of a bundle"),
    'no path': (name_a_path(''), 'bundle.json is not what it should be: files'),
    'a path that is not there': (name_a_path('program.json'), 'program.json is missing'),
    'a link': (replace_by_link, 'model.json is a link'),
    'a pipe': (make_pipe, 'lock.json is a link or no file'),
    'a deep file': (put('settings.json', '[' * 100_000 + ']' * 100_000, sealed=True), 'settings.json is nested too deeply'),
    'a deep manifest': (put('bundle.json', '{"a":' * 100_000), 'bundle.json is nested too deeply'),
    'a large manifest': (fill('bundle.json', 2 << 20), 'bundle.json has more than 1 MiB'),
    'a grown file': (fill('model.json', 1 << 40), 'model.json was changed'),
    'no number of JSON': (put('settings.json', '{"max_tokens": NaN}', sealed=True), 'settings.json is not JSON: NaN'),
    'an unknown setting': (rewrite('settings.json', lambda data: data | dict(hook='x')), 'settings.json is not what it should be: hook'),
    'an adapter that is code': (rewrite('settings.json', lambda data: data | dict(adapter=dict(kind='os.system'))), 'settings.json is not what it should be: adapter.kind'),
    'a module that is code': (rewrite('settings.json', lambda data: data | dict(module='exec')), 'settings.json is not what it should be: module'),
    'an engine that is code': (rewrite('model.json', lambda data: OPTIONS), 'model.json cannot be used: engine'),
    'an option of no model': (rewrite('model.json', lambda data: data | dict(options=dict(callbacks=[]))), 'model.json cannot be used: callbacks'),
    'an adapter that is not there': (rewrite('model.json', lambda data: data | dict(adapter='x')), 'adapters/x/adapter_config.json is missing'),
    'an adapter outside': (rewrite('model.json', lambda data: data | dict(adapter='../x')), 'model.json cannot be used: adapter'),
    'a package with a line': (rewrite('lock.json', lambda data: data | dict(packages={'dspy': '3.4\n-e .'})), 'lock.json cannot be used: packages.dspy'),
    'another signature': (rewrite('signature.json', lambda data: data | dict(instructions='Say yes.')), 'signature.json is not the version'),
    'no signature': (rewrite('signature.json', lambda data: dict(data, fields=7)), 'signature.json cannot be used'),
    'a version that is an alias': (lambda folder: seal(folder, version='Route@prod'), 'bundle.json names no version'),
    'a version that is none': (lambda folder: seal(folder, version='../x@1'), 'bundle.json names no version'),
    'a program that is none': (lambda folder: seal(folder, kind='program'), 'program.json is missing in the manifest'),
    'no file in the manifest': (lambda folder: seal(folder, files={}), 'lock.json is not in the manifest'),
}


@pytest.mark.parametrize('change, said', DAMAGE.values(), ids=DAMAGE)
def test_what_is_wrong_is_named_by_its_file(change, said, whole):
    change(whole.folder)
    with pytest.raises(BundleError) as error: read_bundle(whole.folder)
    lines = str(error.value).splitlines()
    assert len(lines) == 1 and lines[0].startswith(f'whole: {said}') and error.value.hint, lines


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_a_bundle_can_be_changed_unseen(data, whole):
    "Nor does a changed one raise anything but the error that names the file."
    name = data.draw(st.sampled_from(sorted(bytes_of(whole.folder))))
    content = (whole.folder/name).read_bytes()
    at, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
    changed = bytearray(content)
    changed[at] ^= 1 << bit
    (whole.folder/name).write_bytes(changed)
    try:
        if name == 'bundle.json' and json_or_none(changed) == json.loads(content): return  # blanks between the values
        with pytest.raises(BundleError, match=f'whole: {name} ' if name != 'bundle.json' else 'whole: '): read_bundle(whole.folder)
    finally: (whole.folder/name).write_bytes(content)


def json_or_none(text):
    try: return json.loads(bytes(text).decode('utf-8-sig'))
    except ValueError: return None


@pytest.mark.parametrize('place', ['nowhere', 'file'])
def test_what_is_no_folder_is_no_bundle(place, tmp_path):
    (tmp_path/'file').write_text('')
    with pytest.raises(InputError, match='is no folder'): read_bundle(tmp_path/place)


# --- writing is all or nothing


def die_at(step, work):
    "Do work in a child that is killed at a step of writing: before a file is safe on the disk, or before a folder gets its name."
    pid = os.fork()
    if pid: return os.waitpid(pid, 0)[1]
    try:
        count = iter(range(100))
        for name in ('fsync', 'rename'):
            real = getattr(os, name)
            setattr(os, name, lambda *args, real=real: os.kill(os.getpid(), signal.SIGKILL) if next(count) == step else real(*args))
        work()
    finally: os._exit(0)


@pytest.mark.parametrize('step', [0, 4, 5])
def test_a_process_that_is_killed_leaves_nothing_that_opens(step, registry, tmp_path):
    lm = dspy_toolkit.lm('mlx/tiny')
    registry.close()  # no connection in the child that its parent has too
    ended = die_at(step, lambda: write_bundle('Route', tmp_path/'new', lm, registry=registry))
    assert ended == signal.SIGKILL and not (tmp_path/'new').exists()
    left = [each for each in tmp_path.iterdir() if opens(each)]
    write_bundle('Route', tmp_path/'new', lm, registry=registry)
    assert all(bytes_of(each) == bytes_of(tmp_path/'new') for each in left) and (step > 3 or left == [])  # all that it lacks is its name


def opens(folder):
    try: read_bundle(folder)
    except (BundleError, InputError): return False
    return True


@pytest.mark.parametrize('step', [3, 6, 7])
def test_a_bundle_that_is_replaced_is_the_old_or_the_new_one_or_none(step, registry, tmp_path):
    lm = dspy_toolkit.lm('mlx/tiny')
    old = write_bundle('Route', tmp_path/'here', lm, registry=registry)
    registry.close()
    die_at(step, lambda: write_bundle('Taught', tmp_path/'here', lm, registry=registry, force=True))
    assert not (tmp_path/'here').exists() or read_bundle(tmp_path/'here').version in (old.version, str(registry.resolve('Taught')))


def test_nothing_of_a_person_is_replaced(registry, whole, tmp_path):
    with pytest.raises(InputError, match='whole is there already'): write_bundle('Route', whole.folder, 'mlx/tiny', registry=registry)
    (whole.folder/'notes.txt').write_text('mine')
    with pytest.raises(InputError, match='belong to no bundle: notes.txt'): write_bundle('Route', whole.folder, 'mlx/tiny', force=True, registry=registry)
    assert (whole.folder/'notes.txt').read_text() == 'mine'
    (tmp_path/'file').write_text('mine')
    with pytest.raises(InputError, match='is no folder'): write_bundle('Route', tmp_path/'file', 'mlx/tiny', force=True, registry=registry)
    (tmp_path/'to').symlink_to(tmp_path/'nowhere')
    with pytest.raises(InputError, match='is no folder'): write_bundle('Route', tmp_path/'to', 'mlx/tiny', force=True, registry=registry)
    assert sorted(each.name for each in tmp_path.iterdir()) == ['file', 'to', 'whole']


# --- code that a program needs


class Own(dspy.Module):
    "A program of somebody's own."
    def __init__(self):
        super().__init__()
        self.route = dspy.Predict(Route)
    def forward(self, ticket): return self.route(ticket=ticket)


def search(query: str) -> str: return query


def test_code_is_imported_only_from_the_modules_that_are_named(registry, tmp_path, monkeypatch):
    from_notebook = type('Own', (Own,), {'__module__': '__main__'})
    registry.save(from_notebook(), 'Mine')
    registry.save(dspy.ReAct(Route, tools=[search]), 'Agent')
    for name, needs in (('Mine', [('class', '__main__:Own')]), ('Agent', [('tool', 'search')])):
        assert write_bundle(name, tmp_path/name, 'mlx/tiny', registry=registry).needs == needs
        with pytest.raises(InputError, match=f'{name}@.* needs code that is in no bundle: the {needs[0][0]} {needs[0][1]}'): open_bundle(tmp_path/name)
        with pytest.raises(InputError, match='needs code'): open_bundle(tmp_path/name, ['json'])
        assert 'code_of_mine' not in sys.modules
        (tmp_path/'code_of_mine.py').write_text('import dspy\nfrom tests.deploy.test_bundle import Own as Mine, search\nclass Own(Mine): pass\n')
        monkeypatch.syspath_prepend(tmp_path)
        made = open_bundle(tmp_path/name, 'code_of_mine').make_program()
        assert type(made).__name__ in ('Own', 'ReAct') and made.predictors()
        sys.modules.pop('code_of_mine')


@pytest.mark.parametrize('name, said', [('no_such_module', 'cannot be imported'), ('os.system("x")', 'is no name of a module'), ('../x', 'is no name of a module'), ('', 'is no name')])
def test_what_is_no_module_is_refused(name, said, whole):
    with pytest.raises(InputError, match=said): open_bundle(whole.folder, name)


# --- what a bundle cannot hold


def test_what_cannot_be_a_bundle_is_refused_and_leaves_nothing(registry, tmp_path):
    registry.save(dspy_toolkit.Dataset('rows', [dict(ticket='a', team='zircon')]))
    own = type('Own', (dspy.ChatAdapter,), {})()
    for ref, options, error, said in (
        ('rows', {}, InputError, 'is a dataset'), ('Nobody', {}, NotRegistered, 'Nobody'), ('Taught', dict(module='Predict'), InputError, 'has its module already'),
        ('Route', dict(adapter=own), InputError, 'the adapter Own is code of yours'), ('Route', dict(lm='nobody/x'), InputError, 'nobody'),
        ('Route', dict(lm=dspy.utils.DummyLM([{'team': 'zircon'}])), InputError, 'is made by code of yours'),
        ('Route', dict(lm=dspy.LM('openai/x', api_key='sk-1234567890abcd')), InputError, 'api_key of openai/x is a secret'),
    ):
        with pytest.raises(error, match=said): write_bundle(ref, tmp_path/'new', **dict(lm='mlx/tiny') | options, registry=registry)
    assert list(tmp_path.iterdir()) == []


def test_settings_that_matter_travel(registry, tmp_path, monkeypatch, home):
    monkeypatch.setenv('DSPY_TOOLKIT_MAX_TOKENS', '77')
    reset_settings()
    adapter = dspy_toolkit.GrammarAdapter(layout='json')
    made = write_bundle('Route', tmp_path/'one', 'mlx/tiny', 'ChainOfThought', adapter, registry=registry)
    monkeypatch.delenv('DSPY_TOOLKIT_MAX_TOKENS')
    reset_settings()
    service = read_bundle(tmp_path/'one').make_service()
    assert (service.adapter.layout, service.lm.kwargs['max_tokens'], type(service.program)) == ('json', 77, dspy.ChainOfThought)
    assert made.settings == dict(module='ChainOfThought', adapter=dict(kind='GrammarAdapter', layout='json'), max_tokens=77)


def test_a_calibration_travels(registry, tmp_path):
    from dspy_toolkit.engine.calibration import keep_calibration, read_calibration
    from dspy_toolkit.engine.decisions import Calibration
    program = dspy.Predict(Route)
    keep_calibration(program, 'mlx/tiny abc', 'f' * 16, {'team': Calibration({'zircon': 0.5, 'basalt': -0.5}, 1.5)})
    registry.save(program, 'Calibrated')
    write_bundle('Calibrated', tmp_path/'one', 'mlx/tiny', registry=registry)
    assert read_calibration(read_bundle(tmp_path/'one').make_program()) == read_calibration(program)
