# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def is_terminal(stream: Any) -> bool:
    "Whether a person sees what is written there."

def print_view(view: Any, stream: Any=None) -> Any:
    "Print a view for whoever reads the stream."

def print_text(text: str, stream: Any=None) -> None:
    "Print a text, at once; raises `OSError`, which names the stream."

class Typed:
    "Call a program so that a terminal shows its answer while it is written."
    def __init__(self, stream: Any=None) -> None:
        ...
    def __call__(self, program: Any, inputs: dict[Any, Any], view: Any) -> Any:
        "Run to the end, or until Ctrl-C; raises what the program raises, or `Stopped`."
    stream: Any

LINE_EVERY: float

REDRAWS: float

class Follower:
    "Follow long work in a shell: drawn in place in a terminal, with a line now and then elsewhere."
    def __init__(self, stream: Any=None, every: float=..., clock: Any=...) -> None:
        ...
    def __call__(self, watch: Any, view: Any) -> Any:
        "Run the work and show how far it is; an interrupt stops it; raises what the work raises."
    stream: Any
    every: float
    clock: Any
    interrupt: Any

def draw_until_quit(make: Any, every: float=0.5, stream: Any=None) -> None:
    "Draw a view anew in a terminal until q or Ctrl-C; elsewhere nothing is drawn."

INTERRUPTED: Any
TERMINATED: Any

class Terminated(KeyboardInterrupt):
    "The process was asked to end."

def watch_signals() -> None:
    "Let Ctrl-C and SIGTERM stop this process as a shell expects; only the main thread may call this."
