"A person's own Enums and models stand where a stored type means the same."
import enum
import sys
import types
import typing
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Literal, Optional

import dspy
import pytest
from pydantic import BaseModel, Field, RootModel, field_validator

from dspy_toolkit.core.errors import SignatureSyntaxError
from dspy_toolkit.signatures import classes
from dspy_toolkit.signatures.classes import own_classes
from dspy_toolkit.signatures.refresh import adopt, refresh, refresh_program
from dspy_toolkit.signatures.program import ProgramSpec
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.signatures.spec import SignatureSpec


def define():
    "Run the cell of the classes once more: new classes of the same meaning."
    class Level(Enum):
        LOW = 'low'
        HIGH = 'high'
        TOP = 'high'  # an alias

    class Colour(StrEnum): RED = enum.auto()
    class Size(IntEnum): S = 1
    class Mood(str, Enum): CALM = 'calm'  # noqa: UP042  a person may write it so
    class Ticket(BaseModel):
        level: Level = Level.LOW
        notes: dict[str, list[Level]] = {}

        @field_validator('notes')
        def few(cls, value): return value

    class Tree(BaseModel):
        children: list['Tree'] = []
        level: Level | None = None

    class Order(BaseModel):
        class State(Enum): OPEN = 'open'
        state: State

    class Levels(RootModel[list[Level]]): pass
    Tree.model_rebuild(_types_namespace=dict(Tree=Tree, Level=Level))
    made = {c.__name__: c for c in (Level, Colour, Size, Mood, Ticket, Tree, Order, Levels)}
    for cls in made.values(): cls.__module__ = '__main__'
    return made


NS = define()
PLACES = {
    'alone': 'Level', 'a list': 'list[Level]', 'a dict': 'dict[str, Level]', 'a key': 'dict[Level, int]', 'Optional': 'Optional[Level]', 'a union': 'Ticket | Level',
    'a tuple': 'tuple[Level, ...]', 'a set': 'set[Level]', 'Annotated': 'Annotated[list[Level], Field(min_length=1)]', 'a model': 'Ticket', 'models': 'list[Ticket]',
    'deep': 'dict[str, list[Ticket | None]]', 'a model of itself': 'Tree', 'a root model': 'Levels', 'a class inside a class': 'Order.State', 'its outer class': 'Order',
    'StrEnum': 'Colour', 'IntEnum': 'Size', 'str and Enum': 'Mood', 'Literal of members': 'Literal[Level.HIGH]',
}


def annotation(text, namespace): return eval(text, vars(typing) | dict(Annotated=Annotated, Field=Field, Literal=Literal, Optional=Optional) | namespace)


def signature_of(text, namespace=NS):
    kind = annotation(text, namespace)
    return dspy.Signature({'a': (kind, dspy.InputField()), 'b': (kind, dspy.OutputField())}, 'Do it.', 'R')


def stored(spec): return type(spec).from_json(spec.to_json())


@pytest.mark.parametrize('text', PLACES.values(), ids=list(PLACES))
def test_a_stored_type_comes_back_in_the_classes_of_another_kernel(text):
    spec, later = stored(SignatureSpec.from_dspy(signature_of(text))), define()
    wanted = signature_of(text, later).output_fields['b'].annotation
    assert spec.to_dspy(namespace=later).output_fields['b'].annotation == wanted
    assert spec.to_dspy().output_fields['b'].annotation != wanted  # without a namespace nothing is looked for


@pytest.mark.parametrize('text', PLACES.values(), ids=list(PLACES))
def test_a_signature_follows_its_classes_when_their_cell_runs_again(text):
    before, later = signature_of(text), define()
    now, changed, _ = refresh(before, later)
    assert now.output_fields['b'].annotation == signature_of(text, later).output_fields['b'].annotation and not changed
    assert now.__name__ == 'R' and SignatureSpec.from_dspy(now) == SignatureSpec.from_dspy(before)
    assert refresh(now, later)[0] is now and refresh(before, NS)[0] is before


