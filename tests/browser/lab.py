"""A real JupyterLab in a real browser, driven as a person would: write cells, run them, read what is on the screen.

One server and one browser serve all tests. Nothing is reached but the server itself: a request to anywhere else is refused, and
kept in `Lab.refused`. The person's own Jupyter settings are neither read nor changed.
"""
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
from playwright.sync_api import expect, sync_playwright

from scripts.browser import launch

expect.set_options(timeout=20_000)
SETTINGS = {
    'apputils-extension/notification': dict(fetchNews='false', checkForUpdates=False, doNotDisturbMode=True),
    'docmanager-extension/plugin': dict(autosave=False),
    'notebook-extension/tracker': dict(windowingMode='none'),  # cells off the screen stay in the page
}
# the notebook panel in front, for scripts that run in the page
PANEL = 'const panel = window.jupyterapp.shell.currentWidget;'


class Server:
    "JupyterLab on a port of its own, with settings of its own."

    def __init__(self, folder: Path):
        self.folder, self.token, self.process = folder, secrets.token_hex(16), None
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            self.url = f'http://127.0.0.1:{s.getsockname()[1]}'
        for name, values in SETTINGS.items():
            path = folder/'.jupyter'/'user-settings'/'@jupyterlab'/f'{name}.jupyterlab-settings'
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))

    def __enter__(self):
        own = self.folder/'.jupyter'
        env = os.environ | {
            'JUPYTER_CONFIG_DIR': f'{own}/config', 'JUPYTER_DATA_DIR': f'{own}/data', 'JUPYTER_RUNTIME_DIR': f'{own}/run',
            'JUPYTERLAB_SETTINGS_DIR': f'{own}/user-settings', 'JUPYTERLAB_WORKSPACES_DIR': f'{own}/workspaces', 'IPYTHONDIR': f'{own}/ipython',
            'PYTHONPATH': os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), str(self.folder), os.environ.get('PYTHONPATH')])),
            'JUPYTER_PLATFORM_DIRS': '0',
        }
        port = self.url.rpartition(':')[2]
        self.log = (self.folder/'server.log').open('w')
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'jupyter', 'lab', '--no-browser', '--allow-root', '--ServerApp.ip=127.0.0.1', f'--ServerApp.port={port}',
             f'--IdentityProvider.token={self.token}', f'--ServerApp.root_dir={self.folder}', '--LabApp.news_url=None',
             '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate', '--LabApp.extension_manager=readonly',
             '--LabApp.expose_app_in_browser=True', '--JupyterNotebookApp.expose_app_in_browser=True'],
            cwd=self.folder, env=env, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        end = time.monotonic() + 90
        while True:
            try: self.api('status'); return self
            except OSError: time.sleep(0.1)
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError('JupyterLab did not start:\n' + (self.folder/'server.log').read_text()[-3000:])

    def __exit__(self, *_):
        with contextlib.suppress(OSError):  # kernels first: they would outlive the server
            for session in self.api('sessions'): self.api(f"sessions/{session['id']}", 'DELETE')
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is not None: break
            with contextlib.suppress(ProcessLookupError): os.killpg(self.process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired): self.process.wait(5)
        self.log.close()

    def api(self, path: str, method='GET'):
        request = urllib.request.Request(f'{self.url}/api/{path}', method=method, headers={'Authorization': f'token {self.token}'})
        with urllib.request.urlopen(request, timeout=20) as answer:
            body = answer.read()
            return json.loads(body) if body else None


