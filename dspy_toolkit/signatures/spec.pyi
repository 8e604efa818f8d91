# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.signatures.types import TypeReader
from typing import Any

EXTRA: Any

@dataclass(frozen=True, eq=False)
class FieldSpec:
    "One field of a signature, as data."
    name: str
    direction: str
    type: dict[Any, Any] = field(default_factory=...)
    description: str = ...
    default: object = ...
    constraints: dict[Any, Any] = field(default_factory=...)
    extra: dict[Any, Any] = field(default_factory=...)
    def __post_init__(self) -> None:
        ...
    def __eq__(self, other: Any) -> Any:
        ...
    def __hash__(self) -> Any:
        ...
    @property
    def required(self) -> bool:
        "Whether a value must be given."
    @property
    def type_text(self) -> str:
        "The type as one would type it."
    def to_json(self) -> dict[Any, Any]:
        "The field as JSON data; what it does not have is left out."

@dataclass(frozen=True, eq=False)
class SignatureSpec:
    "What a signature means, as data; raises `SignatureError` for a name or for fields that DSPy does not accept."
    name: str
    instructions: str = ...
    fields: tuple[Any, ...] = ...
    definitions: dict[Any, Any] = field(default_factory=...)
    def __post_init__(self) -> None:
        ...
    def __getitem__(self, name: Any) -> Any:
        ...
    def __eq__(self, other: Any) -> Any:
        ...
    def __hash__(self) -> Any:
        ...
    @property
    def inputs(self) -> tuple[Any, ...]:
        "The fields that are given."
    @property
    def outputs(self) -> tuple[Any, ...]:
        "The fields that the model writes."
    @classmethod
    def from_dspy(cls, signature: Any) -> SignatureSpec:
        "Read everything a `dspy.Signature` holds; raises `UnsupportedType`, naming the field, for what cannot be kept."
    def to_dspy(self, types: dict[Any, Any] | None=None, namespace: dict[Any, Any] | None=None) -> Any:
        "Make the `dspy.Signature` that a spec describes; raises `SignatureError` where DSPy or pydantic cannot."
    def to_json(self) -> dict[Any, Any]:
        "The signature as JSON data."
    @property
    def digest(self) -> str:
        "SHA-256, in hex, of what the signature means."
    @classmethod
    def from_json(cls, data: Any) -> SignatureSpec:
        "Read the JSON form, checking all of it; raises `BundleError`."
    def to_source(self) -> str:
        "Write plain Python that defines an equal signature, with the Enums and models it needs; it runs in any process that has DSPy."
    def definitions_source(self, signature: bool=False) -> str:
        "Write plain Python that defines the Enums and models of a signature; empty when it has none."
    def class_source(self) -> str:
        "Write the class alone, with its imports; the Enums and models it names must be in the module that it stands in."
    def to_cell(self) -> str:
        "Write the `%%dspy Signature` cell of this signature; the Enums and models it names must be in the namespace it runs in."

def clean_instructions(text: str) -> str:
    "Remove the indentation of the source from instructions, as DSPy does."

def default_instructions(fields: Any) -> str:
    "Write the sentence that DSPy uses when a signature has no instructions."

def read_field(reader: TypeReader, name: str, info: Any) -> FieldSpec:
    "Read one field of a `dspy.Signature`."

def infer_prefix(name: str) -> str:
    "The prefix DSPy makes from a field's name, as in dspy.signatures.signature."

FORMAT: int

def field_arguments(f: FieldSpec, names: Any=...) -> dict[Any, Any]:
    "Write the keyword arguments of `InputField` or `OutputField` that describe a field."
