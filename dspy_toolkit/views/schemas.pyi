# Made by `make export` from the modules: edit the notebooks.
from typing import Any
from typing import Literal
from typing_extensions import NotRequired
from typing_extensions import TypedDict

class Version(TypedDict):
    "A version in the registry."
    ref: str
    kind: Literal['signature', 'program', 'dataset']
    digest: str
    author: str
    at: float
    message: str
    parent: str | None
    origin: dict[str, object]
    aliases: list[str]
    tags: list[str]
    latest: bool

class ListedVersion(Version):
    "A version, as a list shows it."
    fields: str
    about: str

class Unsaved(TypedDict):
    "A signature of the notebook that is not kept."
    name: str
    fields: str
    about: str

class Versions(TypedDict):
    "Versions, of list, search and define."
    versions: list[ListedVersion]
    unsaved: list[Unsaved]

class LoggedVersion(Version):
    "A version, and what it changed."
    changed: str
    breaking: bool
    notes: list[str]

class Log(TypedDict):
    "The versions of a name, the newest first."
    name: str
    versions: list[LoggedVersion]

class TrailEntry(TypedDict):
    "A change to the registry."
    at: float
    author: str
    action: str
    name: str
    version: int | None
    detail: dict[str, object]

class Trail(TypedDict):
    "Who did what, the newest first."
    name: str
    changes: list[TrailEntry]

class Node(TypedDict):
    "A version, a cell, an evaluation or a deployment."
    id: str
    kind: str
    label: str
    note: str
    asked: bool

class Lineage(TypedDict):
    "What a version was made from, and what was made of it."
    name: str
    nodes: list[Node]
    edges: list[dict[str, str]]
    left_out: int

class Field(TypedDict):
    "A field of a signature."
    name: str
    direction: Literal['input', 'output']
    type: dict[str, object]
    description: NotRequired[str]
    constraints: NotRequired[dict[str, object]]
    extra: NotRequired[dict[str, object]]
    default: NotRequired[object]

class Signature(TypedDict):
    "A signature, or the one that a program answers."
    format: int
    name: str
    instructions: str
    fields: list[Field]
    definitions: NotRequired[dict[str, object]]
    version: NotRequired[Version]
    note: NotRequired[str]
    latest: NotRequired[str]
    demos: NotRequired[dict[str, list[dict[str, object]]]]
    remarks: NotRequired[str]

class Message(TypedDict):
    "A message of a prompt."
    role: str
    content: str
    tokens: int | None

class Prompt(TypedDict):
    "What one predictor sends."
    predictor: str
    messages: list[Message]
    tokens: int | None

class Prompts(TypedDict):
    "What the model would be told: show --prompt."
    name: str
    model: str
    layout: str
    prompts: list[Prompt]

class Dataset(TypedDict):
    "A dataset: show, examples."
    name: str
    rows: int
    columns: list[str]
    digest: str
    version: str
    first: list[dict[str, object]]
    remarks: list[str]

class Part(Dataset):
    "A part of a dataset."
    labels: dict[str, int]

class Split(TypedDict):
    "The parts of a dataset."
    name: str
    parts: list[Part]

class Breaks(TypedDict):
    "Whom a difference breaks."
    callers: bool
    examples: bool

class Difference(TypedDict):
    "What changed between two signatures or programs."
    old: str
    new: str
    summary: str
    breaks: Breaks
    changes: list[dict[str, object]]

class ChangedRow(TypedDict):
    "A row that is in both datasets, and not the same."
    old: int
    new: int
    columns: list[str]

class DatasetDifference(TypedDict):
    "What changed between two datasets."
    old: str
    new: str
    summary: str
    added: list[int]
    removed: list[int]
    changed: list[ChangedRow]
    moved: bool

class Told(TypedDict):
    "What was done."
    said: str

class AliasSet(Told):
    "alias REF ALIAS."
    alias: str
    version: str

class AliasEntry(TypedDict):
    "Where an alias points."
    version: int
    protected: bool

class Aliases(Told):
    "alias NAME."
    aliases: dict[str, AliasEntry]

class Tagged(Told, Version):
    "tag."

class Saved(Told, Version):
    "save."
    created: bool

class Deleted(Told):
    "delete."
    deleted: list[str]

class Exported(Told):
    "export."
    path: str
    digest: str
    versions: int

class ImportedVersion(TypedDict):
    "A version of a bundle."
    theirs: str
    ours: str
    new: bool

class Imported(Told):
    "import."
    versions: list[ImportedVersion]
    aliases: list[str]
    left: list[str]
    created: int
    dry_run: bool

class Marked(Told):
    "mark: what a person said of an answer."
    name: str
    version: str
    verdict: Literal['right', 'wrong', 'corrected']
    inputs: dict[str, object]
    outputs: dict[str, object]
    author: str
    at: float

class Case(TypedDict):
    "An input that is kept with what is expected."
    of: str
    name: str
    inputs: dict[str, object]
    expected: dict[str, object]
    answer: dict[str, object]
    author: str
    at: float

