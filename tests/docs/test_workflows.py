"The workflows run what exists, on the Pythons that the package is for, with the rights that they need and no more."
import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

root = Path(__file__).parent.parent.parent
workflows = {o.stem: yaml.load(o.read_text(encoding='utf-8'), yaml.BaseLoader) for o in sorted((root/'.github'/'workflows').glob('*.yml'))}
jobs = [(f'{name}:{job}', name, details) for name, flow in workflows.items() for job, details in flow['jobs'].items()]
each_job = pytest.mark.parametrize('name, job', [o[1:] for o in jobs], ids=[o[0] for o in jobs])
# What the rights to write are for; a job that needs another one says it here
WRITES = {'docs:publish': {'pages', 'id-token'}, 'release:publish': {'id-token'}, 'release:announce': {'contents'}}


def list_steps(flow): return [step for job in flow['jobs'].values() for step in job.get('steps', [])]


def list_pythons(job):
    "The Pythons that a job runs on: of its matrix, or the one that it names."
    named = {str(o['with']['python-version']) for o in job.get('steps', []) if 'python-version' in o.get('with', {})}
    return set(job.get('strategy', {}).get('matrix', {}).get('python', named - {'${{ matrix.python }}'}))


def test_there_are_workflows_for_tests_documentation_and_release():
    assert {'test', 'docs', 'release'} <= workflows.keys()


def test_every_action_is_pinned_to_a_version():
    "A major version at least, as v4, release/v1 or a commit; a branch such as main may change under our feet."
    uses = [o['uses'] for flow in workflows.values() for o in [*list_steps(flow), *flow['jobs'].values()] if 'uses' in o]
    assert uses
    assert [o for o in uses if not o.startswith('./') and not re.fullmatch(r'[\w-]+/[\w./-]+@(v\d+(\.\d+)*|release/v\d+|[0-9a-f]{40})', o)] == []
    assert [o for o in uses if o.startswith('./') and not (root/o).is_file()] == []


@pytest.mark.parametrize('name', workflows)
def test_a_workflow_may_read_and_nothing_else(name):
    assert workflows[name]['permissions'] == {'contents': 'read'}


@each_job
def test_a_job_has_only_the_rights_that_it_needs(name, job):
    own = next(key for key, value in workflows[name]['jobs'].items() if value is job)
    given, allowed = job.get('permissions', {}), WRITES.get(f'{name}:{own}', set())
    assert isinstance(given, dict), 'read-all and write-all give more than a job needs'
    assert {right for right, level in given.items() if level == 'write'} == allowed
    checks_out = any('actions/checkout' in o.get('uses', '') for o in job.get('steps', []))
    assert not (allowed and checks_out), 'code of the repository does not run where something can be written'


@each_job
def test_a_job_ends_by_itself(name, job):
    "Of those that only call another workflow, or only an action that has a limit of its own, no limit is asked."
    limited = [o.get('uses', '').partition('@')[0] for o in job.get('steps', [])] == ['actions/deploy-pages']
    assert 'uses' in job or limited or job.get('timeout-minutes', '').isdigit()


def test_the_tests_run_on_every_python_and_system_that_the_package_is_for():
    config = ConfigParser(delimiters=['='])
    config.read(root/'settings.ini', encoding='utf-8')
    lowest, above = (int(config['DEFAULT'][o].split('.')[1]) for o in ('min_python', 'max_python'))
    for name, job in (('test', 'test'), ('release', 'installed')):
        matrix = workflows[name]['jobs'][job]['strategy']['matrix']
        assert set(matrix['python']) == {f'3.{o}' for o in range(lowest, above)}
        assert {o.split('-')[0] for o in matrix['os']} == {'ubuntu', 'macos'}
    used = set().union(*(list_pythons(job) for _, _, job in jobs))
    assert used <= {f'3.{o}' for o in range(lowest, above)}


def test_every_target_and_script_that_is_named_exists():
    targets = set(re.findall(r'^([a-z][a-z-]*):', (root/'Makefile').read_text(encoding='utf-8'), re.M))
    lines = [o['run'] for flow in workflows.values() for o in list_steps(flow) if 'run' in o]
    assert lines
    assert set(re.findall(r'\bmake ([a-z-]+)', '\n'.join(lines))) <= targets
    for module in re.findall(r'python -m (scripts[\w.]+)', '\n'.join(lines)): assert (root/(module.replace('.', '/') + '.py')).is_file()


def test_a_text_from_outside_never_becomes_a_part_of_a_shell_line():
    "What `github.event` or a name of a branch says comes in by the environment."
    lines = [o['run'] for flow in workflows.values() for o in list_steps(flow) if 'run' in o]
    assert [o for o in lines if '${{' in o] == []


def test_what_is_published_was_built_once_and_tested():
    release = workflows['release']['jobs']
    builds = [name for name, job in release.items() if any('make release' in o.get('run', '') for o in job.get('steps', []))]
    uploads = {o['with']['name'] for o in release['build']['steps'] if 'upload-artifact' in o.get('uses', '')}
    assert builds == ['build'] and 'dist' in uploads
    for name in ('installed', 'publish'):
        steps = release[name]['steps']
        assert any(o.get('with', {}).get('name') == 'dist' for o in steps if 'download-artifact' in o.get('uses', ''))
    assert set(release['publish']['needs']) == {'build', 'suite', 'installed'}
    assert release['publish']['environment']['name'] == 'pypi'
    assert [o['uses'] for o in release['publish']['steps']][-1].startswith('pypa/gh-action-pypi-publish@') and release['publish']['steps'][-1]['with'] == {'attestations': 'true'}
    assert workflows['release']['on'] == {'push': {'tags': ['v*']}} and 'workflow_call' in workflows['test']['on']


def test_no_workflow_has_a_secret():
    texts = [o.read_text(encoding='utf-8') for o in (root/'.github').rglob('*.yml')]
    assert [o for o in texts if 'secrets.' in o] == []


def test_two_runs_of_one_branch_do_not_wait_for_each_other_under_one_name():
    "A workflow that is called runs beside its caller: their groups must differ."
    groups = [flow['concurrency']['group'] for flow in workflows.values()]
    assert len(set(groups)) == len(groups) and not any('github.workflow' in o for o in groups)
