"In a shell, serve is the server: it says once that it is ready, logs requests to stderr, and ends well on a signal."
import json
import os
import signal
import subprocess
import sys

import httpx
import pytest

from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.source import parse_cell

START = [sys.executable, '-c', 'from dspy_toolkit.cli.main import start; start()']


@pytest.fixture
def home(tmp_path):
    store = Registry(f'sqlite:///{(tmp_path/"registry.db").as_posix()}', author='ada')
    store.save(parse_cell('"""Route it."""\nemail: str\n->\nteam: Literal["billing", "technical"]', 'Triage').spec)
    store.close()
    return dict(os.environ, DSPY_TOOLKIT_HOME=str(tmp_path))


@pytest.mark.parametrize('sent', [signal.SIGTERM, signal.SIGINT])
def test_serve_is_a_server_until_a_signal(home, sent):
    server = subprocess.Popen([*START, 'serve', 'Triage', '--port', '0', '--json'], env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    text = ''
    while not text.endswith('}\n') or text.count('{') != text.count('}'): text += server.stdout.readline()
    ready = json.loads(text)
    answer = httpx.post(f"{ready['address']}/v1/Triage", json=dict(email='My invoice is wrong.'), headers={'Authorization': f"Bearer {ready['token']}"}, timeout=30)
    listed = json.loads(subprocess.run([*START, 'serve', '--json'], env=home, capture_output=True, text=True, timeout=60).stdout)
    server.send_signal(sent)
    out, err = server.communicate(timeout=20)
    assert answer.json().keys() == {'team'} and [each['address'] for each in listed['servers']] == [ready['address']]
    assert server.returncode == 0 and not out and 'POST /v1/Triage 200' in err and ready['token'] not in err and 'invoice' not in err


def test_a_file_without_tokens_lets_nobody_in_and_says_so(home, tmp_path):
    (tmp_path/'none.json').write_text('{"format": 1, "tokens": []}')
    found = subprocess.run([*START, 'serve', 'Triage', '--port', '0', '--tokens', str(tmp_path/'none.json')], env=home, capture_output=True, text=True, timeout=60)
    assert found.returncode == 2 and 'has no token, so nobody could ask' in found.stderr and 'dspy-toolkit token NAME' in found.stderr
