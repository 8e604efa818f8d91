# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.schedule import Scheduler
from dspy_toolkit.engine.worker import Admitted
from dspy_toolkit.engine.worker import Generation
from dspy_toolkit.engine.worker import Piece
from typing import Any

def make_scheduler(model: Any, kv_bits: int | None=None, **options: Any) -> Scheduler:
    "The scheduler that serves a model on this machine; measures what its steps cost, where that matters."

class MLXBackend:
    "Drives an mlx-lm model, for a `Worker`."
    def __init__(self, name: str, slots: int=8, prefix_bytes: int=..., chunk: int=512, jump: bool=True, adapter_path: str | None=None, kv_bits: int | None=None) -> None:
        ...
    def load(self) -> int:
        "Load the model, on the calling thread."
    def close(self) -> None:
        "Free the model, and wait until MLX is done."
    def step(self) -> list[Piece]:
        "Read a chunk of the prompts, and feed every row that is ready; those with nothing left to feed get a token."
    def evict(self, uid: int) -> None:
        "Drop a request."
    def stats(self) -> dict[Any, Any]:
        "The bytes of keys and values in memory, and the statistics of the prompt cache."
    def clear_caches(self) -> int:
        "Drop the prompt cache, and the memory that MLX keeps for later arrays."
    def encode_prompt(self, messages: tuple[dict[Any, Any], ...], tools: tuple[dict[Any, Any], ...]=..., thinking: bool=False) -> list[int]:
        "The tokens of a conversation up to the model's answer, without those of an answer that the caller began."
    def admit(self, uid: int, generation: Generation) -> Admitted:
        'Take a request.\n\nRaises `ContextLengthError` for one that does not fit into the model,\n`InvalidRequestError` for an answer begun that does not fit its schema.'
    def preparation(self, generation: Generation) -> Any:
        "Reading and compiling a schema, unless that was done before."
    name: str
    slots: int
    chunk: int
    jump: bool
    adapter_path: str | None
    kv_bits: int | None
    prompt_cache: Any
    loaded: Any
    chat: Any
    vocabulary: Any
    scheduler: Any
