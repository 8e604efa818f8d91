import os

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import browser, shots  # noqa: F401  fixtures
from tests.browser.lab import lab as started


@pytest.fixture(scope='package')
def home(tmp_path_factory):
    "A home folder of this story's own: its registry has nothing else in it."
    return tmp_path_factory.mktemp('home')


@pytest.fixture(scope='package')
def lab(browser, home, tmp_path_factory):  # noqa: F811
    "One JupyterLab for the stories."
    before = os.environ.get('DSPY_TOOLKIT_HOME')
    os.environ['DSPY_TOOLKIT_HOME'] = str(home)
    try:
        with started(tmp_path_factory.mktemp('lab'), browser) as lab: yield lab
    finally:
        if before is None: del os.environ['DSPY_TOOLKIT_HOME']
        else: os.environ['DSPY_TOOLKIT_HOME'] = before


@pytest.fixture(autouse=True)
def patience():
    "A story starts kernels and servers, which takes its time on a busy machine."
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=20_000)  # as `lab` has it
