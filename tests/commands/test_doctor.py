"What is broken is found, and said in one line with a remedy; the doctor changes nothing, imports nothing heavy, and does not fail itself."
import json
import os
import shutil
import sqlite3
import sys
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata

import pytest

from dspy_toolkit.commands import doctor as module
from dspy_toolkit.commands.doctor import doctor
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.resilience import chaos
from dspy_toolkit.resilience.breaker import breakers
from dspy_toolkit.views.base import text
from dspy_toolkit.workspace import machine, online, packages
from tests.test_front_door import brought

SECRET = 'hunter2-hunter2'


@pytest.fixture
def home(tmp_path, monkeypatch):
    "A person without any data, in a folder without settings."
    for name in [n for n in os.environ if n.startswith('DSPY_TOOLKIT_') or n.endswith('_API_KEY')]: monkeypatch.delenv(name)
    (tmp_path/'toolkit').mkdir(), (tmp_path/'hub').mkdir()
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path/'toolkit'))
    monkeypatch.setattr('huggingface_hub.constants.HF_HUB_CACHE', str(tmp_path/'hub'))
    monkeypatch.chdir(tmp_path)
    reset_settings()
    yield tmp_path/'toolkit'
    reset_settings()


def save_one():
    "Keep a signature in the registry, so that its file is there."
    from dspy_toolkit.registry.store import Registry
    from dspy_toolkit.signatures.source import parse_cell
    registry = Registry()
    registry.save(parse_cell('email: str\n->\nurgent: bool\n', 'Triage').spec)
    registry.close()


def change(path, *statements):
    with closing(sqlite3.connect(path)) as connection:
        for each in statements: connection.execute(each)
        connection.commit()


# --- faults: each function breaks one thing; `home` is the data folder, `m` is monkeypatch


def spoil_registry(home, m): (home/'registry.db').write_text('not a database ' * 1000)
def spoil_history(home, m): (home/'history.db').write_text('not a database ' * 1000)
def put_file_in_place_of_home(home, m): home.rmdir(), home.write_text('')
def age_history(home, m): change(home/'history.db', 'CREATE TABLE calls (id)', 'PRAGMA user_version = 99')
def fill_with_other_tables(home, m): change(home/'registry.db', 'CREATE TABLE customers (id)')


def damage_registry(home, m):
    save_one()
    data = bytearray((home/'registry.db').read_bytes())
    data[5 * 4096:9 * 4096] = b'U' * 4 * 4096
    (home/'registry.db').write_bytes(data)


def make_registry_newer(home, m):
    save_one()
    change(home/'registry.db', "UPDATE alembic_version SET version_num = '9999'")


def make_registry_older(home, m):
    save_one()
    change(home/'registry.db', "UPDATE alembic_version SET version_num = '0004'")


def keep_registry_in_memory(home, m): m.setenv('DSPY_TOOLKIT_REGISTRY_URL', 'sqlite://')
def install(name, version): return lambda home, m: m.setattr(metadata, 'version', fake(name, version, metadata.version))


def fake(name, version, real):
    def version_of(asked):
        if asked != name: return real(asked)
        if version is None: raise metadata.PackageNotFoundError(asked)
        return version
    return version_of


def forget_metadata(home, m):
    def nothing(name): raise metadata.PackageNotFoundError(name)
    for each in ('version', 'requires', 'metadata'): m.setattr(metadata, each, nothing)


def use_old_python(home, m): m.setattr('platform.python_version', lambda: '3.9.1')
def disk_with(free): return lambda home, m: m.setattr(shutil, 'disk_usage', lambda path: shutil._ntuple_diskusage(10**12, 0, int(free)))


def hardware_with(**values):
    from dataclasses import replace
    return lambda home, m: m.setattr(machine, 'hardware', lambda found=replace(machine.hardware(), **values): found)


def use_reference_blas(home, m):
    m.setattr(machine, 'default_device', lambda: 'cpu')
    hardware_with(blas='reference', device='cpu')(home, m)


def take_mlx_away(home, m):
    real = machine.importlib.util.find_spec
    m.setattr(machine.importlib.util, 'find_spec', lambda name: None if name == 'mlx' else real(name))


def write_settings(text): return lambda home, m: (home.parent/'dspy_toolkit.toml').write_text(text)
def set_variable(name, value): return lambda home, m: m.setenv(name, value)
def open_breaker(home, m): breakers.breaker('fast').transition_to('open')
def leave_chaos_on(home, m): chaos.start('fast', chaos.Chaos(fail=0.3), 60)


