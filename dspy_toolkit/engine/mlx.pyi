# Made by `make export` from the modules: edit the notebooks.
from collections.abc import AsyncIterator
from collections.abc import Iterator
from dataclasses import dataclass
from dspy.lm15 import Request
from dspy.lm15 import Response
from dspy_toolkit.engine.tools import Abilities
from dspy_toolkit.engine.worker import Generation
from dspy_toolkit.engine.worker import Job
from pathlib import Path
from typing import Any
import dspy
import logging

def generation(request: Request) -> Generation:
    "What a request asks of a model; raises `UnsupportedFeatureError` for what these models do not have."

@dataclass
class _Served:
    "What a response is made of."
    parts: list[Any]
    finish_reason: str
    logprobs: tuple[Any, ...] = ...
    extra: dict[Any, Any] = ...
    noted: tuple[Any, ...] = ...

class _Shared:
    "Workers by model and options, and the engines that use them."
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
    "What the two engines have in common."
    supports_response_schema: bool
    supports_grammar: bool
    supports_prefill: bool
    publishes_first_token: bool
    def __init__(self, model: str='mlx/tiny', slots: int=8, queue_limit: int=1024, timeout: float | None=None, prefix_bytes: int=..., adapter_path: str | None=None, kv_bits: int | None=None) -> None:
        ...
    def warm(self, program: dspy.Module | type[dspy.Signature] | None=None, adapter: dspy.Adapter | None=None) -> int:
        "Load the model now.\n\nA compiled program's instructions and demos are then read before the first call, and stay in memory however many other prompts come."
    def stats(self) -> dict[Any, Any]:
        'Say what is held, and how the prefix cache does.\n\nThe keys are `kv_bytes`, `prefix_bytes`, `prefix_hits`, `prefix_misses`, `prefix_tokens_spared`, `state` and those of the queue;\nbefore the model is loaded only the last two.'
    @property
    def abilities(self) -> Abilities:
        "What this model can do beside writing text."
    @property
    def context_window(self) -> int | None:
        "Tokens the model holds, prompt and answer together; None while its files are not on this machine."
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
    def supported_params(self) -> frozenset[str]:
        ...
    def dump_state(self) -> dict[Any, Any]:
        "What another process needs to find the model; a folder is written in full."
    @classmethod
    def load_state(cls, state: dict[Any, Any]) -> Any:
        ...
    def __deepcopy__(self, memo: Any) -> Any:
        ...
    model: str
    source: Any
    options: Any
    worker: Any

class _SaidAlready(logging.Filter):
    "Keeps DSPy from saying what was said in the line before."
    def filter(self, record: Any) -> Any:
        ...

def check_answer(schema: dict[Any, Any] | bool, text: str) -> str:
    "Say in which way an answer does not fit its schema."

def warn_of_cut(model: str, fields: list[str], tokens: int) -> None:
    "Say that an answer was closed for want of room, and what of it was cut."

def warn_of_untyped(model: str, messages: Any, schema: Any) -> None:
    "Warn, once in a process, when typed outputs are asked for without a schema."

class _Call:
    "A request on its way through an engine."
    def __init__(self, engine: Any, request: Any) -> None:
        ...
    def submit(self, asked: Generation, streaming: Any=False) -> Job:
        "Ask the worker; what earlier steps took is missing from the time."
    def response(self, served: _Served) -> Response:
        ...
    @property
    def invalid(self) -> str:
        "In which way the last answer does not fit a schema that was relaxed. Of a signature's outputs, pydantic is the judge."
    @property
    def cut_fields(self) -> list[str]:
        "The fields of the last answer that were cut."
    @property
    def usage(self) -> Any:
        "Of all steps together."
    def extra(self, more: Any=None) -> Any:
        "What Usage has no place for."
    engine: Any
    request: Any
    jobs: Any
    answers: Any
    can: Any
    asked: Any
    until: Any

class _Events:
    "Turns pieces into the events of a stream."
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
    "DSPy's engine over an MLX model in this process."
    def complete(self, request: Request) -> Response:
        "One answer. An interrupt of the waiting thread stops the request."
    def stream(self, request: Request) -> Iterator[Any]:
        "A start event, thinking, text and tool calls as they come, an end event. Leaving the loop early stops the request."
    def close(self) -> None:
        "Let go of the model; it is freed when no other engine uses it. The second time does nothing."

class AsyncMLXEngine(_Engine):
    "DSPy's async engine over an MLX model in this process."
    async def complete(self, request: Request) -> Response:
        "One answer. Cancelling the task stops the request."
    def stream(self, request: Request) -> AsyncIterator[Any]:
        "A start event, thinking, text and tool calls as they come, an end event. Leaving the loop early stops the request."
    async def aclose(self) -> None:
        "Let go of the model; it is freed when no other engine uses it. The second time does nothing."

def fingerprint(*folders: Path | None) -> str:
    "Digest a model's files: their content where they are small, else their names, sizes and times."

def lm(name: str | None=None, **kwargs: Any) -> dspy.LM:
    "Make a language model for DSPy. An mlx/ model is loaded when it is first asked.\n\nRaises `ModelNotAvailable` for a model that isn't there, and `InputError` for a name that nobody serves."

def make_lm(kind: type[Any], name: str | None=None, **kwargs: Any) -> Any:
    "Make a language model of a class of one's own; otherwise as `lm`."
