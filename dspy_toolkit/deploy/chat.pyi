# Made by `make export` from the modules: edit the notebooks.
from dspy.lm15 import Request
from dspy_toolkit.deploy.routes import Routes
from pydantic import BaseModel
from typing import Any
from typing import Literal

class Part(BaseModel):
    "A piece of a message."
    type: Literal['text']
    text: str

class Function(BaseModel):
    "A call of a tool."
    name: str
    arguments: str = ...

class ToolCall(BaseModel):
    "A call that an earlier message made."
    id: str
    type: Literal['function'] = ...
    function: Function

class ChatMessage(BaseModel):
    "One message of a conversation."
    role: Literal['system', 'developer', 'user', 'assistant', 'tool']
    content: str | list[Part] | None = ...
    tool_calls: list[ToolCall] | None = ...
    tool_call_id: str | None = ...
    @property
    def text(self) -> str:
        ...

class ToolFunction(BaseModel):
    "What a tool is called, and what it takes."
    name: str = ...
    description: str | None = ...
    parameters: dict[Any, Any] = ...

class Tool(BaseModel):
    "A tool that the model may call."
    type: Literal['function'] = ...
    function: ToolFunction

class NamedFunction(BaseModel):
    "The name of a tool."
    name: str

class NamedTool(BaseModel):
    "The tool that must be called."
    type: Literal['function']
    function: NamedFunction

class JSONSchema(BaseModel):
    "A schema for the answer."
    name: str = ...
    schema_: dict[Any, Any] = ...

class ResponseFormat(BaseModel):
    "What the answer must look like."
    type: Literal['text', 'json_object', 'json_schema']
    json_schema: JSONSchema | None = ...

class StreamOptions(BaseModel):
    "What a stream tells besides."
    include_usage: bool = ...

class ChatRequest(BaseModel):
    "The body of a request for a chat completion."
    model: str
    messages: list[ChatMessage] = ...
    stream: bool = ...
    stream_options: StreamOptions | None = ...
    response_format: ResponseFormat | None = ...
    tools: list[Tool] | None = ...
    tool_choice: Literal['none', 'auto', 'required'] | NamedTool | None = ...
    max_tokens: int | None = ...
    max_completion_tokens: int | None = ...
    temperature: float | None = ...
    top_p: float | None = ...
    stop: str | list[str] | None = ...
    seed: int | None = ...
    n: int | None = ...

def read_chat(body: bytes) -> ChatRequest:
    "Read the body of a request; raises `Problem`."

def make_request(chat: ChatRequest) -> Request:
    "Make DSPy's request of one of OpenAI's; raises `Problem`."

def make_inputs(chat: ChatRequest, contract: Any) -> dict[Any, Any]:
    "Read the inputs of a program from the last message; raises `Problem`."

def find_text_output(contract: Any) -> str | None:
    "Find the output that is the text of a message: the only one besides the reasoning, where it is text."

def write_message(outputs: dict[Any, Any], contract: Any) -> dict[Any, Any]:
    "Write the outputs of a program as a message."

def write_completion(chat: ChatRequest, message: dict[Any, Any], finish: str, usage: dict[Any, Any], id: str) -> dict[Any, Any]:
    "Write a chat completion."

async def ask_model(lm: Any, request: Request) -> Any:
    "Ask a model; one without an asynchronous engine answers on a thread."

class _Chunks:
    "Writes the events of one completion."
    def __init__(self, chat: Any, id: Any) -> None:
        ...
    def __call__(self, item: Any) -> Any:
        ...
    chat: Any
    id: Any
    begun: Any
    with_usage: Any

class _Sender:
    "Takes the pieces of a model's answer, as DSPy sends them."
    def __init__(self, put: Any) -> None:
        ...
    async def send(self, chunk: Any) -> None:
        ...
    put: Any
    sent: Any

def find_model(routes: Routes, scope: dict[Any, Any], name: str) -> Any:
    "Find the program or the model of a request; raises `Problem`."

def add_chat(app: Any, routes: Routes) -> None:
    "Add the routes to an application."
