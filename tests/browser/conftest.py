import os
from pathlib import Path

import pytest

from scripts.browser import find

from .lab import lab as started
from .lab import open_browser


@pytest.fixture(scope='package')
def browser():
    "One browser for all tests."
    if not (chromium := find()): pytest.skip('no browser: `make test` gets one where it may')
    with open_browser(chromium) as browser: yield browser


@pytest.fixture(scope='package')
def lab(browser, tmp_path_factory):
    "One JupyterLab for all tests."
    with started(tmp_path_factory.mktemp('lab'), browser) as lab: yield lab


@pytest.fixture(scope='package')
def shots(tmp_path_factory):
    "Keeps pictures, of a page or of an element, in the folder that BROWSER_ARTIFACTS names."
    folder = Path(os.environ.get('BROWSER_ARTIFACTS') or tmp_path_factory.mktemp('pictures'))
    folder.mkdir(parents=True, exist_ok=True)
    print(f'\npictures: {folder}')
    yield lambda what, name: what.screenshot(path=folder/f'{name}.png')
