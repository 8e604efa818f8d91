import os
from pathlib import Path

import pytest

from .lab import lab as started


@pytest.fixture(scope='package')
def lab(tmp_path_factory):
    "One JupyterLab and one browser for all tests."
    with started(tmp_path_factory.mktemp('lab')) as lab: yield lab


@pytest.fixture(scope='package')
def shots(tmp_path_factory):
    "Keeps pictures, of a page or of an element, in the folder that BROWSER_ARTIFACTS names."
    folder = Path(os.environ.get('BROWSER_ARTIFACTS') or tmp_path_factory.mktemp('pictures'))
    folder.mkdir(parents=True, exist_ok=True)
    print(f'\npictures: {folder}')
    yield lambda what, name: what.screenshot(path=folder/f'{name}.png')
