"The OpenAPI document and the routes say the same: schemathesis finds no 5xx and no answer that the document does not describe."
import enum
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import dspy
import pydantic
import schemathesis
from hypothesis import HealthCheck, Phase, settings

import dspy_toolkit
from dspy_toolkit.deploy.app import make_app
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.service import Service
from dspy_toolkit.deploy.tokens import Tokens


class Level(enum.Enum):
    "How much it hurts."
    low = 'low'
    high = 'high'


class Line(pydantic.BaseModel):
    "A line of an order."
    item: str
    count: int = pydantic.Field(1, ge=0, le=99, description='how many')


class Order(dspy.Signature):
    "Read an order.\n\nThe lines come as they are written."
    email: str = dspy.InputField(desc='the text')
    lines: list[Line] = dspy.InputField(desc='what was found before')
    level: Level = dspy.InputField()
    note: str | None = dspy.InputField(default=None)
    total: int = dspy.OutputField()
    urgent: bool = dspy.OutputField()
    first: Line = dspy.OutputField()


class Triage(dspy.Signature):
    "Route an email."
    email: str = dspy.InputField()
    team: str = dspy.OutputField()


lm = dspy_toolkit.lm('mlx/tiny', max_tokens=40, cache=False)
catalog = Catalog(Service(Order, lm, version='Order@1'), Service(dspy.ChainOfThought(Triage), lm, 'Triage', 'Triage@2'))
folder = TemporaryDirectory()
tokens = Tokens(Path(folder.name)/'tokens.json')
headers = {'Authorization': f"Bearer {tokens.add('tests')}"}
app = make_app(catalog, tokens)
schema = schemathesis.openapi.from_asgi('/openapi.json', app, headers=headers)


@schema.parametrize()
@settings(max_examples=int(os.environ.get('EVERY', 8)), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_what_is_answered_is_described(case):
    case.call_and_validate(headers=headers)
