# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any
import contextlib

def configuration() -> Any:
    "Give the module in which DSPy keeps its configuration, and who may change it. Read from DSPy 3.4.1."

def may_configure() -> bool:
    "Say whether this thread may call `dspy.configure` and take nobody's place; at first the main thread may. Read from DSPy 3.4.1."

@contextlib.contextmanager
def ownerless() -> Iterator[Any]:
    "Leave open who may configure DSPy, where it was open, whatever is configured inside the block. Read from DSPy 3.4.1."

def process_callbacks() -> list[Any]:
    "Give the callbacks of the process; `dspy.settings` shows those of a `dspy.context` around. Read from DSPy 3.4.1."

def override(**settings: Any) -> Any:
    "Let settings hold in this thread or task alone, until they are taken back. Read from DSPy 3.4.1."

def take_back(token: Any) -> None:
    "End what `override` has set. Read from DSPy 3.4.1."

def error_classes() -> Any:
    "Give DSPy's classes of errors, without importing them. Read from DSPy 3.4.1."

def translate_error(error: Exception) -> Exception:
    "Give what DSPy makes of an error of an engine. Read from DSPy 3.4.1."

def is_retryable(error: Exception) -> bool:
    "Say whether DSPy thinks that a model may answer when asked again. Read from DSPy 3.4.1."

def was_retried_by_lm(error: Exception) -> bool:
    "Say whether an error comes out of the retries of a `dspy.LM`. Read from DSPy 3.4.1."

def keep_out_of_cache() -> None:
    "Have DSPy not cache the answer of the call that runs; outside of a call nothing happens. Read from DSPy 3.4.1."

def watch_stream() -> Any:
    "Watch whether calls inside the block show a part of their answer. Read from DSPy 3.4.1."

def is_lm(thing: Any) -> bool:
    "Say whether something is an LM of DSPy, without importing DSPy. Read from DSPy 3.4.1."

def async_engine_of(lm: Any) -> Any:
    "Give the async engine of an LM. Read from DSPy 3.4.1."

def choose_async_engine(lm: Any, request: Any) -> tuple[Any, ...]:
    "Choose an engine as DSPy itself would for an async call. Read from DSPy 3.4.1."

def dump_engine(engine: Any) -> dict[Any, Any]:
    "Write down what DSPy needs to make an engine again. Read from DSPy 3.4.1."

def load_engine(record: dict[Any, Any]) -> Any:
    "Make an engine again; for a record that the caller trusts. Read from DSPy 3.4.1."

def provider_keys() -> dict[Any, Any]:
    "Give the providers that DSPy's native engine knows. Read from DSPy 3.4.1."

def knows_route(name: str) -> bool:
    "Say whether DSPy's native engine knows where to send requests for a model. Read from DSPy 3.4.1."

def call_history() -> list[Any]:
    "Give the calls that DSPy remembers; none where DSPy is not loaded. Read from DSPy 3.4.1."

def is_example(thing: Any) -> bool:
    "Say whether something keeps its fields as `dspy.Example` does. Read from DSPy 3.4.1."

def read_fields(example: Any) -> dict[Any, Any]:
    "Give all fields of an example, those that DSPy keeps there for itself included. Read from DSPy 3.4.1."

def read_input_keys(example: Any) -> set[Any] | None:
    "Give the names of the fields that are inputs. Read from DSPy 3.4.1."

def is_compiled(module: Any) -> bool:
    "Say whether optimisers leave a module alone. Read from DSPy 3.4.1."

def mark_compiled(module: Any, compiled: bool) -> None:
    "Have optimisers leave a module alone, or not. Read from DSPy 3.4.1."

def interpreter_factory(module: Any) -> Any:
    "Give what makes the interpreter of a module. Read from DSPy 3.4.1."

RLM_TOOLS: str

class AdapterSteps:
    "Steps of a `dspy.Adapter` under public names; stands before the adapter among the bases of a class. Read from DSPy 3.4.1."
    def prepare_call(self, lm: Any, lm_kwargs: Any, signature: Any, inputs: Any) -> Any:
        "Complete what DSPy has prepared for a call; may change `lm_kwargs`."
    def plans_response_format(self, lm: Any) -> bool:
        "Say whether DSPy's `JSONAdapter` chooses the form of the answer."
    def tool_input(self, signature: Any) -> str | None:
        "Give the name of the input that holds the tools."

def measures_decisions(program: Any) -> bool:
    "Say whether a program has a `Choice`, `Score` or `Noul` as an output, which DSPy refuses to stream. Read from DSPy 3.4.1."