def test_a_program_comes_back_with_its_demos_in_the_persons_classes():
    program = dspy.ChainOfThought(signature_of('Ticket'))
    program.predict.demos = [dspy.Example(a=NS['Ticket'](level=NS['Level'].HIGH), b=NS['Ticket']()).with_inputs('a')]
    spec, later = stored(ProgramSpec.from_dspy(program, 'P')), define()
    back = spec.to_dspy(namespace=later)
    assert back.predict.signature.output_fields['b'].annotation is later['Ticket']
    assert back.predict.demos[0].a == later['Ticket'](level=later['Level'].HIGH)
    again = define()
    assert refresh_program(back, again)[0] == {} and back.predict.signature.input_fields['a'].annotation is again['Ticket']


@pytest.mark.parametrize('where', [
    lambda c: {'Urgency': c['Level']}, lambda c: {'shop': module('shop', Level=c['Level'])}, lambda c: {'shop': module('shop', models=module('shop.models', Level=c['Level']))},
    lambda c: {'Level': 3, 'Other': c['Level']}, lambda c: {'_': NS['Level'], 'Level': c['Level'], '_12': NS['Level']},
], ids=['another name', 'a module', 'a module in a package', 'its name means something else', 'an output of an earlier cell has one too'])
def test_a_class_is_found_wherever_the_notebook_has_it(where):
    later = define()
    assert own_classes(SignatureSpec.from_dspy(signature_of('Level')).definitions, where(later)) == ({'Level': later['Level']}, {})


def module(name, **what):
    made = types.ModuleType(name)
    vars(made).update(what)
    return made


def test_two_classes_of_one_name_are_told_apart():
    class Level(Enum): ONE = 1
    first, second = NS['Level'], Level
    signature = dspy.Signature({'a': (first, dspy.InputField()), 'b': (second, dspy.OutputField())}, '', 'R')
    made = stored(SignatureSpec.from_dspy(signature)).to_dspy(namespace={'Level': first, 'desk': module('desk', Level=second)})
    assert made.input_fields['a'].annotation is first and made.output_fields['b'].annotation is second


def test_what_was_changed_is_kept_as_it_was_and_named():
    class Level(Enum): LOW = 'low'; MAX = 'max'
    spec = stored(SignatureSpec.from_dspy(signature_of('Level')))
    found, changed = own_classes(spec.definitions, {'Level': Level})
    assert found == {} and changed == {'Level': Level}
    assert classes.change_of('Level', spec.definitions, Level) == 'the members HIGH, TOP are gone, the member MAX is new'
    assert list(spec.to_dspy(namespace={'Level': Level}).output_fields['b'].annotation.__members__) == ['LOW', 'HIGH', 'TOP']


def test_a_validator_is_code_and_no_other_meaning():
    Level = NS['Level']

    class Ticket(BaseModel):
        level: Level = Level.LOW
        notes: dict[str, list[Level]] = {}
    spec = stored(SignatureSpec.from_dspy(signature_of('Ticket')))
    assert own_classes(spec.definitions, {'Ticket': Ticket})[0]['Ticket'] is Ticket


@pytest.mark.parametrize('value', ['Level.HIGH', '[Level.HIGH, 1]', '{"a": (Level.TOP,)}', 'Ticket(level=Level.HIGH)', 'Ticket()', 'Tree(children=[Tree(level=Level.LOW)])',
                                   'Levels([Level.HIGH])', '{Level.LOW: {Level.HIGH}}'])
def test_a_value_of_an_earlier_class_becomes_one_of_the_class_that_is_wanted(value):
    later = define()
    fields = {n: (c, dspy.OutputField()) for n, c in zip('abcd', (later['Level'], later['Ticket'], later['Tree'], later['Levels']))}
    made = adopt(eval(value, dict(NS)), dspy.Signature(fields, '', 'R'))
    assert made == eval(value, later) and made != eval(value, dict(NS))


def test_a_value_of_another_class_stays_what_it_is():
    class Level(Enum): HIGH = 'high'
    for value in (Level.HIGH, [Level.HIGH], 'high', object, sys): assert adopt(value, signature_of('Level')) == value

def test_a_class_that_no_field_can_have_is_called_by_its_name():
    class Socket:
        def __init__(self, number): self.number = number

    class Pair(typing.NamedTuple): left: int
    for cls in (Socket, Pair):
        with pytest.raises(SignatureSyntaxError, match=f'the class {cls.__name__} is no Enum and no pydantic model') as caught:
            parse_cell(f'text -> made: {cls.__name__}', 'Make', {cls.__name__: cls})
        assert caught.value.hint.startswith(f'write it as a pydantic model: class {cls.__name__}(BaseModel)')
