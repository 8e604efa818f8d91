"What is shipped says the same to the program that reads it, however a name is spelt, and a person's changes are never lost."
import json
import plistlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import dspy
import httpx
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dspy_toolkit.cli.main import DONE, USAGE, main
from dspy_toolkit.commands.parse import read_words as read_verb
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.deploy.bundle import read_bundle, write_bundle
from dspy_toolkit.deploy.quoting import quote_docker, quote_docker_list, quote_systemd, quote_yaml, quote_yaml_list
from dspy_toolkit.deploy.ship import KINDS, make_slug, write_ship
from dspy_toolkit.deploy.tokens import Tokens
from dspy_toolkit.registry.store import Registry
from tests.fits import fits

each_kind = pytest.mark.parametrize('kind', KINDS)
hostile = st.text(st.sampled_from('ab "\'\\$%{}()[]:#;&|!*?~=,-_.@`<>é漢 ') | st.characters(exclude_categories=['Cc', 'Cs', 'Zl', 'Zp']), max_size=12)
controls = st.sampled_from(['\n', '\r', '\0', '\x1b', '\x85', '\u2028', '\ud800', '\t'])
law = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope='module')
def bundle(tmp_path_factory):
    with_registry = Registry('sqlite://')
    with_registry.save(dspy.Signature('email -> team', 'Route an email.'), 'Triage')
    return write_bundle('Triage', tmp_path_factory.mktemp('bundle')/'triage', 'mlx/tiny', registry=with_registry)


@pytest.fixture(scope='module')
def asking(bundle): return replace(bundle, model={'fallback': 'safe', 'legs': [dict(name='a', lm={'model': 'openai/gpt-4o-mini'}), dict(name='b', lm={'model': 'anthropic/claude-x'})]})


# --- strict readers, as each program reads its file


def read_words(text):
    "The words of a line of a unit, as systemd reads them: quotes, escapes."
    words, n = [], 0
    while n < len(text):
        if text[n] == ' ': n += 1; continue
        word, quoted = '', False
        while n < len(text) and (quoted or text[n] != ' '):
            if text[n] == '"': quoted = not quoted
            elif text[n] == '\\':
                n += 1
                assert text[n] in '"\\', f'an escape that was not meant: {text[n]}'
                word += text[n]
            else: word += text[n]
            n += 1
        assert not quoted
        words.append(word)
    return words


def expand(word, sign, known=''):
    "Undo the doubling of a sign; a single one would be a specifier or a variable."
    parts = re.findall(rf'{re.escape(sign)}.?|[^{re.escape(sign)}]+', word, re.S)
    assert all(not part.startswith(sign) or part[1:] in (sign, *known) for part in parts), word
    return ''.join(sign if part == 2 * sign else part for part in parts)


def read_unit(text):
    "The settings of a unit: section -> key -> values."
    found, section = {}, None
    for line in text.splitlines():
        if not line or line[0] in '#;': continue
        assert not line.endswith('\\')
        if line[0] == '[':
            section = found.setdefault(re.fullmatch(r'\[(\w+)\]', line)[1], {})
            continue
        key, value = re.fullmatch(r'(\w+)=(.*)', line).groups()
        section.setdefault(key, []).append(value)
    return found


