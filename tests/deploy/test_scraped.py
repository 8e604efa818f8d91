"The metrics of a server: promtool finds nothing wrong, and a real Prometheus reads them with a token."
import json
import shutil
import socket
import subprocess
import urllib.parse
import urllib.request

import dspy
import pytest

from dspy_toolkit.deploy.service import Service
from dspy_toolkit.deploy.tokens import Tokens
from tests.typist import typist

from .served import serving, wait_until

promtool, prometheus = shutil.which('promtool'), shutil.which('prometheus')


@pytest.fixture
def here(tmp_path):
    writer = Service(dspy.Signature('question -> answer'), typist('{"answer": "yes"}'), 'Writer', 'Writer@1')
    with serving(writer, tokens=Tokens(tmp_path/'tokens.json')) as served:
        for _ in range(3): assert served.post('/v1/Writer', dict(question='hi')).status_code == 200
        assert served.post('/v1/Writer', dict(ask='hi')).status_code == 422
        yield served


def test_requests_are_counted_by_how_they_ended(here):
    lines = here.client.get('/metrics').text.splitlines()
    assert {'dspy_toolkit_http_requests_total{status="200"} 3', 'dspy_toolkit_http_requests_total{status="422"} 1', 'dspy_toolkit_http_waiting 0'} <= set(lines)


@pytest.mark.skipif(not promtool, reason='promtool is not here; apt install prometheus')
def test_promtool_accepts_the_metrics_of_a_server(here):
    found = subprocess.run([promtool, 'check', 'metrics'], input=here.client.get('/metrics').text, capture_output=True, text=True)
    assert found.returncode == 0 and not found.stdout and not found.stderr, found.stderr or found.stdout


@pytest.mark.skipif(not prometheus, reason='Prometheus is not here; apt install prometheus')
def test_a_real_prometheus_reads_a_server_with_a_token(here, tmp_path):
    target = here.address.removeprefix('http://')
    scraped = dict(job_name='served', authorization=dict(credentials=here.token), static_configs=[dict(targets=[target])])
    refused = dict(job_name='stranger', static_configs=[dict(targets=[target])])
    (tmp_path/'prometheus.yml').write_text(json.dumps(dict(scrape_configs=[scraped, refused], **{'global': dict(scrape_interval='1s', scrape_timeout='1s')})))
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        own = found.getsockname()[1]
    args = [f'--config.file={tmp_path}/prometheus.yml', f'--storage.tsdb.path={tmp_path}/data', f'--web.listen-address=127.0.0.1:{own}']
    server = subprocess.Popen([prometheus, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    def ask(query):
        try: data = json.load(urllib.request.urlopen(f'http://127.0.0.1:{own}/api/v1/query?' + urllib.parse.urlencode({'query': query}), timeout=5))
        except OSError: return {}
        return {each['metric'].get('job'): float(each['value'][1]) for each in data['data']['result']}
    try: wait_until(lambda: ask('up') == {'served': 1, 'stranger': 0} and ask('dspy_toolkit_http_requests_total{status="200"}').get('served', 0) >= 3, 60)
    finally:
        server.terminate()
        server.wait(10)
