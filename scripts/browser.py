"""The browser that the tests drive: Chromium or Chrome where one is installed and starts, else the one that playwright brings.

usage: python -m scripts.browser [get]      prints where it is; `get` lets playwright download its own, without a question
"""
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'
APPS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'
OWN = 'playwright'
OPTIONS = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--force-color-profile=srgb',
]


def starts(path: str) -> bool:
    "Whether a browser is more than a name: on Ubuntu it may be a script that asks for a snap, elsewhere a library may be missing."
    try: return subprocess.run([path, '--version'], capture_output=True, timeout=60, env=clean()).returncode == 0
    except (OSError, subprocess.TimeoutExpired): return False


def clean() -> dict:
    "The environment without the BLAS for mlx, which Chromium's sandboxed processes cannot start with."
    return {k: v for k, v in os.environ.items() if k != 'LD_PRELOAD'}


def launch(playwright, path: str):
    "Start the browser at `path`, or playwright's own."
    return playwright.chromium.launch(executable_path=None if path == OWN else path, args=OPTIONS, env=clean())


def find() -> str | None:  # a path, or OWN
    "The first browser that starts."
    named = [*filter(None, map(shutil.which, NAMES)), *(o for o in APPS if Path(o).exists())]
    if found := next(filter(starts, named), None): return found
    from playwright.sync_api import Error, sync_playwright
    with sync_playwright() as playwright:
        try: launch(playwright, OWN).close()
        except Error: return None
    return OWN


def get(*options: str) -> str | None:
    "Let playwright download its browser into its own cache, and find it."
    # where there is no network, three tries of 30 seconds each would be spent on every file
    env = {'PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT': '10000'} | os.environ
    command = [sys.executable, '-m', 'playwright', 'install', '--only-shell', *options, 'chromium']
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    said = (done.stdout + done.stderr).splitlines()
    if done.returncode: print(*dict.fromkeys(o for o in said if o.startswith('Error')), sep='\n', file=sys.stderr)
    return find()


if __name__ == '__main__':
    action, *options = sys.argv[1:] or ['find']
    found = get(*options) if action == 'get' else find()
    if not found: sys.exit('no browser starts here')
    print(found)
