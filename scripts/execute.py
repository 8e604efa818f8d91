"Run notebooks from top to bottom and keep what they really gave: `python -m scripts.execute NOTEBOOK ...`."
import sys
import time
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError
from nbdev.clean import nbdev_clean

from scripts.headless import running


def execute(path: Path):
    "Run every cell of the notebook at `path` in a fresh kernel, and write it back with its outputs, cleaned."
    with running(path) as client:
        for i, cell in enumerate(client.nb.cells): client.execute_cell(cell, i)
        nbformat.write(client.nb, path)
    nbdev_clean(str(path))


if __name__ == '__main__':
    for name in sys.argv[1:]:
        began = time.perf_counter()
        try: execute(Path(name).resolve())
        except CellExecutionError as e: sys.exit(f'{name}: {e}')
        print(f'{name}: {time.perf_counter() - began:.1f} s')
