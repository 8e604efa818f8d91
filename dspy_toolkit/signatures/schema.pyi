# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class _ExactValues:
    "Methods of pydantic's schema generator, made to describe exactly what the validator takes."
    def decimal_schema(self, schema: Any) -> Any:
        "A number, or what pydantic itself writes: a text, which keeps every digit. `x-decimal` holds the limits as they are."

class _ExactKeys:
    "The same for the keys of a dict."
    known: Any
    def definitions_schema(self, schema: Any) -> Any:
        ...
    def dict_schema(self, schema: Any) -> Any:
        ...

class _ExactTexts:
    "The same for values that JSON writes as text or number: bytes, Enums, complex numbers and URLs."
    def union_schema(self, schema: Any) -> Any:
        ...
    def enum_schema(self, schema: Any) -> Any:
        ...
    def complex_schema(self, schema: Any) -> Any:
        ...
    def url_schema(self, schema: Any) -> Any:
        ...
    def multi_host_url_schema(self, schema: Any) -> Any:
        ...
    def generate_inner(self, schema: Any) -> Any:
        ...

class _ExactPaths:
    "The same for fields with an `AliasPath`."

class _Dialects:
    "Methods of pydantic's schema generator that mark the patterns which Python reads."
    regex_engine: str
    def model_schema(self, schema: Any) -> Any:
        ...
    def dataclass_schema(self, schema: Any) -> Any:
        ...
    def typed_dict_schema(self, schema: Any) -> Any:
        ...
    def str_schema(self, schema: Any) -> Any:
        ...

class _ExactTimes:
    "Methods of pydantic's schema generator, made exact for dates, times and durations."
    def date_schema(self, schema: Any) -> Any:
        ...
    def time_schema(self, schema: Any) -> Any:
        ...
    def datetime_schema(self, schema: Any) -> Any:
        ...
    def timedelta_schema(self, schema: Any) -> Any:
        "Describe a duration with limits: a number of seconds, or a text as pydantic writes it."

def as_signature(signature: Any) -> Any:
    "Return a `dspy.Signature` as it is, or make the one that a spec describes."

def output_schema(signature: Any) -> dict[Any, Any]:
    "Write the JSON Schema of an answer: every output, in order, and nothing else; raises `UnsupportedType` for what has no JSON form."

def input_schema(signature: Any) -> dict[Any, Any]:
    "Write the JSON Schema of the inputs; those with a default may be left out."

def read_outputs(signature: Any, data: dict[Any, Any]) -> dict[Any, Any]:
    "Turn an answer's JSON into the values of the outputs; raises `ValueError` for what does not fit."

class Spelt(float):
    "A number of JSON that knows how it was written; `json.loads(text, parse_float=Spelt)` makes them."
    def __new__(cls, text: Any) -> Any:
        ...

def read_texts(signature: Any, texts: dict[Any, Any]) -> dict[Any, Any]:
    "Turn the sections of an answer in DSPy's chat layout into the values of the outputs; raises `ValueError` for what does not fit."

def check_inputs(signature: Any, values: dict[Any, Any]) -> dict[Any, Any]:
    "Check that a call gives what the signature takes; raises `InputError`."

def check_outputs(signature: Any, values: dict[Any, Any]) -> dict[Any, Any]:
    "Check values of outputs; raises `InputError`."

def make_fitters(signature: Any) -> dict[Any, Any]:
    "Make the functions that fit written values to the fields of a signature."