class Cases(TypedDict):
    "The cases of a signature."
    name: str
    cases: list[Case]
    remarks: list[str]

class Trial(TypedDict):
    "One version or model, on all cases."
    trial: str
    results: list[dict[str, object]]

class Tested(TypedDict):
    "test: all cases side by side."
    name: str
    summary: dict[str, dict[str, int]]
    trials: list[Trial]

class Answer(TypedDict):
    "run, on one input."
    name: str
    version: str
    module: str
    lm: str
    state: Literal['running', 'done', 'stopped', 'failed']
    values: dict[str, object]
    usage: dict[str, object]
    seconds: float
    steps: NotRequired[dict[str, object]]
    leg: NotRequired[str]
    way: NotRequired[list[str]]
    notes: NotRequired[list[str]]
    log: NotRequired[list[str]]
    confidences: NotRequired[dict[str, float]]
    cut_short: NotRequired[list[str] | bool]
    cut_short_earlier: NotRequired[object]
    relaxed: NotRequired[list[str]]

class RowAnswer(TypedDict):
    "run, on rows: a line for each row."
    row: int
    outputs: NotRequired[dict[str, object]]
    error: NotRequired[str]
    message: NotRequired[str]

class FailedRow(TypedDict):
    "A row that has no answer."
    row: int
    message: str

class RowsDone(TypedDict):
    "run, on rows, at the end; on stderr where the answers went to stdout."
    name: str
    lm: str
    seconds: float
    answered: int
    kept: int
    failed: list[FailedRow]
    answers: NotRequired[list[RowAnswer]]
    file: NotRequired[str]

class Measured(TypedDict):
    "How well one version and model did."
    ref: NotRequired[str]
    target_name: NotRequired[str]
    metric: NotRequired[str]
    lm: NotRequired[str]
    layout: NotRequired[str]
    run_id: NotRequired[str]
    problem: NotRequired[str]
    calibration_error: NotRequired[float | None]
    confidences: NotRequired[int]
    dataset: NotRequired[str]
    dataset_digest: NotRequired[str]
    total: int | None
    state: Literal['running', 'done', 'stopped', 'failed']
    seconds: float
    score: float | None
    low: float | None
    high: float | None
    failures: dict[str, int]

class Evaluation(Measured):
    "evaluate, and resume of one. What is NotRequired is missing where it did not begin."
    kind: Literal['evaluation']
    title: str
    done: int
    tokens: list[int]
    cost: float | None
    matrix: dict[str, object] | None
    rows: list[dict[str, object]]
    remarks: list[str]

class Column(Measured):
    "A column of a comparison."
    name: str
    kept: bool
    difference: dict[str, object] | None
    better: list[int]
    worse: list[int]
    left_out: int

class Comparison(TypedDict):
    "compare, promote."
    kind: str
    title: str
    state: Literal['running', 'done', 'stopped', 'failed']
    remarks: list[str]
    columns: list[Column]
    dataset: NotRequired[str]
    dataset_digest: NotRequired[str]
    metric: NotRequired[str]
    total: NotRequired[int]
    problem: NotRequired[str]
    flips: NotRequired[list[dict[str, object]]]

class Calibration(TypedDict):
    "calibrate."
    kind: Literal['calibration']
    title: str
    state: Literal['running', 'done', 'stopped', 'failed']
    done: int
    total: int | None
    seconds: float
    remarks: list[str]
    name: NotRequired[str]
    data: NotRequired[str]
    lm: NotRequired[str]
    method: NotRequired[str]
    failed: NotRequired[dict[str, int]]
    outputs: NotRequired[list[dict[str, object]]]

class Optimization(TypedDict):
    "optimize, and resume of one."
    kind: Literal['optimisation']
    title: str
    state: Literal['running', 'done', 'stopped', 'failed']
    seconds: float
    start_score: float | None
    score: float | None
    version: str
    spent: dict[str, object]
    diff: list[list[str]] | None
    run: str | None
    candidates: list[dict[str, object]]
    log: list[str]
    remarks: list[str]

class TrainingDone(TypedDict):
    "finetune, and resume of one."
    kind: Literal['training']
    title: str
    state: Literal['running', 'done', 'stopped', 'failed']
    step: int
    total: int | None
    seconds: float
    loss: list[list[float]]
    held_out_loss: list[list[float]]
    best: object
    log: list[str]
    remarks: list[str]

class Estimate(TypedDict):
    "cost: what a run is likely to take."
    title: str
    model: str
    is_local: bool
    calls: int | None
    most_calls: int | None
    input_tokens: int | None
    output_tokens: int | None
    seconds: float | None
    money: float | None
    basis: dict[str, str]

class Runs(TypedDict):
    "The long runs that are kept, the newest first."
    runs: list[dict[str, object]]

class Models(TypedDict):
    "lm."
    default: str
    names: dict[str, str]
    available: dict[str, list[str]]
    uses: dict[str, str]

class Model(TypedDict):
    "model, pull."
    name: str
    kind: str
    nbytes: int
    bits: int | None
    context: int | None
    tools: bool
    thinks: bool
    adapter: str
    use: str

