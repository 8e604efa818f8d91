"""Evaluates forty rows with a model that writes down each question, and prints what came of it. [folder] [resume]

At first the model answers no more than `ANSWERED` questions, and the four after them wait for ever: there a test kills it, however slow the machine is."""
import json
import os
import sys
import threading
from pathlib import Path

import dspy
from dspy.lm15 import Message, Response, TextPart, Usage

from dspy_toolkit.programs.evaluate import Evaluation, create_evaluation, plan_evaluation, plan_resumed
from dspy_toolkit.programs.runs import find_run

ANSWERED = 15
folder, goes_on = Path(sys.argv[1]), bool(sys.argv[2:])


class Asked:
    supports_response_schema, supported_params = True, {'response_format'}

    def __init__(self): self.answers = threading.Semaphore(40 if goes_on else ANSWERED)

    def complete(self, request):
        text = request.messages[-1].text
        with open(folder/'asked.txt', 'a') as file: file.write(text[text.index('number'):].split()[1] + '\n')
        self.answers.acquire()
        return Response(id='answer', model=request.model, message=Message.assistant([TextPart(text='{"team": "billing"}')]), finish_reason='stop',
                        usage=Usage(input_tokens=20, output_tokens=12, total_tokens=32))

    def close(self): pass


class Triage(dspy.Signature):
    "Route an email."
    email: str = dspy.InputField()
    team: str = dspy.OutputField()


def main():
    lm = dspy.LM('test/asked', engine=Asked(), cache=False, num_retries=0)
    rows = [dict(email=f'invoice number {n} .', team='billing' if n % 2 else 'sales') for n in range(40)]
    namespace = dict(Triage=Triage, lm=lm)
    from dspy_toolkit.workspace import lms
    lms.names['asked'] = lm
    if goes_on:
        run = find_run('last', 'evaluate')
        plan = plan_resumed(run, namespace)
    else:
        plan = plan_evaluation('Triage', rows, 'exact_match', lm='asked', threads=4, namespace=namespace)
        run = create_evaluation(plan)
    print('begun', flush=True)
    found = Evaluation(plan, run).go(save=False)
    print(json.dumps(dict(state=found.state, rows=[row.index for row in found.rows], score=found.score, lm=found.lm)))


if __name__ == '__main__':
    main()
    os._exit(0)
