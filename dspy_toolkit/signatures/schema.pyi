# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class _Exact:
    "Methods of a pydantic schema generator that say what the validator takes."
    def decimal_schema(self, schema: Any) -> Any:
        "A number, or what pydantic itself writes: a text, which keeps every digit. `x-decimal` holds the limits as they are."
    def definitions_schema(self, schema: Any) -> Any:
        ...
    known: Any
    def dict_schema(self, schema: Any) -> Any:
        ...
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

class _Dialects:
    "The same for patterns: which of them are read by Python."
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
    "The same for what pydantic knows of time."
    def date_schema(self, schema: Any) -> Any:
        ...
    def time_schema(self, schema: Any) -> Any:
        ...
    def datetime_schema(self, schema: Any) -> Any:
        ...
    def timedelta_schema(self, schema: Any) -> Any:
        "A constrained one is a number of seconds, or a duration as pydantic writes it."

def as_signature(signature: Any) -> Any:
    "The `dspy.Signature` that either of the two stands for."

def output_schema(signature: Any) -> dict[Any, Any]:
    "What an answer looks like as JSON: every output, in order, and nothing else; raises `UnsupportedType` for what has no JSON form."

def input_schema(signature: Any) -> dict[Any, Any]:
    "What the inputs look like as JSON; those with a default may be left out."

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