def make_check_fail(home, m):
    def check_weather(): raise OSError('no\nwindow')
    m.setitem(module.AREAS, 'Weather', (check_weather,))


FAULTS = {  # id -> what breaks, name of the finding, level, words about it, words of the remedy
    'registry is text': (spoil_registry, 'registry', 'problem', 'is not a database', 'move the file away'),
    'registry damaged': (damage_registry, 'registry', 'problem', 'is damaged', 'import an export'),
    'registry newer': (make_registry_newer, 'registry', 'problem', 'schema 9999, made by a newer', 'pip install -U dspy_toolkit'),
    'registry older': (make_registry_older, 'registry', 'note', 'schema 0004', 'brought up to date'),
    'registry of others': (fill_with_other_tables, 'registry', 'problem', 'tables of something else', 'a file of its own'),
    'registry in memory': (keep_registry_in_memory, 'registry', 'note', 'in memory', 'registry_url'),
    'history is text': (spoil_history, 'history', 'problem', 'is not a database', 'move the file away'),
    'history newer': (age_history, 'history', 'problem', 'version is 99', 'pip install -U'),
    'home is a file': (put_file_in_place_of_home, 'data folder', 'problem', 'is a file', 'DSPY_TOOLKIT_HOME'),
    'package old': (install('dspy', '3.3.0'), 'dspy', 'problem', '3.3.0 is too old; tested is >=', 'pip install "dspy>='),
    'package new': (install('dspy', '4.0'), 'dspy', 'note', '4.0 was not tested', 'pip install "dspy>='),
    'package missing': (install('llguidance', None), 'llguidance', 'problem', 'is not installed', 'pip install "llguidance>='),
    'package of an extra old': (install('optuna', '1.0'), 'optuna', 'note', 'was not tested with', 'pip install "optuna>='),
    'other toolkit installed': (install('dspy_toolkit', '0.0.7'), 'dspy_toolkit', 'note', 'pip installed 0.0.7', 'install it again'),
    'no metadata': (forget_metadata, 'dspy_toolkit', 'note', 'pip did not install it', 'pip install dspy_toolkit'),
    'python old': (use_old_python, 'Python', 'problem', '3.9.1', 'virtual environment'),
    'disk full': (disk_with(5e6), 'disk', 'problem', 'only 5 MB are free', 'make room'),
    'disk tight': (disk_with(3e9), 'disk', 'note', '3 GB are free', 'make room'),
    'memory low': (hardware_with(free=3e8), 'chip', 'note', '300 MB free', 'close other programs'),
    'blas slow': (use_reference_blas, 'MLX', 'note', 'reference BLAS', 'libopenblas'),
    'no mlx': (take_mlx_away, 'MLX', 'note', 'not installed', 'pip install mlx-lm'),
    'no kernel': (install('ipykernel', None), 'kernel', 'problem', 'no notebook runs', 'pip install ipykernel'),
    'no widgets': (install('jupyterlab-widgets', None), 'widgets', 'problem', 'no editor', 'pip install jupyterlab-widgets'),
    'notebook old': (install('notebook', '6.5.1'), 'Notebook', 'note', 'older than 7', 'pip install -U notebook'),
    'setting unknown': (write_settings('defalt_lm = "mlx/tiny"'), 'settings', 'problem', 'defalt_lm', 'did you mean default_lm?'),
    'setting wrong': (write_settings('max_tokens = "many"'), 'settings', 'problem', "max_tokens = 'many'", 'the default is 512'),
    'settings not toml': (write_settings('max_tokens ='), 'settings', 'problem', 'is not TOML', 'fix that line'),
    'key missing': (set_variable('DSPY_TOOLKIT_DEFAULT_LM', 'openai/gpt-5-mini'), 'default model', 'problem', 'OPENAI_API_KEY is not set', 'set OPENAI_API_KEY'),
    'model missing': (set_variable('DSPY_TOOLKIT_DEFAULT_LM', 'mlx/org/model'), 'default model', 'problem', 'HF_HUB_OFFLINE', 'mlx/tiny'),
    'model misspelt': (set_variable('DSPY_TOOLKIT_DEFAULT_LM', 'mlx/tny'), 'default model', 'problem', "'mlx/tny' names no model", 'tiny'),
    'breaker open': (open_breaker, 'breaker', 'note', 'fast is open', 'breaker fast reset'),
    'chaos on': (leave_chaos_on, 'on purpose', 'note', 'chaos on fast', 'chaos --stop'),
    'check fails': (make_check_fail, 'weather', 'problem', 'OSError: no window', 'report'),
}


