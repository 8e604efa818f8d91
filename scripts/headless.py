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
    "This process's environment with `home` for a home folder, none of the toolkit's own variables, and the network kept out."
    mine = {k: v for k, v in os.environ.items() if not k.startswith('DSPY_TOOLKIT_')}
    return mine | {
        'HOME': str(home), 'DSPY_TOOLKIT_AUTHOR': 'ada', 'IPYTHONDIR': str(home/'ipython'), 'DSPY_CACHEDIR': str(home/'dspy'),
        'XDG_DATA_HOME': str(home/'data'), 'XDG_CONFIG_HOME': str(home/'config'),
        'XDG_CACHE_HOME': mine.get('XDG_CACHE_HOME', str(Path.home()/'.cache')),  # fonts and downloaded models are only copies
        'PYTHONPATH': os.pathsep.join(filter(None, [str(root), mine.get('PYTHONPATH')])),
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
        with client.setup_kernel(env=sandbox(Path(home))): yield client


def directives(cell) -> set[str]:
    "The `#|` lines of a cell: `{'export'}`, `{'hide'}`, `{'echo: false'}`."
    return {o.strip()[2:].strip() for o in cell.source.splitlines() if o.strip().startswith('#|')}


def without_directives(cell) -> str:
    "A cell's source as a reader should see it."
    return '\n'.join(o for o in cell.source.splitlines() if not o.strip().startswith('#|')).strip('\n')