class Lab:
    "One browser page on a server."

    def __init__(self, server: Server, page):
        self.server, self.page, self.refused, self._count, self.name = server, page, [], 0, None
        page.route('**/*', self._only_here)

    def _only_here(self, route):
        url = route.request.url
        if url.startswith((self.server.url, 'data:', 'blob:')): return route.continue_()
        self.refused.append(url)
        route.abort()

    def open(self, *cells: str, front: str = 'lab') -> 'Lab':
        "Open a new notebook with these cells, in JupyterLab or in Notebook 7 ('notebooks'), and wait for its kernel."
        self._count += 1
        name = f'{self._count}.ipynb'
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells],
                                        metadata={'kernelspec': {'name': 'python3', 'display_name': 'python3', 'language': 'python'}})
        nbformat.write(book, self.server.folder/name)
        return self.show(name, front)

    def show(self, name: str, front: str = 'lab', again: bool = False) -> 'Lab':
        "Open a notebook of the server's folder; `again` loads the whole page again, where what it keeps in its memory matters."
        if front == 'lab' and not again and self.page.evaluate("window.jupyterapp?.name") == 'JupyterLab': self._exchange(name)
        else: self._load(name, front)
        self.name = name
        return self.wait_idle()

    def wait_idle(self) -> 'Lab':
        "Wait until there is a kernel that has nothing to do, also a new one in the place of one that died."
        self.js('await panel.sessionContext.ready')
        self.page.wait_for_function(
            '() => { ' + PANEL + ' const k = panel?.sessionContext?.session?.kernel;'
            ' return k?.connectionStatus == "connected" && k.status == "idle" }', timeout=60_000)
        return self

    def _load(self, name, front):
        place = f'lab/workspaces/w{self._count}/tree/{name}?reset&' if front == 'lab' else f'{front}/{name}?'
        self.page.goto(f'{self.server.url}/{place}token={self.server.token}')
        self.page.locator('.jp-Notebook .jp-Cell').first.wait_for(timeout=60_000)
        self.page.wait_for_function('() => window.jupyterapp?.shell.currentWidget?.sessionContext')
        self.js("if (app.name == 'JupyterLab') await app.commands.execute('application:set-mode', {mode: 'single-document'}); app.shell.collapseLeft()")

    def _exchange(self, name):
        "Close the notebook on the screen and open another one in the same page, which takes a tenth of what loading the page does."
        self.js('''panel.context.model.dirty = false; panel.close();
            while (!panel.isDisposed) await new Promise(r => setTimeout(r, 5));
            await app.commands.execute('docmanager:open', {path: value, factory: 'Notebook'})''', name)
        self.page.locator('.jp-Notebook .jp-Cell').first.wait_for(timeout=60_000)
        self.page.wait_for_function("name => window.jupyterapp.shell.currentWidget?.context?.path == name", arg=name)

    def js(self, body: str, value=None):
        "Run a script in the page, with `app`, `panel` and `value` at hand."
        return self.page.evaluate('async value => { const app = window.jupyterapp; ' + PANEL + body + ' }', value)

    def clear(self) -> 'Lab':
        "Empty all outputs."
        self.js("await app.commands.execute('notebook:clear-all-cell-outputs')")
        return self

    def start(self, index: int) -> 'Lab':
        "Run a cell, and do not wait for it."
        # the cell counts as running before this returns, so that `wait` has something to wait for
        self.js("""panel.content.deselectAll(); panel.content.activeCellIndex = value; app.commands.execute('notebook:run-cell');
            while (panel.content.widgets[value].model.executionState == 'idle') await new Promise(r => setTimeout(r, 5))""", index)
        return self

    def run(self, index: int) -> 'Lab':
        "Run a cell to its end."
        return self.start(index).wait()

    def wait(self, timeout=60) -> 'Lab':
        "Wait until no cell runs or waits to."
        self.page.wait_for_function(
            '() => { ' + PANEL + ' return panel.sessionContext.session.kernel.status == "idle"'
            ' && panel.content.widgets.every(c => !c.model.executionState || c.model.executionState == "idle") }', timeout=timeout * 1000)
        return self

    def stop(self) -> 'Lab':
        "Press the stop button."
        self.page.get_by_role('button', name='Interrupt the kernel').click()
        return self

    def type(self, index: int, text: str) -> 'Lab':
        "Write at the end of a cell."
        self.cell(index).locator('.cm-content').click()
        self.page.keyboard.press('Control+End')
        self.page.keyboard.insert_text(text)
        return self

    def complete(self, index: int, text: str = ''):
        "Write at the end of a cell, press Tab, and see what is offered."
        self.type(index, text)
        self.page.keyboard.press('Tab')
        return self.page.locator('.jp-Completer:visible .jp-Completer-item')

    def source(self, index: int) -> str: return self.js('return panel.content.widgets[value].model.sharedModel.getSource()', index)
    def cell(self, index: int): return self.page.locator('.jp-Notebook .jp-Cell').nth(index)
    def output(self, index: int): return self.cell(index).locator('.jp-Cell-outputWrapper')
    def saved(self, index: int) -> list: return self.js('return panel.content.widgets[value].model.outputs.toJSON()', index)

    def theme(self, name: str) -> 'Lab':
        "Light or Dark."
        self.js("await app.commands.execute('apputils:change-theme', {theme: 'JupyterLab ' + value})", name)
        self.page.wait_for_function('light => document.body.dataset.jpThemeLight == light', arg='true' if name == 'Light' else 'false')
        return self


@contextlib.contextmanager
def open_browser(chromium: str):
    "The browser at `chromium`."
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        try: yield browser
        finally: browser.close()


@contextlib.contextmanager
def lab(folder: Path, browser):
    "A server over `folder`, and a page on it."
    with Server(folder) as server:
        page = browser.new_page(viewport={'width': 1200, 'height': 1000})
        try: yield Lab(server, page)
        finally: page.close()
