"Run a notebook without a browser, in a process that knows nothing of the person's own settings, caches or profile."
import os
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbclient import NotebookClient

root = Path(__file__).parent.parent


def sandbox(home: Path) -> dict[str, str]:
    "Environment variables that keep settings, caches and profiles inside `home`, and the network out."
    return {
        'DSPY_TOOLKIT_HOME': str(home/'toolkit'), 'DSPY_CACHEDIR': str(home/'dspy'), 'IPYTHONDIR': str(home/'ipython'),
        'HF_HUB_OFFLINE': '1', 'TRANSFORMERS_OFFLINE': '1',
        'PYDEVD_DISABLE_FILE_VALIDATION': '1',  # or the debugger warns about frozen modules at every start
    }


@contextmanager
def running(path: Path, timeout: int = 600):
    "A client whose kernel runs in the folder of the notebook at `path`: `client.execute_cell(cell, index)` runs one of `client.nb.cells`."
    client = NotebookClient(
        nbformat.read(path, as_version=4), timeout=timeout, kernel_name='python3', resources={'metadata': {'path': str(path.parent)}},
        extra_arguments=['--IPKernelApp.log_level=40'])  # errors only
    os.environ['JUPYTER_PREFER_ENV_PATH'] = '1'  # a kernel named python3 in the home folder may belong to another environment
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, warnings.catch_warnings():
        warnings.simplefilter('ignore')
        python_path = os.pathsep.join(filter(None, [str(root), os.environ.get('PYTHONPATH')]))
        with client.setup_kernel(env={**os.environ, **sandbox(Path(home)), 'PYTHONPATH': python_path}): yield client


def directives(cell) -> set[str]:
    "The `#|` lines of a cell: `{'export'}`, `{'hide'}`, `{'echo: false'}`."
    return {o.strip()[2:].strip() for o in cell.source.splitlines() if o.strip().startswith('#|')}


def without_directives(cell) -> str:
    "A cell's source as a reader should see it."
    return '\n'.join(o for o in cell.source.splitlines() if not o.strip().startswith('#|')).strip('\n')
