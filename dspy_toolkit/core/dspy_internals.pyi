# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any
import contextlib

def configuration() -> Any:
    "Give the module in which DSPy keeps its configuration, and who may change it. Read from DSPy 3.4.1."

def may_configure() -> bool:
    "Say whether this thread may call `dspy.configure`: the owner, or the main thread if there is none. Read from DSPy 3.4.1."

@contextlib.contextmanager
def ownerless() -> Iterator[Any]:
    "Configure DSPy inside the block without becoming the owner of its configuration. Read from DSPy 3.4.1."

def process_callbacks() -> list[Any]:
    "Give the callbacks of the process; `dspy.settings` shows those of the current `dspy.context`. Read from DSPy 3.4.1."

def override(**settings: Any) -> Any:
    "Override settings in this thread or task only, until `take_back`. Read from DSPy 3.4.1."

def take_back(token: Any) -> None:
    "Undo an `override`. Read from DSPy 3.4.1."

def error_classes() -> Any:
    "Give DSPy's classes of errors, without importing them. Read from DSPy 3.4.1."

def translate_error(error: Exception) -> Exception:
    "Translate an error of an engine as DSPy does. Read from DSPy 3.4.1."

def is_retryable(error: Exception) -> bool:
    "Say whether DSPy thinks that a retry may help. Read from DSPy 3.4.1."

def was_retried_by_lm(error: Exception) -> bool:
    "Say whether a `dspy.LM` raised this error after its own retries. Read from DSPy 3.4.1."

def keep_out_of_cache() -> None:
    "Keep the answer of the running call out of DSPy's cache; outside of a call nothing happens. Read from DSPy 3.4.1."

def watch_stream() -> Any:
    "Watch whether calls inside the block show a part of their answer. Read from DSPy 3.4.1."

def is_lm(thing: Any) -> bool:
    "Say whether something is an LM of DSPy, without importing DSPy. Read from DSPy 3.4.1."

def async_engine_of(lm: Any) -> Any:
    "Give the async engine of an LM. Read from DSPy 3.4.1."

def choose_async_engine(lm: Any, request: Any) -> tuple[Any, ...]:
    "Choose an engine as DSPy itself would for an async call. Read from DSPy 3.4.1."

def dump_engine(engine: Any) -> dict[Any, Any]:
    "Give the data from which DSPy can make an engine again. Read from DSPy 3.4.1."

def load_engine(record: dict[Any, Any]) -> Any:
    "Make an engine from its data; only for a record that the caller trusts. Read from DSPy 3.4.1."

def provider_keys() -> dict[Any, Any]:
    "Give the providers that DSPy's native engine knows. Read from DSPy 3.4.1."

def knows_route(name: str) -> bool:
    "Say whether DSPy's native engine knows where to send requests for a model. Read from DSPy 3.4.1."

def choose_engine(lm: Any, request: Any) -> tuple[Any, ...]:
    "Choose an engine as DSPy itself would for a call that blocks. Read from DSPy 3.4.1."

def price_answer(lm: Any, request: Any, response: Any) -> float | None:
    "Price an answer as DSPy does. Read from DSPy 3.4.1."

def connection_settings(lm: Any) -> list[str]:
    "List the options of an LM that only DSPy's own engines take, such as `api_key`. Read from DSPy 3.4.1."

def engine_of(lm: Any) -> Any:
    "Give the engine that DSPy itself uses for such an LM. Read from DSPy 3.4.1."

def active_call() -> str:
    "Give the id of the innermost call of DSPy that runs here; inside an engine, that of the call to the LM. Read from DSPy 3.4.1."

def request_to_json(request: Any) -> dict[Any, Any]:
    "Write a request as JSON data. Read from DSPy 3.4.1."

def response_to_json(response: Any) -> dict[Any, Any]:
    "Write a response as JSON data, with what the engine says besides. Read from DSPy 3.4.1."

def response_from_json(data: dict[Any, Any]) -> Any:
    "Read a response from JSON data; raises `ValueError`, `TypeError` or `KeyError` for what is none. Read from DSPy 3.4.1."

def call_history() -> list[Any]:
    "Give the calls that DSPy remembers; none where DSPy is not loaded. Read from DSPy 3.4.1."

class CallRecord:
    "What DSPy writes down about one call to an LM, between `begin` and `end`. Read from DSPy 3.4.1."
    def __init__(self, on_first_part: Any=None) -> None:
        ...
    def begin(self) -> None:
        "Stand in the places where DSPy writes, in this thread or task."
    def end(self) -> None:
        "Step back, and let go of all: what refers to itself would wait for the garbage collector, after each call."
    @property
    def streaming(self) -> bool:
        "Does somebody read the answer while it is written?"
    @property
    def entry(self) -> dict[Any, Any]:
        "The history entry of the call; empty where DSPy keeps no history, or the call failed."
    def add_usage(self, model: Any, usage: Any) -> None:
        ...
    async def send(self, part: Any) -> None:
        ...
    def __getattr__(self, name: Any) -> Any:
        ...
    history: Any
    asked_model: Any
    signature: Any

def add_callback(callback: Any) -> None:
    "Add a callback for the whole process, on any thread. Read from DSPy 3.4.1."

def remove_callbacks(kind: type[Any]) -> None:
    "Remove the callbacks of a class, on any thread. Read from DSPy 3.4.1."

def is_example(thing: Any) -> bool:
    "Say whether something keeps its fields as `dspy.Example` does. Read from DSPy 3.4.1."

def read_fields(example: Any) -> dict[Any, Any]:
    "Give all fields of an example, including those that DSPy keeps for itself. Read from DSPy 3.4.1."

def read_input_keys(example: Any) -> set[Any] | None:
    "Give the names of the fields that are inputs. Read from DSPy 3.4.1."

def is_compiled(module: Any) -> bool:
    "Say whether optimisers leave a module alone. Read from DSPy 3.4.1."

def mark_compiled(module: Any, compiled: bool) -> None:
    "Say that optimisers leave a module alone, or not. Read from DSPy 3.4.1."

def interpreter_factory(module: Any) -> Any:
    "Give the function that makes the interpreter of a module. Read from DSPy 3.4.1."

RLM_TOOLS: str

def keep_with_predictor(predictor: Any, name: str, data: Any) -> None:
    "Keep data with a predictor, where DSPy saves, loads and copies it. Read from DSPy 3.4.1."

def read_kept(predictor: Any, name: str) -> Any:
    "Read what is kept with a predictor. Read from DSPy 3.4.1."

def find_caller() -> Any:
    "Give the innermost module that runs here; inside an adapter, the predictor. Read from DSPy 3.4.1."

class AdapterSteps:
    "Steps of a `dspy.Adapter` under public names; a base class, listed before the adapter. Read from DSPy 3.4.1."
    def prepare_call(self, lm: Any, lm_kwargs: Any, signature: Any, inputs: Any) -> Any:
        "Complete what DSPy has prepared for a call; may change `lm_kwargs`."
    def finish_call(self, answers: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
        "Complete what DSPy has read from the answers."
    def plans_response_format(self, lm: Any) -> bool:
        "Say whether DSPy's `JSONAdapter` chooses the form of the answer."
    def tool_input(self, signature: Any) -> str | None:
        "Give the name of the input that holds the tools."

def measures_decisions(program: Any) -> bool:
    "Say whether a program has a `Choice`, `Score` or `Noul` as an output, which DSPy refuses to stream. Read from DSPy 3.4.1."

def is_short_step(job: Any) -> bool:
    "Say whether a job for another thread is a step of a call that takes microseconds. Read from DSPy 3.4.1."
