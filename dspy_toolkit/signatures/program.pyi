# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.signatures.types import TypeReader
from typing import Any

VALUES: Any

def keep(value: Any, reader: Any=None) -> Any:
    "Write a value as JSON data, as `encode` does, with DSPy's own types at any depth."

def check_kept(data: Any, path: str, definitions: dict[Any, Any]) -> None:
    "Raise `BundleError` unless `data` is a value this module could have written."

def restore(data: Any, classes: dict[Any, Any]) -> Any:
    "Rebuild the value that `keep` wrote; raises the error of a class that does not take its values."

def write_kept(data: Any) -> str:
    "Write a value as the expression one would type."

class _Demos(TypeReader):
    "Reads the values of demos; it begins with the classes that the signature names."
    def __init__(self, reader: Any) -> None:
        ...
    def define(self, cls: Any) -> Any:
        ...
    definitions: Any
    names: Any

SETTINGS: Any

LM_SETTINGS: Any

CONFIG: Any

@dataclass(frozen=True)
class _Kind:
    "How one of DSPy's modules is read and built."
    parts: tuple[Any, ...] = ...
    arguments: tuple[Any, ...] = ...
    functions: tuple[Any, ...] = ...
    tools: str = ...
    own: str = ...
    signature: bool = ...
    models: tuple[Any, ...] = ...

KINDS: Any

def class_path(cls: type[Any]) -> str:
    "Write the import path of a class."

class _Program:
    "Reads a module and its parts into nodes."
    def __init__(self) -> None:
        ...
    def read(self, module: Any, path: Any) -> Any:
        ...
    def parts(self, module: Any, kind: Any, where: Any) -> Any:
        ...
    def read_class(self, module: Any, where: Any) -> Any:
        ...
    def read_state(self, predictor: Any, path: Any) -> Any:
        ...
    def read_kind(self, module: Any, kind: Any, path: Any) -> Any:
        "Read what one of DSPy's modules has besides its parts."
    def number(self, value: Any, path: Any) -> Any:
        ...
    def read_tool(self, tool: Any, path: Any) -> Any:
        ...
    def name_function(self, function: Any, path: Any) -> Any:
        ...
    seen: Any
    functions: Any

@dataclass(frozen=True, eq=False)
class ProgramSpec:
    "The structure of a program and what it has learned, as data; raises `ToolkitError` for a name that is none."
    name: str
    root: dict[Any, Any]
    def __post_init__(self) -> None:
        ...
    @classmethod
    def from_dspy(cls, module: Any, name: str | None=None) -> ProgramSpec:
        "Read a program; raises `UnsupportedType`, naming the part, for what cannot be kept."
    @property
    def kind(self) -> str:
        "The class of the program, without its module."
    def __eq__(self, other: Any) -> Any:
        ...
    def __hash__(self) -> Any:
        ...
    def __repr__(self) -> str:
        ...
    @property
    def predictors(self) -> dict[Any, Any]:
        "By path: its signature now, the base a person wrote, demos, config, fields, calibration, lm, is it frozen, and the path of its module."
    @property
    def signatures(self) -> dict[Any, Any]:
        "The signatures a person wrote: path of a predictor -> base."
    @property
    def tools(self) -> list[Any]:
        "The names of the tools that `to_dspy` needs."
    @property
    def functions(self) -> list[Any]:
        "The names of the functions that `to_dspy` needs."
    @property
    def imports(self) -> list[Any]:
        "The import paths of the classes that `to_dspy` needs."
    def to_json(self) -> dict[Any, Any]:
        "The program as JSON data."
    @property
    def digest(self) -> str:
        "SHA-256, in hex, of what the program means."
    @classmethod
    def from_json(cls, data: Any) -> ProgramSpec:
        "Read the JSON form, checking all of it; raises `BundleError`."
    def to_dspy(self, tools: dict[Any, Any] | None=None, functions: dict[Any, Any] | None=None, allow: Any=..., types: dict[Any, Any] | None=None, lm: Any=None, namespace: dict[Any, Any] | None=None) -> Any:
        "Rebuild the program; raises `ToolkitError`, before it imports or builds anything, when the caller did not pass what it needs."

FORMAT: int

class _Maker:
    "Builds modules from nodes, with the code that the caller passed."
    def __init__(self, name: Any, tools: Any, functions: Any, allow: Any, types: Any, lm: Any, namespace: Any) -> None:
        ...
    def allows(self, path: Any) -> Any:
        ...
    def check(self, root: Any) -> None:
        "Raise unless the caller passed everything that is needed; imports nothing."
    def need(self, what: Any, argument: Any, name: Any, given: Any, path: Any) -> None:
        ...
    def refuse_class(self, path: Any) -> None:
        ...
    def custom(self, node: Any, path: Any) -> Any:
        "Make an instance of a class that the caller allowed."
    def import_class(self, path: Any) -> Any:
        ...
    def make(self, node: Any, path: Any) -> Any:
        "Build one module and its parts."
    def arguments(self, node: Any, kind: Any, path: Any) -> Any:
        "The arguments for the constructor of one of DSPy's modules."
    def find_given_signature(self, node: Any) -> Any:
        ...
    def tool(self, kept: Any, path: Any) -> Any:
        ...
    def function(self, name: Any, path: Any) -> Any:
        "Return a function that the caller passed; it gets the name that was saved."
    def model(self, kept: Any) -> Any:
        "Make the LM of a name with the saved settings; equal ones share one object, as DSPy's BestOfN needs."
    def put(self, module: Any, node: Any, path: Any, made: Any=...) -> None:
        "Give a module and its parts the saved state."
    def put_part(self, part: Any, path: Any, module: Any, holder: Any, key: Any) -> Any:
        ...
    def refuse_part(self, module: Any, path: Any) -> None:
        ...
    def put_state(self, predictor: Any, state: Any, path: Any) -> None:
        "Give a predictor its signature, its demos and its settings."
    def model_of(self, kept: Any, made: Any) -> Any:
        "The LM of a predictor; without `lm`, the one that its constructor made, if that has the saved name."
    name: Any
    tools: Any
    functions: Any
    types: Any
    lm: Any
    lms: Any
    namespace: Any
    makers: Any
    names: Any