@pytest.mark.parametrize('do, name, level, about, remedy', FAULTS.values(), ids=list(FAULTS))
def test_what_is_broken_is_found(home, monkeypatch, do, name, level, about, remedy):
    "Exactly what was broken, in one line, with what to do; everything else is looked at as well."
    well = {(each.name, each.level) for each in doctor().findings}
    do(home, monkeypatch)
    reset_settings()
    try: view = doctor()
    finally:
        chaos.stop()
        if 'fast' in breakers: breakers.remove('fast')
    found = next(each for each in view.findings if each.name == name and each.level == level and (name, level) not in well)
    assert about in found.about and remedy in found.remedy and '\n' not in found.about + found.remedy
    assert view.failed == any(each.level == 'problem' for each in view.findings)
    new = {(each.name, each.level) for each in view.findings if each.level == 'problem'} - well
    assert new == ({(name, level)} if level == 'problem' else set()), 'one fault is one problem'
    assert all(each.remedy for each in view.findings if each.level == 'problem')


@contextmanager
def nobody():
    "Somebody who may not write everywhere, as root may."
    if os.name != 'posix' or os.geteuid(): yield; return
    os.seteuid(65534)
    try: yield
    finally: os.seteuid(0)


@pytest.mark.skipif(sys.platform == 'win32', reason='folders have no such modes there')
def test_a_folder_that_may_not_be_written_is_found(home):
    home.chmod(0o555)
    with nobody(): found = {each.name: each for each in doctor().findings}['data folder']
    home.chmod(0o755)
    assert found.level == 'problem' and 'cannot be written: Permission denied' in found.about and 'DSPY_TOOLKIT_HOME' in found.remedy


def test_what_is_well_is_left_as_it_is(home):
    "An empty folder stays empty; a registry of an older schema stays old."
    doctor()
    assert list(home.iterdir()) == []
    make_registry_older(home, None)
    before = (home/'registry.db').read_bytes()
    doctor()
    assert (home/'registry.db').read_bytes() == before


def test_a_registry_that_is_well_is_described(home):
    save_one()
    found = {each.name: each for each in doctor().findings}['registry']
    assert found.level == 'ok' and 'SQLite' in found.about and 'whole, 1 version of 1 name' in found.about


def test_the_doctor_imports_nothing_heavy():
    "Pydantic reads the settings; what a model needs stays where it is."
    heavy = {'dspy', 'litellm', 'mlx', 'mlx_lm', 'transformers', 'llguidance', 'numpy', 'matplotlib', 'sqlalchemy', 'ipywidgets', 'torch', 'IPython'}
    assert brought('from dspy_toolkit.commands.doctor import doctor\nstr(doctor())') & heavy == set()


def test_no_secret_is_shown(home, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f'postgresql://ada:{SECRET}@host/db')
    monkeypatch.setenv('DSPY_TOOLKIT_ALERT_WEBHOOK', f'https://hooks.example/{SECRET}')
    monkeypatch.setenv('OPENAI_API_KEY', SECRET)
    reset_settings()
    view = doctor(full=True)
    assert SECRET not in str(view) + view.html() + json.dumps(view.to_json())
    assert 'alert_webhook  set, not shown (environment DSPY_TOOLKIT_ALERT_WEBHOOK)' in str(view)


def test_settings_name_their_origin(home):
    write_settings('max_tokens = 99')(home, None)
    view = doctor()
    about = {each.name: each for each in view.findings if each.area == 'Settings'}
    assert '99 (dspy_toolkit.toml: ' in about['max_tokens'].about and not about['max_tokens'].is_detail
    assert about['default_lm'].about == 'mlx/tiny (default)' and about['default_lm'].is_detail
    assert 'default_lm' not in str(view) and 'default_lm' in str(doctor(full=True)) and 'default_lm' in str(view.to_json())


def test_a_file_that_changed_later_is_noted(home):
    doctor()
    write_settings('max_tokens = 99')(home, None)
    found = [each for each in doctor().findings if each.name == 'max_tokens' and each.level == 'note']
    assert len(found) == 1 and 'reset_settings' in found[0].remedy


@pytest.mark.parametrize('width', [40, 100])
def test_a_narrow_window_cuts_nothing(home, width):
    spoil_registry(home, None)
    view = doctor(full=True)
    shown = text(view, width)
    assert max(map(len, shown.splitlines())) <= width
    squeeze = ''.join(shown.split())
    assert all(''.join(words.split()) in squeeze for each in view.findings for words in (each.about, each.remedy))


# --- the network


