# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.registry.cases import Case
from dspy_toolkit.registry.deployments import Deployment
from dspy_toolkit.registry.evaluations import Evaluation
from dspy_toolkit.registry.lineage import Graph
from dspy_toolkit.registry.marks import Mark
from dspy_toolkit.registry.records import Version
from dspy_toolkit.registry.references import Reference
from dspy_toolkit.registry.rollouts import Rollout
from dspy_toolkit.registry.share import Imported
from typing import Any

class Registry:
    "Keeps signatures, programs and datasets; safe to use from many threads and many processes."
    def __init__(self, url: str | None=None, author: str | None=None, clock: Any=...) -> None:
        ...
    @property
    def author(self) -> str:
        "Who makes the changes."
    @property
    def url(self) -> str:
        "The URL of the database, without a password."
    def __repr__(self) -> str:
        ...
    def close(self) -> None:
        "Close every connection; the next use opens new ones."
    def alias(self, ref: str | Reference, alias: str, force: bool=False, message: str='', expected: Any=..., reasons: dict[Any, Any] | None=None) -> Version:
        "Point an alias at a version; raises `Protected` for a protected one unless `force`, and `AliasConflict`."
    def protect(self, ref: str | Reference, on: bool=True) -> bool:
        "Protect an alias from being moved, or end the protection."
    def unalias(self, ref: str | Reference, force: bool=False) -> int:
        "Remove an alias; raises `Protected`."
    def aliases(self, name: str) -> dict[Any, Any]:
        "List the aliases of a name; raises `NotRegistered`."
    def trail(self, name: str | None=None, most: int=100) -> list[Any]:
        "Read the audit trail, also of versions that have been deleted since."
    def keep_case(self, name: str, case: str, inputs: dict[Any, Any], expected: dict[Any, Any] | None=None, answer: dict[Any, Any] | None=None) -> Case:
        "Keep an input for a signature; raises `NotRegistered` where the registry has no version of it."
    def cases(self, name: str) -> list[Any]:
        "List the cases of a signature; there may be none."
    def delete_case(self, name: str, case: str) -> Case:
        "Delete a case; raises `NotRegistered`, with the nearest name."
    def write_counts(self, process: str, rows: dict[Any, Any]) -> None:
        "Write what a process counted, in place of what it wrote before; rows of a rollout that was ended are left out."
    def read_counts(self, rollout: int, revision: int | None=None) -> dict[Any, Any]:
        "Add up what all processes counted."
    def delete(self, ref: str | Reference) -> list[Any]:
        "Delete versions that nothing refers to; raises `InUse`, which names what does."
    def add_deployment(self, ref: str | Reference, target: str, status: str='serving') -> Deployment:
        "Record that a version is served somewhere; raises `NotRegistered`."
    def update_deployment(self, id: int, status: str, ended: bool=False) -> None:
        "Record the new status of a deployment; raises `NotRegistered`."
    def deployments(self, ref: str | Reference | Version) -> list[Any]:
        "List the deployments of a version."
    def add_evaluation(self, ref: str | Reference, metric: str, score: float, results: Any=..., dataset: str='', dataset_digest: str='', lm: str='', count: int | None=None, layout: str='') -> Evaluation:
        "Record how well a version did; raises `NotRegistered`."
    def evaluations(self, ref: str | Reference | Version, results: bool=False) -> list[Any]:
        "List the evaluations of a version."
    def lineage(self, ref: str | Reference, most: int=...) -> Graph:
        "Draw what a version was made from and what was made from it; raises `NotRegistered`."
    def resolve(self, ref: str | Reference, kind: str | None=None) -> Version:
        "Find a version; raises `NotRegistered`, with the nearest name."
    def spec(self, ref: str | Reference | Version, kind: str | None=None) -> Any:
        "Read and check the content of a version; raises `NotRegistered`, and `RegistryError` when it is not what was saved."
    def load(self, ref: str | Reference | Version, kind: str | None=None, namespace: dict[Any, Any] | None=None, **given: Any) -> Any:
        "Make the signature, the program or the dataset of a version."
    def identify(self, target: Any) -> list[Any]:
        "Find the versions that have exactly this content."
    def versions(self, name: str) -> list[Any]:
        "List all versions of a name; raises `NotRegistered`."
    def latest(self, kind: str | None=None, most: int=100) -> list[Any]:
        "List the latest version of each name."
    def count(self) -> dict[Any, Any]:
        "Count the rows of the registry."
    def search(self, text: str, most: int=20, history: bool=False) -> list[Any]:
        "Search for versions; raises `InputError` for an unknown filter."
    def diff(self, old: str | Reference | Version, new: str | Reference | Version) -> Any:
        "Compare two versions."
    def add_mark(self, name: str, verdict: str, inputs: dict[Any, Any], outputs: dict[Any, Any], version: str='') -> Mark:
        "Keep what a person said of an answer, in the place of what was said of these inputs before."
    def delete_mark(self, name: str, inputs: dict[Any, Any]) -> Mark:
        "Take back what was said of the answer to these inputs; raises `NotRegistered` where nothing was said."
    def marks(self, name: str | None=None, verdicts: Any=...) -> list[Any]:
        "List what was said of answers."
    def tag(self, ref: str | Reference, *add: str, remove: Any=...) -> Version:
        "Add tags to a version, or remove some; a tag that it has already is not added again."
    def note(self, ref: str | Reference, text: str) -> Version:
        "Add a note to a version."
    def notes(self, ref: str | Reference | Version) -> list[Any]:
        "List the notes on a version."
    def rollouts(self) -> list[Any]:
        "List the rollouts of all names."
    def rollout(self, name: str) -> Rollout:
        "Find the rollout of a name; raises `NotRegistered` where there is none."
    def start_rollout(self, ref: str | Reference, *, steps: Any=..., shadow: float=0.0, alias: str='', criteria: dict[Any, Any] | None=None, message: str='', force: bool=False) -> Rollout:
        "Serve a version: as the stable one where there is none yet, else as a canary; raises `InUse` while another canary is on trial."
    def step_rollout(self, name: str, expected: Any=..., reason: str='', figures: dict[Any, Any] | None=None) -> Rollout:
        "Give the canary its next share; at 100% it becomes the stable version, and the alias moves. Raises `RolloutConflict`."
    def roll_back(self, name: str, expected: Any=..., reason: str='', figures: dict[Any, Any] | None=None) -> Rollout:
        "Take the canary back, or the last promotion; raises `InputError` where there is nothing to go back to, and `RolloutConflict`."
    def end_rollout(self, name: str) -> Rollout:
        "Forget a rollout with its counts, so that its versions may be deleted; the trail keeps what was done."
    def save(self, target: Any, name: str | None=None, message: str='', parent: str | int | None=None, tags: Any=..., origin: dict[Any, Any] | None=None) -> Version:
        "Save a signature, a program or a dataset; raises `UnsupportedType` for what is no data, `InputError` for one without a name."
    def export(self, *refs: str, path: Any=None) -> dict[Any, Any]:
        "Collect versions with all they depend on, and write them into a file if there is a path; raises `NotRegistered`."
    def import_(self, source: Any, move: bool=False, dry_run: bool=False) -> Imported:
        "Import what somebody exported; raises `BundleError`, and then changes nothing."
    database: Any
    clock: Any
