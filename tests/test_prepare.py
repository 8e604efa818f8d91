"`make test` installs what it may, asks nobody for a password, and says what it left out."
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import copy2, which

import nbformat
import pytest

from scripts.browser import find

scripts = Path(__file__).parent.parent/'scripts'
LEFT_OUT = 'JupyterLab in a browser (apt-get install chromium, or VENV/bin/playwright install chromium); the registry on PostgreSQL (apt-get install postgresql, or set POSTGRES_URL); metrics read by Prometheus (apt-get install prometheus); the command line with jq zsh fish (apt-get install jq zsh fish)'
MAC_LEFT_OUT = LEFT_OUT.replace('apt-get install chromium', 'install Google Chrome').replace('apt-get install postgresql', 'brew install postgresql@17').replace('apt-get install prometheus', 'brew install prometheus').replace('apt-get install jq', 'brew install jq')

# What a program of the machine does. Each writes down how it was called; what is installed exists as a file in HAVE.
STUBS = {
    'uname': 'echo "$SYSTEM"',
    'id': 'echo "$USER_ID"',
    'sudo': '[ "$SUDO" = yes ] || { [ "$1" = -n ] || echo "a question" >>"$HAVE/asked"; exit 1; }; [ "$1" = -n ] && shift; exec "$@"',
    'apt-get': 'for last; do :; done; case " $* " in *" install "*) case " $OFFERED " in *" $last "*) touch "$HAVE/$last" ;; *) exit 100 ;; esac ;; *) [ -n "$OFFERED" ] ;; esac',
    'brew': 'for last; do :; done; case " $OFFERED " in *" $last "*) touch "$HAVE/${last%@*}" ;; *) exit 1 ;; esac',
    'ldconfig': 'if [ -e "$HAVE/libopenblas0-pthread" ]; then echo "libopenblas.so.0 => /lib/libopenblas.so.0"; fi',
    'promtool': '[ -e "$HAVE/prometheus" ]',
    **{name: f'[ -e "$HAVE/{name}" ]' for name in ('jq', 'zsh', 'fish')},
    'python': 'case "$*" in *" get"*) case " $OFFERED " in *" playwright "*) touch "$HAVE/chromium" ;; esac ;; esac; [ -e "$HAVE/chromium" ]',
}
NO_BROWSER = "  playwright's chromium could not be installed"
TOOLS = 'jq zsh fish'
ALL_OF_APT = f'chromium postgresql prometheus libopenblas0-pthread {TOOLS}'
ALL_OF_BREW = f'postgresql@17 prometheus {TOOLS}'


@dataclass
class Said:
    "What a script printed, and what it called."
    out: str
    err: str
    code: int
    calls: list[str]