class Hub(BaseHTTPRequestHandler):
    "A hub and a provider that takes one key, and sends a person who asks for /moved to another place."
    seen: list = []

    def do_GET(self):
        Hub.seen.append((self.path, self.headers['Authorization']))
        moved = self.path.startswith('/moved')
        self.send_response(302 if moved else 200 if self.headers['Authorization'] in (None, 'Bearer right') else 401)
        if moved: self.send_header('Location', '/elsewhere')
        self.end_headers()

    def log_message(self, *args): pass


@pytest.fixture
def server(home, monkeypatch):
    made = ThreadingHTTPServer(('127.0.0.1', 0), Hub)
    threading.Thread(target=made.serve_forever, kwargs=dict(poll_interval=0.01), daemon=True).start()
    Hub.seen = []
    place = f'http://127.0.0.1:{made.server_port}'
    monkeypatch.setenv('HF_ENDPOINT', place)
    monkeypatch.setenv('OPENAI_BASE_URL', f'{place}/v1')
    monkeypatch.delenv('HF_HUB_OFFLINE')
    monkeypatch.setattr(online, 'PROVIDERS', online.PROVIDERS[:1])
    yield made
    made.shutdown()
    made.server_close()


def ask_network(): return {each.name: each for each in doctor(online=True).findings if each.area == 'Network'}


def test_the_network_is_used_only_when_asked_for(server, monkeypatch):
    monkeypatch.setenv('OPENAI_API_KEY', 'right')
    doctor()
    assert Hub.seen == []
    found = ask_network()
    assert {name: each.level for name, each in found.items()} == {'hub': 'ok', 'OpenAI': 'ok'}
    assert sorted(Hub.seen) == [('/api/models?limit=1', None), ('/v1/models', 'Bearer right')]


def test_a_key_that_is_refused_is_found(server, monkeypatch):
    monkeypatch.setenv('OPENAI_API_KEY', 'wrong-key')
    found = ask_network()['OpenAI']
    assert found.level == 'problem' and 'does not take the key in OPENAI_API_KEY' in found.about and 'wrong-key' not in str(found)


def test_a_key_does_not_follow_to_another_place(server, monkeypatch):
    monkeypatch.setenv('OPENAI_API_KEY', 'right')
    monkeypatch.setenv('OPENAI_BASE_URL', f'http://127.0.0.1:{server.server_port}/moved')
    assert ask_network()['OpenAI'].level == 'note'
    assert '/elsewhere' not in [path for path, _ in Hub.seen]


def test_a_hub_that_does_not_answer_is_found(server, monkeypatch):
    server.shutdown(), server.server_close()
    found = ask_network()['hub']
    assert found.level == 'problem' and 'does not answer' in found.about and 'network' in found.remedy


def test_a_registry_server_is_asked_only_online(server, monkeypatch):
    "One that does not answer is a problem, with its address and without its password."
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f'postgresql://ada:{SECRET}@127.0.0.1:1/db')
    reset_settings()
    offline = {each.name: each for each in doctor().findings}['registry']
    assert offline.level == 'ok' and offline.about == 'postgresql at 127.0.0.1:1/db; it is asked only with --online'
    found = ask_network()['server']
    assert found.level == 'problem' and 'does not answer' in found.about and 'DSPY_TOOLKIT_REGISTRY_URL' in found.remedy and SECRET not in str(found)


def test_ranges_come_from_the_metadata(monkeypatch):
    "What pip was told is what is compared: by system, and an extra apart."
    lines = ['rich>=13,<16', 'winrt>=1; sys_platform == "nowhere"', 'gepa>=0.1; extra == "optimize"']
    monkeypatch.setattr(metadata, 'requires', lambda name: lines)
    assert [(need.name, packages.spell_range(need.range)) for need in packages.list_needs()] == [('rich', '>=13,<16')]
    assert [need.name for need in packages.list_needs('optimize')] == ['gepa']


# --- the shell


def test_a_shell_reads_it_and_is_told_in_its_own_words(home):
    "What the command line does: read the words, call, ask whether it failed. Hints name the command of the shell."
    from dspy_toolkit.commands import parse
    from dspy_toolkit.core.errors import door
    breakers.breaker('fast').transition_to('open')
    token = door.set('shell')
    try:
        view = parse.call(parse.read_words(['doctor']))
        shown = str(view)
    finally:
        door.reset(token)
        breakers.remove('fast')
    assert view.failed is False and 'dspy-toolkit doctor --full' in shown and 'dspy-toolkit breaker fast reset' in shown and '%dspy' not in shown
    spoil_registry(home, None)
    assert parse.call(parse.read_words(['doctor'])).failed is True
