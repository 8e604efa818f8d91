import pytest

from .lab import lab as started


@pytest.fixture(scope='package')
def lab(tmp_path_factory):
    "One JupyterLab and one browser for all tests."
    with started(tmp_path_factory.mktemp('lab')) as lab: yield lab
