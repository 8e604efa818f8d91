# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any

def visible(text: str) -> str:
    "Write control characters, which a terminal would obey, as signs: ␛[31m."

class Markup(str):
    "Finished html; everything else is escaped when it is added to a `Markup`."

def tag(name: str, *children: Any, style: str='', **attributes: Any) -> Markup:
    "Make an element."

def div(*children: Any, style: Any='', **attributes: Any) -> Any:
    "Write a `div`; see `tag`."

def span(*children: Any, style: Any='', **attributes: Any) -> Any:
    "Write a `span`; see `tag`."

def theme(what: str, fallback: str, variable: str) -> str:
    "Declare a colour of the theme."

INK: str

MUTED: Any

BORDER: Any

SHADE: Any

ACCENT: Any
BAD: Any

NUMBER: Any

MONO: str

SMALL: Any

def card(title: Any, *body: Any, kind: str='', aside: Any=None, label: str | None=None, role: str='group', **attributes: Any) -> Markup:
    "Put elements in the frame that all views share."

CELL: str

UNDERLINE: Any

class Cell(Markup):
    "A finished cell of a grid."

def cell(*children: Any, style: Any='') -> Any:
    "Write a cell of a `grid`."

def grid(rows: Any, columns: str, label: str | None=None, head: Any=..., padding: str='7px 12px', style: str='') -> Markup:
    "Lay rows out in columns."

def mono(text: Any, style: Any='') -> Any:
    "Write a text in the font of code, with its blanks and lines."

def dim(text: Any) -> Any:
    "Write a text in the colour of what matters less."

def plain_value(value: Any) -> Any:
    "Turn pydantic models, dataclasses, enums and sets into JSON types; other values stay as they are."

CUT_SHORT: Any
WHY_CUT: Any

def cut_mark() -> Markup:
    "Mark a name whose value was cut."

def paths_below(cut: Any, key: Any) -> list[str]:
    "Take the paths of a part, as seen from there."

COLUMNS: int

def column_names(items: list[Any]) -> list[str]:
    "The fields that all items of a list have, where they are records."

PILL: Any

def value_html(value: Any, choice: bool=False, cut: Any=..., depth: int=0) -> Markup:
    "Show a value as what it is."

def fold(title: str, *body: Any, open: bool=False) -> Markup:
    "Hide what is long behind its first words."

WIDTH: int

def value_text(value: Any) -> str:
    "Write a value for a terminal."

def text(renderable: Any, width: int=...) -> str:
    "Write what rich shows as plain text: no colours, no blanks at line ends."

class View:
    "Data with three forms: html, text and JSON."
    def to_json(self) -> dict[Any, Any]:
        "The data, as JSON knows it."
    def html(self) -> Markup:
        "How it looks in a notebook."
    def __rich__(self) -> None:
        "How it looks in a terminal."
    def __str__(self) -> str:
        ...
    tells_chaos: bool
    failed: bool
    is_written: bool
    is_message: bool

def disturbances() -> list[str]:
    "What is made to fail on purpose just now, a line each."

def columns(rows: Any, indent: int=2) -> Any:
    "Lay rows of text out in columns."

class _Columns:
    "Rows that are laid out when it is known how wide the window is: what does not fit wraps, and nothing is cut."
    def __init__(self, rows: Any, indent: Any) -> None:
        ...
    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        ...
    rows: Any
    indent: Any