INSTRUCTIONS = {'FROM', 'RUN', 'WORKDIR', 'COPY', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'LABEL', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT'}


def read_dockerfile(text):
    "The instructions of a Dockerfile, in order."
    lines = [line for line in text.replace(' \\\n', ' ').splitlines() if line and not line.startswith('#')]
    found = [line.split(' ', 1) for line in lines]
    assert all(name in INSTRUCTIONS for name, _ in found), lines
    return found


def read_label(text):
    "The pairs of LABEL: a backslash escapes, a bare $ would be a variable."
    found = re.findall(r'([\w.]+)="((?:\\.|[^"\\$])*)"(?: |$)', text)
    assert ' '.join(f'{name}="{value}"' for name, value in found) == text
    return {name: re.sub(r'\\(.)', r'\1', value) for name, value in found}


# --- quoting


@settings(max_examples=200)
@given(hostile, hostile)
@example('%h', '$HOME')
@example('"; rm -rf /', "'")
@example('a: b #c', '- x')
@example('\\', '\\"')
def test_a_quoted_text_is_read_as_it_was(one, two):
    assert yaml.safe_load(f'k: {quote_yaml(one, False)}\nl: {quote_yaml_list([one, two], False)}') == {'k': one, 'l': [one, two]}
    assert yaml.safe_load(f'k: {quote_yaml(one)}') == {'k': one.replace('$', '$$')}
    assert json.loads(quote_docker_list([one, two])) == [one, two] and '\n' not in quote_docker_list([one, two])
    assert read_label(f'a={quote_docker(one)} b={quote_docker(two)}') == {'a': one, 'b': two}
    assert [expand(expand(word, '%'), '$') for word in read_words(f'{quote_systemd(one)} {quote_systemd(two)}')] == [one, two]
    assert [expand(word, '%') for word in read_words(quote_systemd(one, variables=False))] == [one]


@given(st.text(max_size=5), controls, st.text(max_size=5))
def test_what_would_begin_a_line_is_refused_or_escaped(before, control, after):
    text = before + control + after
    for quote in (quote_docker, quote_systemd):
        with pytest.raises(InputError, match='control character'): quote(text)
    assert len(quote_yaml(text).splitlines()) == 1 and yaml.safe_load(quote_yaml(text, False)) == text


@given(st.text(max_size=60))
def test_a_slug_is_a_name_that_hosts_may_have(name): assert re.fullmatch('[a-z]([a-z0-9-]{0,55}[a-z0-9])?', make_slug(name))


# --- the files, whatever is in them


def ship(bundle, kind, folder, **options):
    shutil.rmtree(folder, ignore_errors=True)
    return {path: (folder/path).read_text() for path in write_ship(bundle, kind, folder, **options).written}


def serve_command(bundle, host, tokens, program='dspy-toolkit'): return [program, 'serve', bundle, '--host', host, '--port', '8000', '--tokens', tokens, '--drain', '25']


@law
@given(name=hostile, place=hostile)
@example(name='100%h', place='x')
@example(name='Triage', place='a b/100%/$HOME/"x"')
@example(name='x"; USER root', place="'")
@example(name='\\', place='\\')
def test_no_name_breaks_out_of_a_file(name, place, bundle, tmp_path):
    odd, place = replace(bundle, version=f'{name}@7'), f'/opt/{place}'.rstrip('/') + '/x'
    docker, job, pods = (ship(odd, kind, tmp_path/kind, **options) for kind, options in (('docker', {}), ('launchd', dict(place=place)), ('k8s', {})))
    instructions = read_dockerfile(docker['Dockerfile'])
    assert [n for n, _ in instructions] == [n for n, _ in read_dockerfile(ship(bundle, 'docker', tmp_path/'plain')['Dockerfile'])]
    assert read_label(dict(instructions)['LABEL'])['org.opencontainers.image.title'] == odd.name
    assert json.loads(dict(instructions)['ENTRYPOINT']) == serve_command('/app/bundle', '0.0.0.0', '/run/secrets/tokens')
    assert yaml.safe_load(docker['compose.yaml']).keys() == {'name', 'services', 'secrets', 'volumes'}
    [plist] = [text for path, text in job.items() if path.endswith('.plist')]
    assert plistlib.loads(plist.encode())['ProgramArguments'] == serve_command(f'{place}/bundle', '127.0.0.1', f'{place}/tokens.json', f'{place}/venv/bin/dspy-toolkit')
    deployment, _ = yaml.safe_load_all(pods['kubernetes.yaml'])
    assert deployment['metadata']['annotations']['dspy-toolkit/version'] == odd.version
    assert deployment['spec']['template']['spec']['containers'][0]['command'] == serve_command('/app/bundle', '0.0.0.0', '/run/tokens/tokens.json')
    if set(place) & set('"\'\\'):
        with pytest.raises(InputError, match='systemd takes no quote or backslash'): write_ship(odd, 'systemd', tmp_path/'systemd', place=place)
        return
    service = read_unit(ship(odd, 'systemd', tmp_path/'systemd', place=place)[f'{make_slug(odd.name)}.service'])
    [command] = service['Service']['ExecStart']
    program, *words = read_words(command)
    assert [expand(program, '%'), *(expand(expand(word, '%', 'd'), '$') for word in words)] == serve_command(f'{place}/bundle', '127.0.0.1', '%d/tokens', f'{place}/venv/bin/dspy-toolkit')
    assert expand(service['Unit']['Description'][0], '%') == f'{odd.version}, a program of DSPy'


@pytest.mark.parametrize('options, said', [
    (dict(place='a\nb'), 'control character'), (dict(place='/a\nUser=root'), 'control character'), (dict(place='opt/x'), 'no whole path'), (dict(image='a b'), 'no name of an image'), (dict(image='a\nUSER root'), 'no name of an image'),
    (dict(code=('a b',)), 'no name of a module'), (dict(code=('$(x)',)), 'no name of a module'), (dict(port=0), 'no port 0'), (dict(port=65536), 'no port'), (dict(drain=-1.0), 'no time to drain'),
], ids=str)
def test_what_no_file_could_hold_is_refused(options, said, bundle, tmp_path):
    with pytest.raises(InputError, match=said): write_ship(bundle, 'systemd', tmp_path/'new', **options)
    with pytest.raises(InputError, match='control character'): write_ship(replace(bundle, version='x\ny@1'), 'docker', tmp_path/'new')
    assert list(tmp_path.iterdir()) == []


# --- what the files promise


def test_the_image_runs_as_nobody_in_particular_and_can_be_stopped(bundle, tmp_path):
    texts = ship(bundle, 'docker', tmp_path/'out', drain=40, image='registry.example:5000/team/triage:v1.2')
    said = dict(read_dockerfile(texts['Dockerfile']))
    assert said['FROM'] == f'python:{bundle.lock["python"]}-slim' and said['USER'] == '10001:10001' and said['STOPSIGNAL'] == 'SIGTERM'
    assert f"'dspy_toolkit[serve]=={bundle.toolkit}' -c constraints.txt" in texts['Dockerfile'] and f'dspy=={bundle.lock["packages"]["dspy"]}' in texts['constraints.txt'].split()
    compose = yaml.safe_load(texts['compose.yaml'])
    [service] = compose['services'].values()
    assert service['read_only'] is True and service['cap_drop'] == ['ALL'] and service['security_opt'] == ['no-new-privileges:true'] and service['image'] == 'registry.example:5000/team/triage:v1.2'
    assert service['ports'] == ['127.0.0.1:8000:8000'] and service['stop_grace_period'] == '50s' and 'environment' not in service
    assert compose['secrets'] == {'tokens': {'file': './tokens.json'}} and service['secrets'] == ['tokens']
    assert read_bundle(tmp_path/'out'/'bundle').digest == bundle.digest
    assert [line for line in texts['.dockerignore'].splitlines() if not line.startswith('#')] == ['*', '!bundle', '!constraints.txt', '!code']


def test_keys_come_from_outside(asking, tmp_path):
    compose = yaml.safe_load(ship(asking, 'docker', tmp_path/'docker')['compose.yaml'])
    assert compose['services']['serve']['environment'] == {key: f'${{{key}:?the key of a provider}}' for key in ('OPENAI_API_KEY', 'ANTHROPIC_API_KEY')}
    assert 'libopenblas' not in (tmp_path/'docker'/'Dockerfile').read_text()
    unit = read_unit(ship(asking, 'systemd', tmp_path/'systemd')['triage.service'])['Service']
    assert unit['EnvironmentFile'] == ['/etc/triage/keys'] and not any('LD_PRELOAD' in each for each in unit['Environment'])
    deployment, _ = yaml.safe_load_all(ship(asking, 'k8s', tmp_path/'k8s')['kubernetes.yaml'])
    found = deployment['spec']['template']['spec']['containers'][0]['env']
    assert [each['valueFrom']['secretKeyRef'] for each in found] == [{'name': 'triage-keys', 'key': each['name']} for each in found] and len(found) == 2


def test_a_pod_has_time_to_end_and_no_rights(bundle, tmp_path):
    deployment, service = yaml.safe_load_all(ship(bundle, 'k8s', tmp_path/'out', drain=60, port=9000)['kubernetes.yaml'])
    pod = deployment['spec']['template']
    [container] = pod['spec']['containers']
    assert pod['spec']['terminationGracePeriodSeconds'] >= 60 + int(container['lifecycle']['preStop']['exec']['command'][1]) + 5
    assert container['securityContext'] == dict(allowPrivilegeEscalation=False, readOnlyRootFilesystem=True, capabilities={'drop': ['ALL']})
    assert pod['spec']['securityContext']['runAsNonRoot'] is True and pod['spec']['automountServiceAccountToken'] is False
    assert {container[f'{kind}Probe']['httpGet']['path'] for kind in ('startup', 'liveness')} == {'/livez'} and container['readinessProbe']['httpGet'] == dict(path='/readyz', port='http')
    assert service['spec']['selector'] == deployment['spec']['selector']['matchLabels'] == pod['metadata']['labels']
    keys = [key for part in (deployment, service, pod) for kind in ('labels', 'annotations') for key in part['metadata'].get(kind, {})]
    assert keys and all(re.fullmatch('[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?', key) for key in keys)  # else the cluster refuses them
    assert pod['spec']['volumes'][0]['secret']['defaultMode'] == 0o440 and container['resources'].keys() == {'requests', 'limits'}


def test_a_program_that_needs_code_says_where_it_goes(bundle, tmp_path):
    with_registry = Registry('sqlite://')
    def search(query: str) -> str: return query
    with_registry.save(dspy.ReAct('question -> answer', tools=[search]), 'Agent')
    agent = write_bundle('Agent', tmp_path/'agent', 'mlx/tiny', registry=with_registry)
    with pytest.raises(InputError, match='needs code that is in no bundle: the tool search'): write_ship(agent, 'docker', tmp_path/'none')
    texts = ship(agent, 'docker', tmp_path/'docker', code=('app.tools',))
    assert json.loads(dict(read_dockerfile(texts['Dockerfile']))['ENTRYPOINT'])[-2:] == ['--code', 'app.tools'] and 'COPY code ./code' in texts['Dockerfile'] and 'app.tools' in texts['code/README.txt']
    unit = read_unit(ship(agent, 'systemd', tmp_path/'systemd', code=('app',))['agent.service'])['Service']
    assert '"PYTHONPATH=/opt/agent/code"' in unit['Environment'] and unit['ExecStart'][0].endswith('"--code" "app"')
    job = plistlib.loads(ship(agent, 'launchd', tmp_path/'launchd', code=('app',))['local.dspy-toolkit.agent.plist'].encode())
    assert job['EnvironmentVariables']['PYTHONPATH'] == '/opt/agent/code' and job['ExitTimeOut'] == 35 and job['Umask'] == 0o077


# --- the programs themselves

analyze = pytest.mark.skipif(not shutil.which('systemd-analyze'), reason='systemd is not here')


@analyze
@pytest.mark.parametrize('name', ['plain', 'a b', '100%', '$HOME', 'a;b#c'], ids=['plain', 'blank', 'percent', 'variable', 'signs'])
def test_systemd_finds_the_program_in_any_folder(name, bundle, asking, tmp_path):
    place = tmp_path/name
    (place/'venv'/'bin').mkdir(parents=True)
    (place/'venv'/'bin'/'dspy-toolkit').write_text('#!/bin/sh\n')
    (place/'venv'/'bin'/'dspy-toolkit').chmod(0o755)
    for n, each in enumerate((bundle, asking)):
        write_ship(each, 'systemd', tmp_path/f'{n}', place=str(place), code=('app',))
        done = subprocess.run(['systemd-analyze', 'verify', tmp_path/f'{n}'/'triage.service'], capture_output=True, text=True)
        assert (done.returncode, done.stdout + done.stderr) == (0, '')


@analyze
def test_systemd_would_say_that_the_program_is_not_there(bundle, tmp_path):
    write_ship(bundle, 'systemd', tmp_path/'out', place=str(tmp_path/'nowhere'))
    done = subprocess.run(['systemd-analyze', 'verify', tmp_path/'out'/'triage.service'], capture_output=True, text=True)
    assert done.returncode and 'is not executable' in done.stderr


@analyze
def test_systemd_finds_the_service_little_exposed(bundle, tmp_path):
    write_ship(bundle, 'systemd', tmp_path/'out')
    done = subprocess.run(['systemd-analyze', 'security', '--offline=true', tmp_path/'out'/'triage.service'], capture_output=True, text=True)
    assert float(re.search(r'Overall exposure level for triage.service: ([\d.]+)', done.stdout)[1]) <= 2.0


def test_the_probes_know_a_service_that_is_well(bundle, tmp_path):
    "They are run as they stand in the files, against the application itself."
    import uvicorn
    from dspy_toolkit.deploy.app import make_app
    from dspy_toolkit.deploy.catalog import Catalog
    front = make_app(Catalog(read_bundle(bundle.folder).make_service()), Tokens(tmp_path/'tokens.json'))
    server = uvicorn.Server(uvicorn.Config(front, port=0, log_level='error'))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started: time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        docker = dict(read_dockerfile(ship(bundle, 'docker', tmp_path/'docker', port=port)['Dockerfile']))['HEALTHCHECK'].partition(' CMD ')[2]
        deployment, _ = yaml.safe_load_all(ship(bundle, 'k8s', tmp_path/'k8s', port=port)['kubernetes.yaml'])
        [container] = deployment['spec']['template']['spec']['containers']
        ports, probe = {each['name']: each['containerPort'] for each in container['ports']}, container['readinessProbe']['httpGet']
        def is_live(): return subprocess.run([sys.executable, *json.loads(docker)[1:]], capture_output=True).returncode == 0
        def is_ready(): return httpx.get(f"http://127.0.0.1:{ports[probe['port']]}{probe['path']}").status_code == 200
        assert is_live() and is_ready()
        front.stopping = True
        assert is_live() and not is_ready()
    finally:
        server.should_exit = True
        thread.join()
    assert not is_live()


def commands_of(bundle, folder):
    "The command that each kind of machine runs."
    docker = dict(read_dockerfile(ship(bundle, 'docker', folder/'docker', code=('app',))['Dockerfile']))['ENTRYPOINT']
    unit = read_unit(ship(bundle, 'systemd', folder/'systemd', code=('app',))['triage.service'])['Service']['ExecStart'][0]
    job = ship(bundle, 'launchd', folder/'launchd', code=('app',))['local.dspy-toolkit.triage.plist']
    deployment, _ = yaml.safe_load_all(ship(bundle, 'k8s', folder/'k8s', code=('app',))['kubernetes.yaml'])
    return json.loads(docker), read_words(unit), plistlib.loads(job.encode())['ProgramArguments'], deployment['spec']['template']['spec']['containers'][0]['command']


def test_every_command_is_one_that_the_verb_reads(bundle, tmp_path):
    for program, *words in commands_of(bundle, tmp_path):
        read = read_verb(words)
        assert program.endswith('dspy-toolkit') and read.verb.name == 'serve'
        said = vars(read.args)
        assert (said['port'], said['drain'], said['code']) == (8000, 25.0, ['app']) and said['names'][0].endswith('/bundle') and 'tokens' in said['tokens']
        assert said['host'] == ('0.0.0.0' if said['names'] == ['/app/bundle'] else '127.0.0.1')


def test_the_command_serves_and_ends_when_it_is_told_to(bundle, tmp_path):
    "As launchd runs it, with the files where its steps put them."
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    place = tmp_path/'a place'
    shutil.copytree(bundle.folder, place/'bundle')
    token = Tokens(place/'tokens.json').add('web')
    job = plistlib.loads(ship(bundle, 'launchd', tmp_path/'out', port=port, place=str(place))['local.dspy-toolkit.triage.plist'].encode())
    (place/'data').mkdir()
    with open(job['StandardErrorPath'], 'w') as log:
        server = subprocess.Popen([sys.executable, '-m', 'dspy_toolkit', *job['ProgramArguments'][1:]], env=os.environ | job['EnvironmentVariables'], cwd=job['WorkingDirectory'], stdout=log, stderr=log)
    def ask(path, **more): return urlopen(Request(f'http://127.0.0.1:{port}{path}', **more), timeout=20)
    try:
        until = time.monotonic() + 60
        while True:
            try: ask('/livez'); break
            except OSError: assert server.poll() is None and time.monotonic() < until, Path(job['StandardErrorPath']).read_text()
            time.sleep(0.05)
        headers = {'Authorization': f'Bearer {token}', 'Content-Type': 'application/json'}
        with ask('/v1/Triage', data=b'{"email": "I was charged twice"}', headers=headers) as answer: assert json.load(answer).keys() == {'team'} and answer.headers['x-version'] == 'Triage@1'
        with pytest.raises(HTTPError, match='401'): ask('/v1/Triage', data=b'{"email": "x"}', headers={'Content-Type': 'application/json'})
    finally: server.terminate()
    assert server.wait(30) == 0 and token not in Path(job['StandardErrorPath']).read_text()


def test_the_verb_says_what_was_written_and_what_comes_next(bundle, tmp_path, capsys):
    words = ['ship', str(bundle.folder), str(tmp_path/'out'), '--to', 'k8s', '--image', 'registry.example/triage:1']
    assert main(words) == DONE
    said = capsys.readouterr().out
    assert 'kubernetes.yaml' in said and 'kubectl apply -f kubernetes.yaml' in said and '--from-file=tokens.json' in said and '=probe' not in said
    assert main([*words, '--json']) == DONE
    data = json.loads(capsys.readouterr().out)
    assert data == dict(version='Triage@1', to='k8s', folder=str(tmp_path/'out'), written=[], same=['kubernetes.yaml']) and not fits('ship', data)
    (tmp_path/'out'/'kubernetes.yaml').write_text('mine')
    assert main(words) == USAGE and 'out/kubernetes.yaml was changed by a person' in capsys.readouterr().err


# --- what a person has changed


@each_kind
def test_written_again_nothing_changes(kind, bundle, tmp_path):
    first = write_ship(bundle, kind, tmp_path/'out')
    before = {path: path.read_bytes() for path in (tmp_path/'out').rglob('*') if path.is_file()}
    again = write_ship(bundle, kind, tmp_path/'out')
    assert again.written == () and set(again.same) == set(first.written) and before == {path: path.read_bytes() for path in before}
    assert write_ship(bundle, kind, tmp_path/'out', port=9000).written  # nobody changed them, so they may be written over


@each_kind
def test_a_file_that_a_person_changed_is_theirs(kind, bundle, tmp_path):
    first = write_ship(bundle, kind, tmp_path/'out')
    mine = tmp_path/'out'/first.written[0]
    mine.write_text(mine.read_text() + '# mine\n')
    before = {path: path.read_bytes() for path in (tmp_path/'out').rglob('*') if path.is_file()}
    for _ in range(2):
        with pytest.raises(InputError, match=f'out/{re.escape(first.written[0])} was changed by a person'): write_ship(bundle, kind, tmp_path/'out', port=9000)
    assert before == {path: path.read_bytes() for path in (tmp_path/'out').rglob('*') if path.is_file()}
    assert first.written[0] in write_ship(bundle, kind, tmp_path/'out', force=True).written and '# mine' not in mine.read_text()


def test_a_file_that_was_there_before_is_theirs(bundle, tmp_path):
    (tmp_path/'out').mkdir()
    (tmp_path/'out'/'Dockerfile').write_text('FROM mine\n')
    with pytest.raises(InputError, match='was changed by a person'): write_ship(bundle, 'docker', tmp_path/'out')
    assert [each.name for each in (tmp_path/'out').iterdir()] == ['Dockerfile']
    (tmp_path/'link').mkdir()
    (tmp_path/'link'/'kubernetes.yaml').symlink_to(tmp_path/'out'/'Dockerfile')
    with pytest.raises(InputError, match='is no file'): write_ship(bundle, 'k8s', tmp_path/'link', force=True)
    assert (tmp_path/'out'/'Dockerfile').read_text() == 'FROM mine\n'


def test_the_bundle_in_an_image_is_the_one_that_is_shipped(bundle, tmp_path):
    write_ship(bundle, 'docker', tmp_path/'out')
    changed = tmp_path/'out'/'bundle'/'model.json'
    changed.write_text('{}')
    with pytest.raises(InputError, match='was changed'): write_ship(bundle, 'docker', tmp_path/'out')
    write_ship(bundle, 'docker', tmp_path/'out', force=True)
    assert read_bundle(tmp_path/'out'/'bundle').digest == bundle.digest
    (tmp_path/'out'/'bundle'/'notes.txt').write_text('mine')
    with pytest.raises(InputError, match='belong to no bundle: notes.txt'): write_ship(bundle, 'docker', tmp_path/'out', force=True)
    for place in (bundle.folder, bundle.folder/'out'):
        with pytest.raises(InputError, match='is in the bundle'): write_ship(bundle, 'docker', place)
    with pytest.raises(InputError, match="no way to ship to 'heroku'"): write_ship(bundle, 'heroku', tmp_path/'x')


def test_whoever_was_stopped_in_the_middle_can_begin_again(bundle, tmp_path, monkeypatch):
    from dspy_toolkit.deploy import ship as module
    write_ship(bundle, 'docker', tmp_path/'out')
    real, count = module.replace_text, iter(range(9))
    def fail(path, text):
        if next(count) == 2: raise OSError(28, 'No space left on device')
        real(path, text)
    monkeypatch.setattr(module, 'replace_text', fail)
    with pytest.raises(InputError, match='No space left'): write_ship(bundle, 'docker', tmp_path/'out', port=9000)
    monkeypatch.undo()
    for port in (8000, 9000): write_ship(bundle, 'docker', tmp_path/'out', port=port)
    assert 'EXPOSE 9000' in (Path(tmp_path)/'out'/'Dockerfile').read_text()
