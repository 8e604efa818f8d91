# Made by `make export` from the modules: edit the notebooks.
from IPython.core.magic import Magics
from typing import Any

class Warmup:
    "Prepare what the first run will need, on a thread of its own."
    modules: Any
    def __init__(self, modules: Any=...) -> None:
        ...
    def start(self) -> None:
        ...
    def stop(self) -> None:
        ...
    @property
    def done(self) -> Any:
        ...
    error: Any

def shorten_traceback(error: Exception, full: bool=False, on_page: bool=False) -> Exception:
    "Make IPython show an error with what to do about it; without a page, an unknown error keeps its stack."

class DspyMagics(Magics):
    "The magics of the toolkit: `%dspy` and `%%dspy`."
    def __init__(self, shell: Any) -> None:
        ...
    def dspy(self, line: Any, cell: Any=None, local_ns: Any=None) -> Any:
        'Define, run and show typed programs.\n\n    %%dspy Signature Sentiment\n    review: str\n    ->\n    sentiment: Literal["positive", "negative"]\n    ---\n    review = "Came late and broke in a day."\n\n`%dspy help` lists what can be asked for, `%dspy help VERB` explains one. Tab completes verbs, options, names, `Name@` versions,\nmodels, types and inputs.'
    def hook(self) -> None:
        "Register the callbacks and formatters of the session."
    def unhook(self) -> None:
        ...
    def before_cell(self, info: Any) -> None:
        "Make the defaults ready where the cell may need them."
    def make_ready(self) -> None:
        ...
    def after_cell(self, result: Any) -> None:
        ...
    def renew(self) -> None:
        "Make signatures use a class that was defined again, if it means the same."
    warmup: Any
    buttons: Any

class HopLine:
    "Says below a cell which models did not answer in it, and who was asked instead. The card of a `%%dspy` cell says so itself."
    def __init__(self) -> None:
        ...
    def tell(self, cell: str) -> None:
        "Print the lines of a cell that has ended."
    def close(self) -> None:
        ...
    seen: Any

class Buttons:
    "Gives the answers on a page their buttons, as soon as what that needs is imported."
    def __init__(self, shell: Any) -> None:
        ...
    def announce(self, on_page: bool) -> str:
        "Name the next answer."
    def put(self) -> None:
        "Put buttons below the answers of the cell that has ended; does not wait."
    def stop(self) -> None:
        "Put no more; `session.reset` takes away those that are there."
    shell: Any
    key: Any

def read_lone_line(lines: Any) -> Any:
    "Read a `%%dspy` line with nothing below it as `%dspy`, which knows what is missing; IPython would only say that the cell is empty."

def keep_questions(lines: Any) -> Any:
    "Put a blank after a note that ends in a question mark, which IPython would take for a question about its last word."

def load(ip: Any) -> None:
    "Give a shell its magics; loading twice does nothing."

def unload(ip: Any) -> None:
    "Take the magics away, and with them all that is on for the whole process."
