# Made by `make export` from the modules: edit the notebooks.
from dspy.clients.provider import Provider
from dspy.clients.provider import TrainingJob
from dspy.clients.utils_finetune import TrainingStatus
from dspy_toolkit.engine.lora import LoraSettings
from typing import Any

def read_train_kwargs(given: dict[Any, Any] | None) -> tuple[LoraSettings, dict[Any, Any]]:
    "Read `train_kwargs`; raises `InputError` for one that is unknown."

class MLXTrainingJob(TrainingJob):
    "A training that DSPy waits for."
    training: Any
    def cancel(self) -> bool:
        "Stop the training after the step it takes now; training with the same name and data goes on from there."
    def status(self) -> TrainingStatus:
        "Say how far it is."
    def set_result(self, result: Any) -> None:
        "Take the tuned LM, with an engine of its own, or the error."

def open_tuned(copied: Any) -> Any:
    "Give a copied LM an engine for the model that it names."

def read_conversations(data: list[dict[Any, Any]], form: Any) -> list[Any]:
    "Read DSPy's training data; raises `InputError`."

class MLXProvider(Provider):
    "Trains adapters for `mlx/` models in a child process."
    def __init__(self) -> None:
        ...
    @staticmethod
    def is_provider_model(model: str) -> bool:
        ...
    @staticmethod
    def finetune(job: MLXTrainingJob, model: str, train_data: list[dict[Any, Any]], train_data_format: Any=None, train_kwargs: dict[Any, Any] | None=None) -> str:
        "Train an adapter. One that was trained on the same rows with the same settings is not trained again."
    finetunable: Any
    TrainingJob: Any

def is_trained(name: str, digest: str) -> bool:
    "Was the adapter of this name trained by exactly this training?"
