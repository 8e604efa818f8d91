"Run a notebook headless, and show each cell and what it gave as a terminal would: `python -m scripts.demo NOTEBOOK`."
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from ipython_pygments_lexers import IPython3Lexer
from nbclient.exceptions import CellExecutionError, DeadKernelError
from rich.console import Console
from rich.markdown import Heading, Markdown
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from scripts.headless import directives, running, without_directives


class _Heading(Heading):
    "A heading at the margin, where the text begins."
    def __rich_console__(self, console, options):
        self.text.justify = 'left'
        yield self.text


class Prose(Markdown):
    elements = {**Markdown.elements, 'heading_open': _Heading}


def put(console: Console, *parts):
    "Print without the blanks that fill each line to the width of the terminal."
    with console.capture() as said: console.print(*parts, sep='\n')
    console.file.write(''.join(o.rstrip() + '\n' for o in said.get().splitlines()))
    console.file.flush()


def beside(label: str, style: str, body) -> Table:
    "`body` with a prompt in its margin, as `In [1]:` and `Out[1]:` stand."
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=8, justify='right', no_wrap=True)
    row.add_column()
    row.add_row(Text(label, style), body)
    return row


def source(cell, n: int) -> Table:
    "A code cell as a person typed it."
    code = Syntax(without_directives(cell), IPython3Lexer(), theme='ansi_dark', background_color='default', word_wrap=True)
    return beside(f'In [{n}]:', 'green', code)


def result(output, n: int) -> Table | None:
    "What a terminal shows of one output; None when that is nothing."
    label, text = '', ''
    if output.output_type == 'stream': text = output.text
    elif output.output_type == 'error': text = '\n'.join(output.traceback)
    else: text = output.data.get('text/plain', '')
    if output.output_type == 'execute_result': label = f'Out[{n}]:'
    return beside(label, 'red', Text.from_ansi(text.rstrip('\n'))) if text.strip() else None


def demo(path: Path, console: Console) -> int:  # the exit code: 0, or 1 when a cell failed
    "Run the notebook at `path` from top to bottom, showing it on the way."
    began, n = time.perf_counter(), 0
    with ExitStack() as stack:
        with console.status('starting a kernel'): client = stack.enter_context(running(path))
        for i, cell in enumerate(client.nb.cells):
            hidden, failure = 'hide' in directives(cell), None
            if cell.cell_type == 'markdown' and not hidden: put(console, Prose(cell.source), '')
            if cell.cell_type != 'code' or not cell.source.strip(): continue
            n += 1
            if not hidden: put(console, source(cell, n))
            try:
                with console.status('running'): client.execute_cell(cell, i)
            except (CellExecutionError, DeadKernelError) as e: failure = e
            if hidden and not failure: continue
            for output in cell.outputs:
                if (row := result(output, n)) is not None: put(console, row)
            console.print()
            if failure:
                why = '' if isinstance(failure, CellExecutionError) else f': {failure}'
                console.print(f'{path.name} stopped at cell {n}{why}', style='bold red', highlight=False)
                return 1
    console.print(f'{path.name}: {n} cells in {time.perf_counter() - began:.1f} s, on this machine alone', style='dim', highlight=False)
    return 0


if __name__ == '__main__':
    console = Console()
    if not console.is_terminal: console = Console(width=max(console.width, 120))
    try: sys.exit(demo(Path(sys.argv[1]).resolve(), console))
    except KeyboardInterrupt: sys.exit(130)
