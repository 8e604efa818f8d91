"A repository comes down in one piece, whatever the connection does, and a person sees how far it is. Each test asks a hub on this machine."
import errno
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading

import pytest

from dspy_toolkit.core.errors import ModelNotAvailable
from dspy_toolkit.core.units import format_bytes
from dspy_toolkit.engine.hub import ByteCounter, _fetch_error
from dspy_toolkit.engine.models import random_model
from dspy_toolkit.jupyter.downloads import bar_bundle

from tests.engine.hub import Hub

fetching = '''
import sys, time
from dspy_toolkit.core.errors import ModelNotAvailable
from dspy_toolkit.engine.hub import fetch, find
from huggingface_hub import constants, file_download
constants.DOWNLOAD_CHUNK_SIZE = 100_000  # what came is written in pieces of this size
file_download.time = type('time', (), dict(vars(time), sleep=staticmethod(lambda seconds: None)))  # no waiting between attempts
try: print(fetch(find('mlx/someone/noise')))
except ModelNotAvailable as e: print(e, '|', e.hint)
'''


@pytest.fixture(scope='module')
def model(tmp_path_factory):
    return random_model(tmp_path_factory.mktemp('published')/'noise', hidden=128)  # 1 MB


@pytest.fixture
def hub(model):
    with Hub(model) as found: yield found


def run(hub, home, code=fetching, **options):
    "A fresh process, which knows no other hub."
    env = os.environ | {'HF_ENDPOINT': hub.url, 'HF_HOME': str(home), 'HF_HUB_OFFLINE': '0', 'NO_PROXY': '127.0.0.1', 'PYTHONWARNINGS': 'ignore'}
    return subprocess.run([sys.executable, '-c', code], env=env, **{'capture_output': True, 'text': True, 'timeout': 120} | options)


def fetched(done, model):
    "Did the whole model come?"
    folder = type(model)(done.stdout.strip())
    return {p.name: p.read_bytes() for p in folder.iterdir()} == {p.name: p.read_bytes() for p in model.iterdir()}


def test_a_repository_is_fetched_once_and_in_a_pipe_nothing_is_drawn(hub, tmp_path, model):
    done = run(hub, tmp_path)
    assert fetched(done, model) and done.stderr == ''
    hub.asked.clear()
    assert fetched(run(hub, tmp_path), model) and hub.asked == []


def test_a_cut_connection_is_taken_up_where_it_broke(hub, tmp_path, model):
    hub.cuts = [350_000, 200_000]
    assert fetched(run(hub, tmp_path), model)
    weights = [o for o in hub.asked if o[0] == 'GET' and o[1].endswith('.safetensors')]
    assert [o[2] for o in weights] == [None, 'bytes=300000-', 'bytes=500000-']


def test_files_that_came_whole_before_the_connection_was_lost_are_kept(hub, tmp_path, model):
    hub.cuts = [350_000] + 20 * [0]
    lost = run(hub, tmp_path)
    assert lost.stdout.startswith("'someone/noise' is not on this machine, and it could not be downloaded: no connection to the hub | connect once")
    assert lost.stdout.count('\n') == 1
    hub.cuts.clear(); hub.asked.clear()
    assert fetched(run(hub, tmp_path), model)
    assert [o[1].rpartition('/')[2] for o in hub.asked if o[0] == 'GET' and '/resolve/' in o[1]] == ['model.safetensors']


@pytest.mark.parametrize('refusal, says', [
    ((404, 'RepoNotFound'), "the hub has no repository 'someone/noise', or it is private"), ((403, 'GatedRepo'), "'someone/noise' asks for permission first"),
    ((418, ''), 'could not be downloaded: the hub answered 418 | ask again later')])
def test_a_hub_that_refuses_is_one_line_and_a_hint(hub, tmp_path, refusal, says):
    hub.refusal = refusal
    done = run(hub, tmp_path)
    assert says in done.stdout and ' | ' in done.stdout and done.stdout.count('\n') == 1 and 'Traceback' not in done.stderr


def test_a_hub_that_is_away_is_one_line_and_a_hint(hub, tmp_path):
    hub.__exit__()
    assert 'could not be downloaded: no connection to the hub | connect once' in run(hub, tmp_path).stdout


def test_a_repository_without_weights_is_told_before_anything_is_downloaded(hub, tmp_path):
    del hub.files['model.safetensors']
    assert "the repository 'someone/noise' has no weights that mlx-lm reads" in run(hub, tmp_path).stdout
    assert not any('/resolve/' in o[1] for o in hub.asked)


