# Made by `make export` from the modules: edit the notebooks.
from dspy.adapters.chat_adapter import ChatAdapter
from dspy.adapters.json_adapter import JSONAdapter
from dspy_toolkit.core.dspy_internals import AdapterSteps
from typing import Any

class FieldReader:
    "Splits the text of a JSON object into its fields while the text arrives."
    def __init__(self) -> None:
        ...
    def feed(self, text: str) -> list[tuple[str, str, bool]]:
        "Read more text, and give the pieces of fields in it."
    field: Any

class SectionReader:
    "Splits an answer in DSPy's chat layout into its fields while the text arrives."
    def __init__(self) -> None:
        ...
    def feed(self, text: str) -> list[tuple[str, str, bool]]:
        "Read more text, and give the pieces of fields in it."
    field: Any

class _FieldStream:
    "Takes the place of DSPy's stream during one call, and sends pieces of fields instead of chunks."
    def __init__(self, stream: Any, listeners: Any, adapter: Any) -> None:
        ...
    async def send(self, value: Any) -> None:
        ...
    stream: Any
    listeners: Any
    adapter: Any
    reader: Any
    held: Any

class _Grammatical(AdapterSteps):
    "An adapter of DSPy that sends the schema of the outputs to engines that take grammars."
    reader: Any
    words: Any
    reads_seams: bool
    weighs: bool
    corrected: Any
    confidences: Any
    layout: str
    def fit_model(self, lm: Any) -> Any:
        "Give the adapter as it writes for a model."
    def choose_layout(self, lm: Any) -> str:
        "Choose the layout of the prompts for a model."
    def prepare_call(self, lm: Any, lm_kwargs: Any, signature: Any, inputs: Any) -> Any:
        ...
    def format(self, signature: Any, demos: Any, inputs: Any) -> Any:
        ...
    def format_finetune_data(self, signature: Any, demos: Any, inputs: Any, outputs: Any) -> Any:
        "Write a call as a conversation to learn from: the prompt, and the answer that `parse` reads."
    def __call__(self, lm: Any, lm_kwargs: Any, signature: Any, demos: Any, inputs: Any) -> Any:
        ...
    async def acall(self, lm: Any, lm_kwargs: Any, signature: Any, demos: Any, inputs: Any) -> Any:
        ...
    def can_weigh(self, lm: Any, lm_kwargs: dict[Any, Any]) -> bool:
        "Say whether a call can have the probabilities of its choices measured."
    def plan_choices(self, lm: Any, lm_kwargs: dict[Any, Any], signature: Any, demos: Any) -> Any:
        "Find out which choices are measured in a call, and how they are corrected."
    def read_choices(self, data: dict[Any, Any]) -> dict[Any, Any]:
        "Replace evidence in an answer by the label that is chosen, and note how sure it is."
    def spell_choice(self, name: str, text: str) -> str:
        "Write the label that is chosen, for who reads an answer while it arrives; a text that is no evidence stays as it is."
    def finish_call(self, answers: list[Any]) -> list[Any]:
        "Add to each answer how sure its choices are."

LAYOUTS: Any

class _ShortLayout:
    "Writes short prompts for models whose answers are held to a grammar, and DSPy's for all others."
    layout: Any
    def choose_layout(self, lm: Any) -> str:
        "Choose the layout: the one that was asked for, for a model whose answers are held to a grammar; else DSPy's."
    def format_system_message(self, signature: Any) -> Any:
        "Write the system message; outputs that have no schema get DSPy's."
    def format_user_message_content(self, signature: Any, inputs: Any, prefix: Any='', suffix: Any='', main_request: Any=False) -> Any:
        "Write the inputs of a call or of a demo."

class GrammarAdapter(_ShortLayout, _Grammatical, JSONAdapter):
    "DSPy's `JSONAdapter`, with the outputs' whole schema for engines that take grammars, and with a short prompt where that is better.\n\nRaises `InputError` for a layout that is not there."
    def __init__(self, *args: Any, layout: str | None=None, **kwargs: Any) -> None:
        ...
    def plans_response_format(self, lm: Any) -> Any:
        ...
    def __call__(self, lm: Any, lm_kwargs: Any, signature: Any, demos: Any, inputs: Any) -> Any:
        ...
    async def acall(self, lm: Any, lm_kwargs: Any, signature: Any, demos: Any, inputs: Any) -> Any:
        ...
    def format_assistant_message_content(self, signature: Any, outputs: Any, missing_field_message: Any=None) -> Any:
        "Write outputs as one line of JSON."
    def parse(self, signature: Any, completion: Any) -> Any:
        "Read an answer as the annotated types of the outputs; an answer that is not valid JSON goes to `JSONAdapter`."
    layout: str | None

class GrammarChatAdapter(_Grammatical, ChatAdapter):
    "DSPy's `ChatAdapter`, under a grammar for engines that take them."
    reader: Any
    words: Any
    def format_assistant_message_content(self, signature: Any, outputs: Any, missing_field_message: Any=None) -> Any:
        "Write outputs in sections, with values in the form that the grammar requires."
    def parse(self, signature: Any, completion: Any) -> Any:
        "Read an answer as the annotated types of the outputs; an answer not exactly in the layout goes to `ChatAdapter`."
