# Made by `make export` from the modules: edit the notebooks.
from collections.abc import AsyncIterator
from collections.abc import Iterator
from dataclasses import dataclass
from dspy.lm15 import Request
from dspy.lm15 import Response
from dspy_toolkit.engine.tools import Abilities
from dspy_toolkit.engine.worker import Generation
from dspy_toolkit.engine.worker import Job
from typing import Any
import dspy
import logging

def generation(request: Request) -> Generation:
    "Translate a request for a worker; raises `UnsupportedFeatureError` for a feature that no mlx/ model has."

@dataclass
class _Served:
    "The parts of a response."
    parts: list[Any]
    finish_reason: str
    logprobs: tuple[Any, ...] = ...
    extra: dict[Any, Any] = ...
    noted: tuple[Any, ...] = ...

class _Shared:
    "The workers by model and options, and the engines that use each."
    def __init__(self) -> None:
        ...
    def join(self, key: Any, make: Any, engine: Any) -> Any:
        ...
    def leave(self, key: Any, worker: Any, user: Any, timeout: Any=10.0) -> None:
        ...
    lock: Any
    workers: Any
    users: Any

class _Engine:
    "The part that both engines share."
    supports_response_schema: bool
    supports_grammar: bool
    supports_prefill: bool
    publishes_first_token: bool
    def __init__(self, model: str='mlx/tiny', slots: int=8, queue_limit: int=1024, timeout: float | None=None, prefix_bytes: int=..., adapter_path: str | None=None, kv_bits: int | None=None, isolate: bool=False, rerun: bool=False, memory_limit: int | None=None) -> None:
        ...
    @property
    def abilities(self) -> Abilities:
        "What this model can do besides writing text."
    @property
    def context_window(self) -> int | None:
        "The tokens that the model can hold, prompt and answer together; None while its files are not on this machine."
    @property
    def supports_function_calling(self) -> bool:
        ...
    @property
    def supports_reasoning(self) -> bool:
        ...
    @property
    def supports_weighing(self) -> bool:
        ...
    @property
    def prefers_short_layout(self) -> bool:
        ...
    @property
    def supported_params(self) -> frozenset[str]:
        ...
    def clear_caches(self) -> int:
        "Let go of what can be computed again; what `warm` read stays."
    def restart(self, timeout: float | None=None) -> None:
        "Load the model anew. Requests that are being answered end with an error that may be retried, those in the queue are kept."
    def warm(self, program: dspy.Module | type[dspy.Signature] | None=None, adapter: dspy.Adapter | None=None) -> int:
        'Load the model now.\n\nWith `program`, its instructions and demos are read before the first call, and stay in memory however many other prompts come.'
    def stats(self) -> dict[Any, Any]:
        'Report what the engine holds, and how well the prefix cache works.\n\nThe keys are `kv_bytes`, `prefix_bytes`, `prefix_hits`, `prefix_misses`, `prefix_tokens_spared`, `state` and those of the queue;\nbefore the model is loaded there are only the last two.'
    def dump_state(self) -> dict[Any, Any]:
        "Give what another process needs to find the model; a folder is written as a full path."
    @classmethod
    def load_state(cls, state: dict[Any, Any]) -> Any:
        ...
    def __deepcopy__(self, memo: Any) -> Any:
        ...
    model: str
    source: Any
    options: Any
    worker: Any

def check_answer(schema: dict[Any, Any] | bool, text: str) -> str:
    "Describe how an answer does not fit its schema."

class _SaidAlready(logging.Filter):
    "Drops DSPy's warning about a cut answer when ours came just before."
    def filter(self, record: Any) -> Any:
        ...

def warn_of_cut(model: str, fields: list[str], tokens: int) -> None:
    "Warn that an answer was closed early, and name the fields that were cut."

def warn_of_untyped(model: str, messages: Any, schema: Any) -> None:
    "Warn, once in a process, when a prompt asks for typed outputs without a schema."

class _Call:
    "One request in an engine: its generations, answers and response."
    def __init__(self, engine: Any, request: Any) -> None:
        ...
    def submit(self, asked: Generation, streaming: Any=False) -> Job:
        "Submit a generation to the worker, with the time that earlier steps left."
    def response(self, served: _Served) -> Response:
        ...
    @property
    def cut_fields(self) -> list[str]:
        "The fields that were cut in the last answer."
    @property
    def invalid(self) -> str:
        "How the last answer does not fit a relaxed schema; '' for a signature's outputs, which pydantic checks."
    @property
    def usage(self) -> Any:
        "The tokens of all steps together."
    def extra(self, more: Any=None) -> Any:
        "Collect the figures that have no place in Usage."
    engine: Any
    request: Any
    jobs: Any
    answers: Any
    can: Any
    asked: Any
    until: Any

class _Events:
    "Turns the pieces of a job into the events of a stream."
    def __init__(self, call: Any) -> None:
        ...
    def start(self) -> Any:
        ...
    def of(self, piece: Any) -> Iterator[Any]:
        ...
    def end(self, answer: Any) -> Iterator[Any]:
        ...
    call: Any
    reader: Any
    kind: Any
    index: Any
    held: Any

class MLXEngine(_Engine):
    "DSPy's engine over an MLX model, in this process or in a child."
    def complete(self, request: Request) -> Response:
        "Answer a request. An interrupt of the waiting thread stops it."
    def stream(self, request: Request) -> Iterator[Any]:
        "Yield a start event, then thinking, text and tool calls as they come, then an end event. Leaving the loop early stops the request."
    def close(self) -> None:
        "Release the model; it is freed when no other engine uses it. A second call does nothing."

class AsyncMLXEngine(_Engine):
    "DSPy's async engine over an MLX model, in this process or in a child."
    async def complete(self, request: Request) -> Response:
        "Answer a request. Cancelling the task stops it."
    def stream(self, request: Request) -> AsyncIterator[Any]:
        "Yield a start event, then thinking, text and tool calls as they come, then an end event. Leaving the loop early stops the request."
    async def aclose(self) -> None:
        "Release the model; it is freed when no other engine uses it. A second call does nothing."

def lm(name: str | None=None, **kwargs: Any) -> dspy.LM:
    'Make a language model for DSPy. An mlx/ model is loaded at its first request.\n\nRaises `ModelNotAvailable` for a model that does not exist, and `InputError` for a name that no provider serves.'

def make_lm(kind: type[Any], name: str | None=None, **kwargs: Any) -> Any:
    "Make a language model of a given class; otherwise like `lm`."
