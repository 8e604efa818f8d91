# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Data
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import NotebookName
from dspy_toolkit.commands.verb import Option
from dspy_toolkit.commands.verb import Path
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.commands.verb import Variable
from dspy_toolkit.views.lines import LinesView
from dspy_toolkit.views.programs import RunView
from dspy_toolkit.views.signatures import SignatureView
from typing import Annotated
from typing import Any
from typing import Callable

def read_inputs(text: str, signature: Any, first_line: int=1) -> tuple[Any, ...]:
    "Read inputs on their own, as the cell grammar reads them below `---`; raises `SignatureSyntaxError`."

def read_line_inputs(line: str, places: Any, signature: Any) -> tuple[Any, ...]:
    "Read inputs that stand on one line; raises `SignatureSyntaxError`."

def evaluate(bindings: Any, namespace: dict[Any, Any]) -> dict[Any, Any]:
    "Evaluate the inputs of a cell; raises `InputError`, naming the line."

Module: Any

def direct(program: Any, inputs: Any, view: Any) -> Any:
    "Call a program, and show nothing before the end."

def run(target: Any, inputs: dict[Any, Any], module: str | None=None, lm: str | None=None, name: str | None=None, namespace: dict[Any, Any] | None=None, call: Any=...) -> RunView:
    "Run a signature, or a program, on inputs."

def define_cell(name: NotebookName, body: Given[str], namespace: Given[dict[Any, Any]], notebook: Given[str]='', show: Given[Callable[..., Any] | None]=None, call: Given[Callable[..., Any]]=..., *, lm: ModelName | None=None, output: Any=None, module: Any=None, no_run: bool=False) -> SignatureView | RunView:
    "Define a signature, keep it as a version, and run it if the cell has inputs."

def run_cell(name: Target, body: Given[str], namespace: Given[dict[Any, Any]], on_line: Given[tuple[Any, ...]]=..., call: Given[Callable[..., Any]]=..., texts: Given[dict[Any, Any] | None]=None, rows: Given[object] | None=None, write: Given[Callable[..., Any] | None]=None, *, lm: ModelName | None=None, output: Any=None, module: Any=None, data: Data | None=None, jobs: int=8, resume: Path | None=None) -> RunView | LinesView:
    'Run a signature, or a program, on inputs, or on each row of some data.\n\nRaises `InputError` where there are no inputs and no rows.'
