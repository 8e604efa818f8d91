"The fields of a program are those that a caller gives and gets, whatever its predictors pass among themselves."
import dspy
import pytest

from dspy_toolkit.workspace.targets import signature_of


class Ask(dspy.Signature):
    "Answer a question."
    question: str = dspy.InputField()
    answer: str = dspy.OutputField()


def look_up(what: str) -> str:
    "Look something up."
    return what


@pytest.mark.parametrize('make', [
    dspy.Predict, dspy.ChainOfThought, dspy.ProgramOfThought, dspy.RLM, lambda signature: dspy.ReAct(signature, [look_up]),
    lambda signature: dspy.CodeAct(signature, [look_up]),
], ids=['Predict', 'ChainOfThought', 'ProgramOfThought', 'RLM', 'ReAct', 'CodeAct'])
def test_inputs_and_outputs_are_those_of_the_callers(make):
    found = signature_of(make(Ask))
    assert list(found.input_fields) == ['question']
    assert [name for name in found.output_fields if name != 'reasoning'] == ['answer']