@pytest.fixture
def machine(tmp_path):
    "Runs prepare.sh on a machine that has these programs and this to offer."
    programs, have, venv = tmp_path/'programs', tmp_path/'have', tmp_path/'venv'
    for folder in (programs, have, venv/'bin', tmp_path/'scripts'): folder.mkdir(parents=True)
    for name in ('sh', 'env', 'grep', 'touch', 'dirname', 'true'): (programs/name).symlink_to(which(name))
    copy2(scripts/'prepare.sh', tmp_path/'scripts')
    (tmp_path/'scripts'/'postgres.sh').write_text('[ -e "$HAVE/postgresql" ]\n')

    def run(*names, system='Linux', user=1000, sudo='no', offered='', there='', **env):
        for name in ('uname', 'id', 'python', 'ldconfig', 'promtool', *TOOLS.split(), *names):
            path = (venv/'bin' if name == 'python' else programs)/name
            path.write_text(f'#!/bin/sh\necho "{name} $*" >>"$CALLS"\n{STUBS[name]}\n')
            path.chmod(0o755)
        for name in there.split(): (have/name).touch()
        calls = tmp_path/'calls'
        env = dict(PATH=str(programs), CALLS=str(calls), HAVE=str(have), SYSTEM=system, USER_ID=str(user), SUDO=sudo, OFFERED=offered) | env
        done = subprocess.run(['sh', tmp_path/'scripts'/'prepare.sh', venv], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
        assert not (have/'asked').exists()
        return Said(done.stdout.replace(str(venv), 'VENV'), done.stderr, done.returncode, calls.read_text().splitlines())
    return run


TABLE = [
    # what it is, the machine, what is said before installing, what is left out
    ('root on Debian', dict(names='apt-get', user=0, offered=ALL_OF_APT), [f'installing {ALL_OF_APT} (apt)'], ''),
    ('sudo without a password on Debian', dict(names='apt-get sudo', sudo='yes', offered=ALL_OF_APT), [f'installing {ALL_OF_APT} (apt)'], ''),
    ('sudo with a password on Debian', dict(names='apt-get sudo', offered=ALL_OF_APT), ['installing chromium (playwright)', NO_BROWSER], LEFT_OUT),
    ('no sudo on Debian, playwright has a browser', dict(names='apt-get', offered=f'{ALL_OF_APT} playwright'), ['installing chromium (playwright)'], LEFT_OUT.partition('; ')[2]),
    ('root on Ubuntu, which has no chromium', dict(names='apt-get', user=0, offered=f'postgresql prometheus libopenblas0-pthread {TOOLS} playwright'), [f'installing {ALL_OF_APT} (apt)', '  chromium could not be installed', 'installing chromium (playwright)'], ''),
    ('root on Debian without network', dict(names='apt-get', user=0),
     [f'installing {ALL_OF_APT} (apt)', '  the package lists could not be renewed', *(f'  {o} could not be installed' for o in ALL_OF_APT.split()),
      'installing chromium (playwright)', NO_BROWSER], LEFT_OUT),
    ('another Linux', dict(user=0, offered=ALL_OF_APT), ['installing chromium (playwright)', NO_BROWSER], LEFT_OUT),
    ('a Mac with Homebrew', dict(names='brew', system='Darwin', offered=f'{ALL_OF_BREW} playwright'), [f'installing {ALL_OF_BREW} (Homebrew)', 'installing chromium (playwright)'], ''),
    ('a Mac with Chrome and Homebrew', dict(names='brew', system='Darwin', offered=ALL_OF_BREW, there='chromium'), [f'installing {ALL_OF_BREW} (Homebrew)'], ''),
    ('a Mac without Homebrew', dict(system='Darwin', offered='playwright'), ['installing chromium (playwright)'], MAC_LEFT_OUT.partition('; ')[2]),
    ('a Mac without network', dict(names='brew', system='Darwin'),
     [f'installing {ALL_OF_BREW} (Homebrew)', *(f'  {o} could not be installed' for o in ALL_OF_BREW.split()), 'installing chromium (playwright)', NO_BROWSER], MAC_LEFT_OUT),
    ('one that has a browser and a server elsewhere', dict(there=f'chromium libopenblas0-pthread prometheus {TOOLS}', POSTGRES_URL='postgresql://there'), [], ''),
    ('one that lacks only the BLAS and may not install it', dict(there=f'chromium postgresql prometheus {TOOLS}'), [], ''),
    ('one that has everything', dict(names='apt-get', user=0, there=ALL_OF_APT), [], ''),
    ('one that lacks only a shell', dict(names='apt-get', user=0, offered='fish', there=ALL_OF_APT.removesuffix(' fish')), ['installing fish (apt)'], ''),
    ('one that lacks only a shell and may not install it', dict(there=ALL_OF_APT.replace(' zsh', '')), [], 'the command line with zsh (apt-get install zsh)'),
    ('one that is to be left alone', dict(names='apt-get', user=0, offered=f'{ALL_OF_APT} playwright', PREPARE='no'), [], LEFT_OUT),
]


@pytest.mark.parametrize('given, said, left_out', [o[1:] for o in TABLE], ids=[o[0] for o in TABLE])
def test_it_installs_what_it_may_and_says_what_it_must_leave_out(machine, given, said, left_out):
    given = dict(given)
    found = machine(*given.pop('names', '').split(), **given)
    assert found.code == 0, found.err
    assert found.err.splitlines() == said
    assert found.out == (left_out and left_out + '\n')


def test_nothing_is_called_that_installs_where_nothing_is_missing(machine):
    found = machine('apt-get', 'brew', user=0, there=ALL_OF_APT)
    assert not [o for o in found.calls if o.startswith(('apt-get', 'brew'))]


def test_apt_asks_nothing_and_what_playwright_s_browser_needs_comes_with_it(machine):
    found = machine('apt-get', 'sudo', sudo='yes', offered='postgresql')
    installs = [o for o in found.calls if o.startswith('apt-get') and ' install ' in o]
    assert installs and all('--yes' in o and '--no-install-recommends' in o for o in installs)
    assert all(o.startswith('sudo -n ') for o in found.calls if o.startswith('sudo'))
    gets = [o for o in found.calls if o.startswith('python -m scripts.browser get')]
    assert gets == ['python -m scripts.browser get --with-deps', 'python -m scripts.browser get']  # the second where the first found nothing
    unreached = machine('apt-get', user=0)
    assert unreached.calls[-1].startswith('fish') and [o for o in unreached.calls if ' get' in o and 'python' in o][2:] == gets[1:]


@pytest.fixture
def script(tmp_path):
    "Runs test.sh with preparation that leaves something out, or nothing, and tests that end as they are told to."
    (tmp_path/'scripts').mkdir()
    (tmp_path/'venv'/'bin').mkdir(parents=True)
    copy2(scripts/'test.sh', tmp_path/'scripts')
    (tmp_path/'scripts'/'prepare.sh').write_text('echo "$LEFT_OUT"\n')
    (tmp_path/'scripts'/'postgres.sh').write_text('[ -n "${SERVER:-}" ] || exit 1\necho "$*" >>calls\nif [ "$1" = start ]; then mkdir "$2"; echo postgresql://started; fi\n')
    python = tmp_path/'venv'/'bin'/'python'
    python.write_text('#!/bin/sh\necho "$* on ${POSTGRES_URL:-no server}"; exit "$ENDS"\n')
    python.chmod(0o755)

    def run(left_out='', ends=0, **env):
        without = {k: v for k, v in os.environ.items() if k not in ('CI', 'POSTGRES_URL')}
        env = without | dict(LEFT_OUT=left_out, ENDS=str(ends), TESTS='tests/core', TMPDIR=str(tmp_path)) | env
        done = subprocess.run(['sh', 'scripts/test.sh', 'venv'], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
        assert {o.name for o in tmp_path.iterdir()} <= {'scripts', 'venv', 'calls'}  # no folder of its own stays
        return done.returncode, done.stdout.splitlines()[-1], (tmp_path/'calls').read_text().splitlines() if (tmp_path/'calls').exists() else []
    return run


@pytest.mark.parametrize('ci, ends, code, last', [
    (None, 0, 0, 'Left out: a browser'), ('', 0, 0, 'Left out: a browser'), ('false', 0, 0, 'Left out: a browser'), (None, 3, 3, 'Left out: a browser'),
    ('true', 0, 1, 'Left out, which fails where CI is set: a browser'), ('1', 0, 1, 'Left out, which fails where CI is set: a browser'),
    ('true', 3, 3, 'Left out, which fails where CI is set: a browser')])
def test_the_last_line_says_what_was_left_out_and_only_in_ci_it_is_a_failure(script, ci, ends, code, last):
    assert script('a browser', ends, **({} if ci is None else dict(CI=ci)))[:2] == (code, last)


@pytest.mark.parametrize('ci', ['', 'true'])
def test_with_nothing_left_out_the_tests_have_the_last_word(script, ci):
    assert script(CI=ci)[:2] == (0, '-m pytest tests/core on no server')
    assert script(ends=1, CI=ci)[0] == 1


def test_it_starts_a_server_and_stops_it_whatever_happens(script):
    for ends in (0, 1):
        code, last, calls = script(ends=ends, SERVER='yes')
        assert (code, last) == (ends, '-m pytest tests/core on postgresql://started')
        assert [o.split()[0] for o in calls[-3:]] == ['where', 'start', 'stop']
        assert calls[-1].split()[1] == calls[-2].split()[1]


def test_a_server_of_the_person_s_own_is_used_and_not_touched(script):
    assert script(SERVER='yes', POSTGRES_URL='postgresql://mine') == (0, '-m pytest tests/core on postgresql://mine', [])


def test_a_browser_that_does_not_start_is_passed_over(tmp_path, monkeypatch):
    for name, text in dict(chromium='echo install the snap; exit 1', google_chrome='echo Chrome 140').items():
        path = tmp_path/name.replace('_', '-')
        path.write_text(f'#!/bin/sh\n{text}\n')
        path.chmod(0o755)
    monkeypatch.setattr('scripts.browser.APPS', ())
    monkeypatch.setenv('PATH', f'{tmp_path}{os.pathsep}/bin')
    monkeypatch.setattr('scripts.browser.NAMES', ('chromium', 'google-chrome'))
    assert find() == str(tmp_path/'google-chrome')


def test_without_any_browser_none_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr('scripts.browser.APPS', ())
    monkeypatch.setenv('PATH', str(tmp_path))
    monkeypatch.setenv('PLAYWRIGHT_BROWSERS_PATH', str(tmp_path))
    assert find() is None


def test_a_notebook_that_fails_is_told_and_fails_the_whole(tmp_path):
    for name, source in dict(good='assert 1', bad='assert 1 == 2').items():
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), tmp_path/f'{name}.ipynb')

    def run(*names):
        found = [str(tmp_path/f'{o}.ipynb') for o in names]
        return subprocess.run([sys.executable, '-m', 'scripts.notebooks', *found], cwd=scripts.parent, capture_output=True, text=True, timeout=120)
    done = run('good', 'bad', 'good')
    assert done.returncode == 1 and done.stderr.strip() == f'failed: {tmp_path}/bad.ipynb'
    assert done.stdout.count('good.ipynb\n') == 2 and 'bad.ipynb  FAILED\n' in done.stdout and 'AssertionError' in done.stdout
    assert run('good').returncode == 0