def test_a_full_disk_is_told_before_anything_is_downloaded(hub, tmp_path):
    small = "import shutil, collections\nshutil.disk_usage = lambda place: collections.namedtuple('usage', 'total used free')(10**6, 0, 10**5)\n"
    done = run(hub, tmp_path, small + fetching)
    assert "'someone/noise' takes 1" in done.stdout and '100 kB are free in' in done.stdout and 'HF_HOME' in done.stdout
    assert not any('/resolve/' in o[1] for o in hub.asked)


def test_a_disk_that_fills_up_meanwhile_is_named():
    assert str(_fetch_error('a/b', OSError(errno.ENOSPC, 'No space left on device'))).endswith('could not be downloaded: no space left on device')


def test_a_stopped_download_gives_the_cell_back_and_goes_on_the_next_time(hub, tmp_path, model):
    "The hub has gone silent, and stays so until the person has got their prompt back."
    hub.stall = 300_000
    stop = '''
import os, signal, threading, time
from dspy_toolkit.engine import hub
def soon():
    while not any(t.name == 'dspy_toolkit download' for t in threading.enumerate()): time.sleep(0.05)
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=soon, daemon=True).start()
try: hub.fetch(hub.find('mlx/someone/noise'))
except KeyboardInterrupt as e: print(*e._render_traceback_(), flush=True)
os._exit(0)
'''
    done = run(hub, tmp_path, stop)
    assert hub.stall == 300_000
    assert done.stdout.startswith('DownloadStopped: the download of someone/noise was stopped') and 'the files that are whole are kept' in done.stdout
    hub.stall = None
    assert fetched(run(hub, tmp_path), model)


def test_in_a_terminal_one_line_is_drawn_to_the_end(hub, tmp_path, model):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 100, 0, 0))
    read = []
    def listen():
        while True:
            try: read.append(os.read(ours, 4096))
            except OSError: return
    reader = threading.Thread(target=listen, daemon=True)
    reader.start()
    done = run(hub, tmp_path, capture_output=False, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    reader.join(10)
    lines = b''.join(read).decode().replace('\r', '\n').strip().splitlines()
    assert fetched(done, model)
    assert all(line.startswith('someone/noise: ') for line in lines if line) and '100%' in lines[-1]


def test_in_a_notebook_a_page_keeps_the_last_state_of_one_bar(hub, tmp_path, model):
    code = '''
import nbformat
from nbclient import NotebookClient
cell = nbformat.v4.new_code_cell("import warnings; warnings.simplefilter('ignore')\\n%load_ext dspy_toolkit\\nfrom dspy_toolkit.engine.hub import *\\nfetch(find('mlx/someone/noise')).name")
nb = nbformat.v4.new_notebook(cells=[cell])
NotebookClient(nb, kernel_name='python3', timeout=100).execute()
shown, value = nb.cells[0].outputs
print(shown.output_type, shown.data['text/plain'], shown.data['text/html'], value.data['text/plain'], sep='\\n')
'''
    done = run(hub, tmp_path, code)
    kind, plain, html, value = done.stdout.splitlines()
    size = sum(p.stat().st_size for p in model.iterdir())
    assert (kind, plain, value) == ('display_data', f'someone/noise: {format_bytes(size)} downloaded', repr('c' * 40))
    assert f'<progress value="{size}" max="{size}"' in html and 'widget' not in done.stdout


def test_bytes_that_two_count_are_counted_once_and_never_more_than_there_are():
    bar = ByteCounter('a/b', total=100, done=10)
    bar.add(50, 'written'); bar.add(70, 'received')
    assert bar.done == 80
    bar.add(-30, 'received')
    assert bar.done == 60
    bar.add(1000, 'received')
    assert bar.done == 100


def test_a_stopped_download_stops_whoever_counts():
    bar = ByteCounter('a/b', total=100)
    bar.stopped = True
    with pytest.raises(InterruptedError): bar.add(1)


def test_the_name_of_a_repository_is_text_in_the_bar():
    assert '<b>' not in bar_bundle(ByteCounter('<b>x', total=1).event())['text/html']


def test_what_cannot_be_fetched_is_an_error_of_one_kind():
    for error in (ValueError('x'), RuntimeError(), ConnectionResetError(104, 'Connection reset by peer')): assert isinstance(_fetch_error('a/b', error), ModelNotAvailable)
    assert 'no connection' in str(_fetch_error('a/b', ConnectionResetError(104, 'Connection reset by peer')))