class Speed(TypedDict):
    "bench, lm bench."
    model: str
    input_tokens: int
    first_token: float | None
    reading: float | None
    writing: float
    one_by_one: float
    batch: int
    batch_writing: float
    seconds: float

class ModelStatus(TypedDict):
    "A model that has a name."
    alias: str
    model: str
    legs: list[object]
    note: str

class BreakerStatus(TypedDict):
    "A breaker."
    name: str
    state: Literal['closed', 'open', 'half_open', 'disabled', 'forced_open', 'metrics_only']
    failure_rate: float | None
    slow_call_rate: float | None
    buffered: int
    failed: int
    slow: int
    not_permitted: int
    age: float | None
    retry_after: float | None
    reasons: object

class Breakers(TypedDict):
    "breaker."
    breakers: list[BreakerStatus]

class BreakerLife(TypedDict):
    "breaker NAME: its history."
    name: str
    seconds: float
    thresholds: dict[str, float]
    counts: dict[str, int]
    bands: list[dict[str, object]]
    moments: list[dict[str, object]]

class Status(Breakers):
    "status, chaos."
    models: list[ModelStatus]
    chaos: dict[str, str]
    rollouts: list[dict[str, object]]

class Call(TypedDict):
    "A call to a model."
    number: int
    model: str
    messages: list[dict[str, str]]
    answer: str
    version: str
    input_tokens: int | None
    output_tokens: int | None
    cached: bool
    cost: float | None
    at: str
    cut_short: NotRequired[list[str] | bool]
    relaxed: NotRequired[list[str]]
    when: NotRequired[str]
    seconds: NotRequired[float]
    outcome: NotRequired[str]
    error: NotRequired[str]
    details: NotRequired[list[dict[str, str]]]

class Calls(TypedDict):
    "history."
    total: int
    calls: list[Call]

class Why(TypedDict):
    "why: where the time of a call went."
    title: str
    about: str
    seconds: float
    parts: list[dict[str, object]]
    advice: str

class Rule(TypedDict):
    "An alert."
    name: str
    number: float | None
    message: str
    hint: str
    firing: bool
    since: float | None

class Alerts(TypedDict):
    "alerts."
    firing: int
    rules: list[Rule]

class Recovery(TypedDict):
    "supervise."
    is_on: bool
    children: list[dict[str, object]]
    log: list[dict[str, object]]

class Dashboard(TypedDict):
    "dashboard."
    at: float
    window: float
    total: dict[str, object]
    models: dict[str, dict[str, object]]
    in_flight: int | None
    oldest: float | None
    breakers: list[dict[str, object]]
    engines: dict[str, dict[str, object]]
    steps: int | None
    dropped: int
    points: list[dict[str, object]]
    seconds: float
    calls: list[dict[str, object]]
    events: list[dict[str, object]]
    alerts: list[dict[str, object]]
    children: list[dict[str, object]]
    recovery: list[dict[str, object]]
    elsewhere: list[dict[str, object]]

class Finding(TypedDict):
    "Something that was looked at."
    area: str
    name: str
    level: str
    about: str
    remedy: str

class Findings(TypedDict):
    "doctor, settings."
    failed: bool
    problems: int
    notes: int
    findings: list[Finding]

class Project(TypedDict):
    "init."
    folder: str
    template: str
    summary: str
    files: list[str]
    kept: list[str]

class Converted(TypedDict):
    "convert."
    source: str
    target: str
    cells: int
    signatures: int
    notes: list[dict[str, str]]

class Library(TypedDict):
    "library."
    starters: list[dict[str, str]]

class Script(TypedDict):
    "completion."
    shell: str
    script: str
    install: str

class Verbs(TypedDict):
    "help."
    verbs: list[dict[str, str]]

class VerbHelp(TypedDict):
    "help VERB."
    verb: str
    usage: str
    summary: str
    example: str
    options: list[dict[str, str]]

class Server(TypedDict):
    "serve."
    address: str
    programs: dict[str, str]
    model: str
    token: str
    needs_token: bool
    counts: dict[str, int]
    state: str
    pid: int
    remark: str
    lines: dict[str, str]

class Servers(TypedDict):
    "serve, without a name."
    servers: list[Server]

class Tokens(TypedDict):
    "token."
    tokens: list[dict[str, object]]
    text: str
    remark: str

class Rollout(TypedDict):
    "deploy, rollback, status NAME."
    rollout: dict[str, object]
    stable: dict[str, object]
    canary: dict[str, object]
    verdict: dict[str, object] | None
    changes: list[dict[str, object]]

class Bundle(TypedDict):
    "bundle."
    version: str
    folder: str
    kind: str
    digest: str
    model: dict[str, object]
    settings: dict[str, object]
    toolkit: str
    files: dict[str, int]
    remarks: list[str]

class Shipped(TypedDict):
    "ship."
    version: str
    to: str
    folder: str
    written: list[str]
    same: list[str]

SCHEMAS: Any

def make_schema(verb: str) -> dict[Any, Any]:
    "Write what a verb gives as a JSON Schema, with the meaning of each key."
