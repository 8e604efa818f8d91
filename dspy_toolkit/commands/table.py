"Every verb with its arguments. Made by `make export` from the functions of the verbs: edit those, in nbs/commands."
from .verb import Argument, Verb

VERBS = {verb.name: verb for verb in (
    Verb(
        name='Signature',
        command='programs.define_cell',
        summary='Define a signature, keep it as a version, and run it if the cell has inputs.',
        examples=(
            (
                'Sentiment\n'
                '"""Say how a review feels."""\n'
                'review: str\n'
                '->\n'
                'sentiment: Literal["positive", "negative"]\n'
                '---\n'
                'review = "Came late and broke in a day."'
            ),
        ),
        given=('body', 'namespace', 'notebook', 'show', 'call'),
        arguments=(
            Argument(name='NAME', help='the name of the signature', offers='here'),
            Argument(
                name='--lm',
                help='the model to ask: a name given with the verb lm, or a full name',
                value='LM',
                offers='model',
            ),
            Argument(name='--output', help='a variable for the prediction', short='-o', value='VAR', check='variable'),
            Argument(
                name='--module',
                help='how the signature is run (default: Predict)',
                choices=('Predict', 'ChainOfThought'),
                value='MODULE',
            ),
            Argument(name='--no-run', help='only define it'),
        ),
    ),
    Verb(
        name='run',
        command='programs.run_cell',
        summary='Run a signature, or a program, on inputs, or on each row of some data.',
        examples=(
            (
                'Sentiment\n'
                'review = "Just what I hoped for."'
            ),
        ),
        given=('body', 'namespace', 'on_line', 'call', 'texts', 'rows', 'write'),
        arguments=(
            Argument(
                name='NAME',
                help='a signature of this notebook, or a program; or Name@3, Name@prod in the registry',
                offers='name',
            ),
            Argument(
                name='--lm',
                help='the model to ask: a name given with the verb lm, or a full name',
                value='LM',
                offers='model',
            ),
            Argument(name='--output', help='a variable for the prediction', short='-o', value='VAR', check='variable'),
            Argument(
                name='--module',
                help='how the signature is run (default: Predict)',
                choices=('Predict', 'ChainOfThought'),
                value='MODULE',
            ),
            Argument(
                name='--data',
                help='run it on each row of a dataset: a file (.jsonl .csv), a variable, or a version',
                value='DATA',
                offers='data',
            ),
            Argument(name='--jobs', help='rows that are asked at a time', value='N', check='whole', default=8),
            Argument(
                name='--resume',
                help='a file for the answers to rows; those that it has are not asked again',
                value='PATH',
                offers='path',
            ),
        ),
    ),
    Verb(
        name='lm',
        command='models.lm',
        summary=(
            'Show the models there are, choose the default one, or give one, or several as one, a name; lm bench measures'
            ' one.'
        ),
        examples=(
            'mlx/tiny',
            'fast mlx/mlx-community/Qwen3-4B-4bit',
            'mine openai/qwen --api-base http://localhost:1234/v1 --temperature 0',
            'safe --fallback fast openai/gpt-5-mini',
        ),
        given=('keeps',),
        others=True,
        arguments=(
            Argument(
                name='NAME',
                help='the model to make the default; or, where a MODEL follows, the name to give it',
                offers='model',
                optional=True,
            ),
            Argument(
                name='MODEL',
                help=(
                    'a model: mlx/tiny, mlx/<folder or hub repo>, or any name dspy.LM takes; any other --key value after '
                    'it goes to dspy.LM'
                ),
                offers='model',
                optional=True,
            ),
            Argument(
                name='--fallback',
                help='models to ask, in this order, where the one before does not answer',
                value='LM',
                offers='model',
                several=True,
            ),
            Argument(
                name='--strategy',
                help='how to choose the model that is asked first',
                choices=('sequential', 'hedged', 'weighted', 'adaptive'),
                value='STRATEGY',
            ),
            Argument(
                name='--hedge-after',
                help='seconds to wait before the next model is asked too, or a percentile such as p95',
                value='SECONDS',
                check='wait',
            ),
            Argument(
                name='--temperature',
                help='how random the answers are; 0 takes the likeliest token',
                value='NUMBER',
                check='number',
            ),
            Argument(name='--max-tokens', help='most tokens of an answer', value='N', check='whole'),
            Argument(name='--api-base', help='the address of a server', value='URL'),
            Argument(name='--api-key', help='its key; better in an environment variable', value='KEY'),
            Argument(name='--num-retries', help='how often DSPy asks again', value='N', check='count'),
            Argument(name='--cache', help="keep answers in DSPy's cache", choices=('true', 'false'), value='CACHE'),
            Argument(name='--keep', help='keep the name for later sessions, as a shell does'),
        ),
    ),
    Verb(
        name='model',
        command='models.model',
        summary='Show what a model on this machine is: size, context, what it can.',
        examples=('mlx/tiny',),
        arguments=(
            Argument(name='NAME', help='mlx/tiny, mlx/<folder or hub repo>, or a name given with the verb lm', offers='model'),
        ),
    ),
    Verb(
        name='pull',
        command='models.pull',
        summary='Download a model, or go on where a download stopped; show what it is.',
        examples=('mlx/tiny',),
        arguments=(
            Argument(name='NAME', help='mlx/<hub repo>', offers='model'),
        ),
    ),
    Verb(
        name='bench',
        command='models.bench',
        summary='Measure how fast a model answers: the first token, one answer, and several at once.',
        examples=('', 'mlx/tiny'),
        arguments=(
            Argument(
                name='NAME',
                help='mlx/tiny, mlx/<folder or hub repo>, or a name given with the verb lm; the default model unless given',
                offers='model',
                optional=True,
            ),
            Argument(name='--batch', help='answers at once', value='N', check='whole', default=8),
            Argument(name='--tokens', help='most of an answer', value='N', check='whole', default=32),
        ),
    ),
    Verb(name='status', command='resilience.status', summary='Show the models, their breakers, and which chaos is on.'),
    Verb(
        name='breaker',
        command='resilience.breaker',
        summary='Show breakers, draw the history of one, or set its state.',
        examples=('fast', 'fast reset'),
        arguments=(
            Argument(
                name='NAME',
                help='a model that has a breaker, or a fallback; leave it out to see all breakers',
                offers='breaker',
                optional=True,
            ),
            Argument(
                name='ACTION',
                help='what to do with the breaker; leave it out to see its history',
                choices=('open', 'close', 'half-open', 'disable', 'force-open', 'metrics-only', 'reset'),
                optional=True,
            ),
        ),
    ),
    Verb(
        name='chaos',
        command='resilience.chaos',
        summary='Make calls of a model fail on purpose, for a time: errors, delays, broken streams, noise.',
        examples=('fast --fail 30% --latency 2 --for 60', 'fast --stop'),
        arguments=(
            Argument(
                name='NAME',
                help='the model whose calls will fail; leave it out to see which chaos is on',
                offers='model',
                optional=True,
            ),
            Argument(name='--fail', help='share of calls that fail: 0.3 or 30%', value='RATE', check='share', default=0),
            Argument(
                name='--errors',
                help='kinds of errors',
                choices=(
                    'server',
                    'rate_limit',
                    'timeout',
                    'transport',
                    'auth',
                    'billing',
                    'context_length',
                    'invalid_request',
                    'memory',
                ),
                value='KIND',
                default=('server',),
                several=True,
            ),
            Argument(name='--latency', help='seconds to add', value='SECONDS', check='seconds', default=0),
            Argument(name='--slow', help='share of calls that are slow', value='RATE', check='share', default=1),
            Argument(name='--truncate', help='share of answers that are cut off', value='RATE', check='share', default=0),
            Argument(name='--garbage', help='share of answers that are nonsense', value='RATE', check='share', default=0),
            Argument(name='--broken', help='share of streams that break in the middle', value='RATE', check='share', default=0),
            Argument(name='--seed', help='a number that makes the same faults happen again', value='SEED', check='seed'),
            Argument(name='--for', help='seconds until it ends by itself', value='SECONDS', check='duration', default=60),
            Argument(name='--stop', help='end the chaos now'),
        ),
    ),
    Verb(
        name='show',
        command='signatures.show',
        summary='Show a signature: what it is for, what goes in and out; or the first rows of a dataset.',
        examples=('Sentiment@prod', 'Sentiment --prompt'),
        given=('namespace',),
        arguments=(
            Argument(
                name='NAME',
                help='a signature, a program or a dataset of this notebook; or Name@3, Name@prod in the registry',
                offers='name',
            ),
            Argument(name='--prompt', help='show what the model would be told instead, with the tokens of each part'),
        ),
    ),
    Verb(
        name='edit',
        command='signatures.edit',
        summary='Open a signature in the editor; in a terminal, show its cell.',
        examples=('Sentiment',),
        given=('namespace',),
        arguments=(
            Argument(
                name='NAME',
                help='a signature of this notebook, or Name@3, Name@prod; leave it out to begin an empty one',
                offers='name',
                optional=True,
            ),
        ),
    ),
    Verb(
        name='diff',
        command='signatures.diff',
        summary='Show what changed between two versions, and whom it breaks.',
        examples=('Sentiment@1 Sentiment@prod',),
        given=('namespace',),
        arguments=(
            Argument(
                name='OLD',
                help='a version, or a name of this notebook; without NEW it is compared with the version it was made from',
                offers='name',
            ),
            Argument(name='NEW', help='the version to compare it with', offers='name', optional=True),
        ),
    ),
    Verb(
        name='library',
        command='signatures.library',
        summary='Show the starter library, or define one of its signatures.',
        examples=('Classify',),
        given=('namespace',),
        arguments=(
            Argument(name='NAME', help='the starter to define here; leave it out to list all', offers='starter', optional=True),
        ),
    ),
    Verb(
        name='save',
        command='registry.save',
        summary='Keep a signature, a program or a dataset of this notebook as a version.',
        examples=('Sentiment -m "shorter instructions"',),
        given=('namespace',),
        arguments=(
            Argument(name='NAME', help='a signature, a program or a dataset of this notebook', offers='here'),
            Argument(name='--to', help='its name in the registry (default: its own name)', value='NAME', offers='kept'),
            Argument(name='--message', help='the reason, for people who read this later', short='-m', value='TEXT', text='line'),
            Argument(name='--tag', help='a tag to give it', value='TAG', offers='tag', many=True),
            Argument(name='--parent', help='the version it was made from', value='REF', offers='name', check='reference'),
        ),
    ),
    Verb(
        name='load',
        command='registry.load',
        summary='Define a signature, a program or a dataset of the registry in this notebook.',
        examples=('Sentiment@prod',),
        given=('namespace',),
        arguments=(
            Argument(name='REF', help='Name@3 or Name@prod; Name alone is its latest version', offers='name', check='reference'),
            Argument(name='--to', help='the variable to put it in (default: its name)', value='VAR', check='variable'),
        ),
    ),
    Verb(
        name='search',
        command='registry.search',
        summary='Find signatures, programs and datasets by their words.',
        examples=('review has:sentiment type:Literal tag:reviewed',),
        arguments=(
            Argument(
                name='WORDS',
                help='words, and filters: tag: has: type: kind: name:',
                offers='search',
                text='query',
                many=True,
            ),
            Argument(name='--history', help='search older versions too'),
            Argument(name='--most', help='how many to list', value='N', check='whole', default=20),
        ),
    ),
    Verb(
        name='log',
        command='registry.log',
        summary='Show the versions of a name and what each of them changed, or the history of an alias.',
        examples=('Sentiment',),
        arguments=(
            Argument(
                name='NAME',
                help='Name shows its versions; Name@prod shows where an alias pointed over time',
                offers='name',
            ),
            Argument(name='--trail', help='show who did what, instead of what changed'),
        ),
    ),
    Verb(
        name='lineage',
        command='registry.lineage',
        summary='Draw where a version came from and what became of it.',
        examples=('Sentiment@prod',),
        arguments=(
            Argument(name='REF', help='Name for all its versions, Name@3 or Name@prod for one', offers='name', check='reference'),
        ),
    ),
    Verb(
        name='alias',
        command='registry.alias',
        summary='Point an alias at a version, protect it or remove it; with a name alone, show its aliases.',
        examples=('Sentiment@3 prod --protect', 'Sentiment'),
        arguments=(
            Argument(
                name='REF',
                help='Name@3, the version to point to; or Name@prod, an alias',
                offers='name',
                check='reference',
            ),
            Argument(name='ALIAS', help='the alias to point to it, such as prod', offers='alias', optional=True),
            Argument(name='--remove', help='remove the alias'),
            Argument(name='--protect', help='allow nobody to move it without --force'),
            Argument(name='--unprotect', help='allow everybody to move it again'),
            Argument(name='--force', help='move the alias even where it is protected'),
            Argument(name='--message', help='the reason, for people who read this later', short='-m', value='TEXT', text='line'),
        ),
    ),
    Verb(
        name='tag',
        command='registry.tag',
        summary='Add tags to a version, or remove them.',
        examples=('Sentiment@3 reviewed',),
        arguments=(
            Argument(name='REF', help='Name@3 or Name@prod; Name alone is its latest version', offers='name', check='reference'),
            Argument(name='TAGS', help='words', offers='tag', many=True),
            Argument(name='--remove', help='remove these tags'),
        ),
    ),
    Verb(
        name='note',
        command='registry.note',
        summary='Add a note to a version.',
        examples=('Sentiment@3 Watch the sarcasm',),
        arguments=(
            Argument(name='REF', help='Name@3 or Name@prod; Name alone is its latest version', offers='name', check='reference'),
            Argument(name='TEXT', help='a sentence, as it stands', text='line', many=True),
        ),
    ),
    Verb(
        name='export',
        command='registry.export',
        summary='Write versions, with everything they need, to one file.',
        examples=('sentiment.json Sentiment',),
        arguments=(
            Argument(name='PATH', help='the file to write', offers='path'),
            Argument(
                name='REFS',
                help='what to write, with everything it needs (default: all)',
                offers='name',
                check='reference',
                optional=True,
                many=True,
            ),
        ),
    ),
    Verb(
        name='import',
        command='registry.import_',
        summary='Import a file that somebody exported; nothing in it is executed.',
        examples=('sentiment.json --dry-run',),
        arguments=(
            Argument(name='PATH', help='a file that export wrote', offers='path'),
            Argument(name='--move', help='also move aliases that point to another version here'),
            Argument(name='--dry-run', help='only show what would be done'),
        ),
    ),
    Verb(
        name='delete',
        command='registry.delete',
        summary='Delete a version, or all versions of a name, if nothing else needs them.',
        examples=('Sentiment@4',),
        arguments=(
            Argument(name='REF', help='Name@3 for one version, Name for all of them', offers='name', check='reference'),
        ),
    ),
    Verb(
        name='examples',
        command='data.examples',
        summary='Make a dataset of examples, and keep it as a version.',
        examples=(
            (
                'devset --for Sentiment\n'
                'review,sentiment\n'
                'Just what I hoped for.,positive\n'
                'Came late and broke in a day.,negative'
            ),
        ),
        given=('body', 'namespace'),
        arguments=(
            Argument(name='NAME', help='the variable, and the name in the registry', check='variable'),
            Argument(
                name='--from',
                help='a variable, a file (.jsonl .csv .parquet), a version, or history: what was marked',
                value='DATA',
                offers='data',
            ),
            Argument(name='--for', help='the signature whose fields they are', value='NAME', offers='name'),
            Argument(name='--message', help='the reason, for people who read this later', short='-m', value='TEXT', text='line'),
        ),
    ),
    Verb(
        name='split',
        command='data.split',
        summary='Split a dataset into parts that share no row.',
        examples=('devset 0.7 0.3', 'devset train=0.6 dev=0.2 test=0.2 --by sentiment'),
        given=('namespace',),
        arguments=(
            Argument(name='NAME', help='a dataset: a variable, a version, or a file', offers='data'),
            Argument(name='SHARES', help='0.7 0.3, or with names: train=0.6 dev=0.2 test=0.2', text='words', many=True),
            Argument(name='--seed', help='another one gives other parts', value='SEED', check='seed', default=0),
            Argument(name='--by', help='a column: each part has its share of each value', value='COLUMN'),
        ),
    ),
    Verb(
        name='case',
        command='cases.case',
        summary='Keep an input as a case, list the cases, or delete one.',
        examples=('Sentiment late review="Came late." --expect sentiment=negative', 'Sentiment praise --from _', 'Sentiment'),
        given=('namespace', 'body'),
        arguments=(
            Argument(name='NAME', help='a signature or a program', offers='name'),
            Argument(name='CASE', help='what to call the case; leave it out to list all', optional=True),
            Argument(name='VALUES', help='the inputs, as name=value', optional=True, many=True),
            Argument(
                name='--from',
                help='last, the number of an answer, or a variable with a prediction',
                value='VAR',
                offers='variable',
            ),
            Argument(name='--expect', help='what has to come out, as name=value', value='NAME=VALUE', several=True),
            Argument(name='--delete', help='delete the case'),
        ),
    ),
    Verb(
        name='test',
        command='cases.test',
        summary='Run the cases of a signature, on versions or models side by side.',
        examples=('Sentiment', 'Sentiment --versions 2 3', 'Sentiment --lm fast mlx/tiny'),
        given=('namespace',),
        arguments=(
            Argument(name='NAME', help='a signature or a program whose cases are run; Name@3 runs that version', offers='name'),
            Argument(name='--versions', help='numbers of versions to run side by side', value='N', check='whole', several=True),
            Argument(name='--lm', help='models to ask, side by side', value='LM', offers='model', several=True),
            Argument(name='--threads', help='cases at once', value='N', check='whole', default=8),
        ),
    ),
    Verb(
        name='mark',
        command='cases.mark',
        summary='Say that an answer was right or wrong, or what is right.',
        examples=('right', 'last wrong', '2 --correct sentiment=negative', 'last --undo'),
        given=('namespace',),
        arguments=(
            Argument(
                name='WORDS',
                help='which answer (last, a number, or a variable such as _), then right or wrong',
                text='words',
                optional=True,
                many=True,
            ),
            Argument(name='--correct', help='what is right, as name=value', value='NAME=VALUE', several=True),
            Argument(name='--undo', help='take back what was said'),
        ),
    ),
    Verb(
        name='evaluate',
        command='evaluate.evaluate',
        summary='Measure how well a signature or a program does.',
        examples=('Triage --on devset', 'Triage@3 --on devset --metric f1 --lm fast --budget "200 calls"'),
        given=('namespace', 'follow'),
        arguments=(
            Argument(
                name='NAME',
                help=(
                    'a signature or a program: a variable of this notebook, else the latest version of that name; or '
                    'Name@3, Name@prod'
                ),
                offers='name',
            ),
            Argument(
                name='--on',
                help='the examples: a variable, a dataset of the registry, or a file',
                value='DATA',
                offers='data',
            ),
            Argument(
                name='--metric',
                help='a name, or a function (example, prediction) -> float',
                value='METRIC',
                offers='function',
                default='exact_match',
            ),
            Argument(
                name='--lm',
                help='the model to ask: a name given with the verb lm, or a full name',
                value='LM',
                offers='model',
            ),
            Argument(name='--threads', help='rows at once', value='N', check='whole', default=8),
            Argument(name='--first', help='only so many rows', value='N', check='whole'),
            Argument(
                name='--module',
                help='how a signature is run (default: Predict)',
                choices=('Predict', 'ChainOfThought'),
                value='MODULE',
            ),
            Argument(name='--budget', help='the most that it may use: 200 calls, 50k tokens, 2 USD, 10 min', value='BUDGET'),
            Argument(name='--resume', help='a run that was stopped: its rows are not run again', value='RUN', offers='run'),
            Argument(
                name='--where',
                help='in this process, or on workers of Ray',
                choices=('here', 'ray'),
                value='WHERE',
                default='here',
            ),
            Argument(name='--workers', help='processes of Ray', value='N', check='whole', default=2),
            Argument(name='--yes', help='begin without asking about the cost'),
        ),
    ),
    Verb(
        name='compare',
        command='compare.compare',
        summary='Compare versions, models or layouts on the same examples.',
        examples=(
            'Triage@1 Triage@2 --on devset',
            'Triage --on devset --metric f1 --lm fast openai/gpt-5-mini',
            'Triage --on devset --layout json chat',
        ),
        given=('namespace', 'follow'),
        arguments=(
            Argument(
                name='NAMES',
                help=(
                    'signatures or programs: variables of this notebook, else the latest of that name; or Name@3, '
                    'Name@prod'
                ),
                offers='name',
                many=True,
            ),
            Argument(
                name='--on',
                help='the examples: a variable, a dataset of the registry, or a file',
                value='DATA',
                offers='data',
            ),
            Argument(
                name='--metric',
                help='a name, or a function (example, prediction) -> float',
                value='METRIC',
                offers='function',
                default='exact_match',
            ),
            Argument(
                name='--lm',
                help='models to compare; the default model unless given',
                value='LM',
                offers='model',
                several=True,
            ),
            Argument(
                name='--layout',
                help='forms of the prompt to compare',
                choices=('json', 'chat', 'dspy-json', 'dspy-chat', 'dspy-xml'),
                value='LAYOUT',
                several=True,
            ),
            Argument(name='--threads', help='rows at once', value='N', check='whole', default=8),
            Argument(
                name='--budget',
                help='the most that all columns may use: 200 calls, 50k tokens, 2 USD, 10 min',
                value='BUDGET',
            ),
            Argument(name='--fresh', help='ask again what is known from an evaluation before'),
            Argument(name='--yes', help='begin without asking about the cost'),
        ),
    ),
    Verb(
        name='promote',
        command='compare.promote',
        summary='Point an alias at a version, unless it is worse than the old one.',
        examples=(
            'Triage@4 prod --on devset',
            'Triage@4 prod --on devset --metric f1 --margin 2%',
            'Triage@4 prod --on devset --force -m "The old one is too slow"',
        ),
        given=('namespace', 'follow'),
        arguments=(
            Argument(name='REF', help='Name@4, the new version', offers='name', check='reference'),
            Argument(name='ALIAS', help='that will point to it, such as prod', offers='alias'),
            Argument(
                name='--on',
                help='the examples: a variable, a dataset of the registry, or a file',
                value='DATA',
                offers='data',
            ),
            Argument(
                name='--metric',
                help='a name, or a function (example, prediction) -> float',
                value='METRIC',
                offers='function',
                default='exact_match',
            ),
            Argument(
                name='--margin',
                help='the largest loss that is accepted while it is not proved',
                value='RATE',
                check='share',
                default=0.05,
            ),
            Argument(name='--lm', help='the model to ask', value='LM', offers='model'),
            Argument(name='--threads', help='rows at once', value='N', check='whole', default=8),
            Argument(name='--budget', help='the most that both evaluations may use: 200 calls, 2 USD, 10 min', value='BUDGET'),
            Argument(name='--force', help='move the alias even if the version is worse, or the alias protected'),
            Argument(name='--message', help='the reason, for people who read this later', short='-m', value='TEXT', text='line'),
            Argument(name='--yes', help='begin without asking about the cost'),
        ),
    ),
    Verb(
        name='cost',
        command='cost.cost',
        summary='Estimate what a run costs, without running it.',
        examples=('Triage --on devset', 'Triage --on trainset --with mipro --lm openai/gpt-5-mini'),
        given=('namespace',),
        arguments=(
            Argument(
                name='NAME',
                help='a signature of this notebook, or a program; or Name@3, Name@prod in the registry',
                offers='name',
            ),
            Argument(
                name='--on',
                help='the examples: a variable, a dataset of the registry, or a file',
                value='DATA',
                offers='data',
            ),
            Argument(
                name='--with',
                help='an optimiser; without one an evaluation is meant',
                choices=('bootstrap', 'random_search', 'mipro', 'gepa', 'simba'),
                value='WITH',
            ),
            Argument(
                name='--lm',
                help='the model to ask: a name given with the verb lm, or a full name',
                value='LM',
                offers='model',
            ),
            Argument(name='--threads', help='rows at once', value='N', check='whole', default=8),
            Argument(
                name='--module',
                help='how a signature is run (default: Predict)',
                choices=('Predict', 'ChainOfThought'),
                value='MODULE',
            ),
        ),
    ),
    Verb(
        name='optimize',
        command='optimize.optimize',
        summary='Make a signature or a program better on data.',
        examples=(
            'Triage --with random_search --on trainset',
            (
                'Triage@3 --with mipro --on trainset --val devset --metric f1 --option num_candidates=4 --budget "500 '
                'calls"'
            ),
        ),
        given=('namespace', 'follow'),
        arguments=(
            Argument(
                name='NAME',
                help='a signature of this notebook, or a program; or Name@3, Name@prod in the registry',
                offers='name',
            ),
            Argument(
                name='--with',
                help='the optimiser',
                choices=('bootstrap', 'random_search', 'mipro', 'gepa', 'simba'),
                value='WITH',
                default='bootstrap',
            ),
            Argument(
                name='--on',
                help='the examples that it learns from: a variable, a dataset of the registry, or a file',
                value='DATA',
                offers='data',
            ),
            Argument(
                name='--val',
                help='the examples that candidates are scored on (default: half of the others)',
                value='DATA',
                offers='data',
            ),
            Argument(
                name='--metric',
                help='a name, or a function (example, prediction) -> float (default: exact_match)',
                value='METRIC',
                offers='function',
            ),
            Argument(
                name='--lm',
                help='the model to ask: a name given with the verb lm, or a full name',
                value='LM',
                offers='model',
            ),
            Argument(name='--option', help="of DSPy's class, such as num_candidates=4", value='NAME=VALUE', many=True),
            Argument(name='--seed', help='of all that the optimiser draws', value='SEED', check='seed', default=0),
            Argument(name='--threads', help='rows at once', value='N', check='whole', default=8),
            Argument(name='--to', help='what to call the winner in the registry (default: as the start is called)', value='TO'),
            Argument(name='--budget', help='the most that it may use: 500 calls, 50k tokens, 2 USD, 10 min', value='BUDGET'),
            Argument(name='--resume', help='a run that was stopped: it asks for nothing twice', value='RUN', offers='run'),
            Argument(name='--yes', help='run it, whatever it is likely to cost'),
        ),
    ),
    Verb(
        name='calibrate',
        command='calibrate.calibrate',
        summary='Correct what a model prefers among the labels of a choice.',
        examples=('Triage devset', 'Triage@3 devset --lm mlx/smollm2 --seed 1', 'Triage inputs --method batch'),
        given=('namespace', 'follow'),
        arguments=(
            Argument(
                name='NAME',
                help='a signature of this notebook, or a program; or Name@3, Name@prod in the registry',
                offers='name',
            ),
            Argument(
                name='DATA',
                help='the examples, about 20 a label: a variable, a dataset of the registry, or a file',
                offers='data',
            ),
            Argument(
                name='--lm',
                help='the model to ask, one that gives probabilities: mlx/tiny, mlx/<folder or hub repo>',
                value='LM',
                offers='model',
            ),
            Argument(
                name='--method',
                help='fit to labels, or take a batch of inputs without labels',
                choices=('labels', 'batch'),
                value='METHOD',
                default='labels',
            ),
            Argument(name='--seed', help='of the parts of the cross-validation', value='SEED', check='seed', default=0),
            Argument(name='--threads', help='rows at once', value='N', check='whole', default=8),
            Argument(name='--to', help='what to call the result in the registry (default: as the start is called)', value='TO'),
        ),
    ),
    Verb(
        name='finetune',
        command='finetune.finetune',
        summary='Train a model on examples of a signature; the result is a model.',
        examples=('Triage --on trainset', 'Triage --on trainset --lm mlx/tiny --steps 100 --name triage-lora', '--resume last'),
        given=('namespace', 'follow'),
        arguments=(
            Argument(
                name='TARGET',
                help='a signature of this notebook, or a program; or Name@3, Name@prod in the registry',
                offers='name',
                optional=True,
            ),
            Argument(
                name='--on',
                help='the examples: a variable, a dataset of the registry, or a file',
                value='DATA',
                offers='data',
            ),
            Argument(
                name='--lm',
                help='the model to train, one that runs here: mlx/tiny, mlx/<folder or hub repo>',
                value='LM',
                offers='model',
            ),
            Argument(name='--name', help='of the result, which is then called LM+NAME', value='NAME'),
            Argument(name='--steps', help='most steps', value='N', check='whole', default=100),
            Argument(
                name='--rank',
                help="columns of the adapter's matrices; more learn more, and more slowly",
                value='N',
                check='whole',
                default=8,
            ),
            Argument(
                name='--learning-rate',
                help="less where the loss jumps (default: by the model's width)",
                value='NUMBER',
                check='number',
            ),
            Argument(name='--batch-size', help='examples of a step', value='N', check='whole', default=8),
            Argument(
                name='--held-out',
                help='share of the examples that the loss is only measured on',
                value='RATE',
                check='share',
                default=0.1,
            ),
            Argument(
                name='--every',
                help='steps between two measurements; the training is saved then too',
                value='N',
                check='whole',
                default=10,
            ),
            Argument(
                name='--patience',
                help='measurements without a better loss after which the training ends',
                value='N',
                check='whole',
                default=3,
            ),
            Argument(name='--seed', help='of the order of the examples', value='SEED', check='seed', default=0),
            Argument(name='--replace', help='take the place of a tuned model of this name'),
            Argument(name='--budget', help='the most time that it may take, such as 10 min', value='BUDGET'),
            Argument(name='--resume', help='a training that was stopped, instead of a new one', value='RUN', offers='run'),
            Argument(name='--yes', help='begin without asking about the time'),
        ),
    ),
    Verb(
        name='runs',
        command='runs.runs',
        summary='List the long runs that are kept.',
        examples=('', '--kind optimize'),
        arguments=(
            Argument(name='--kind', help='only runs of this kind', choices=('evaluate', 'optimize', 'finetune'), value='KIND'),
            Argument(name='--last', help='at most so many, the newest', value='N', check='whole', default=30),
        ),
    ),
    Verb(
        name='resume',
        command='runs.resume',
        summary='Go on with a run that was stopped.',
        examples=('last', 'evaluate-20261127-101500-1f2e --budget "500 calls"'),
        given=('namespace', 'follow'),
        arguments=(
            Argument(name='RUN', help='its id, the beginning or the end of it, or last', offers='run'),
            Argument(name='--threads', help='at once (default: as before)', value='N', check='whole'),
            Argument(name='--budget', help='the most that it may use, with what it has used', value='BUDGET'),
        ),
    ),
    Verb(
        name='define',
        command='define.define_file',
        summary='Keep the signatures of a file as versions; no file is run for it.',
        examples=('triage.dspy', 'signatures.py'),
        given=('body', 'namespace'),
        arguments=(
            Argument(
                name='PATH',
                help='cells (.dspy), Python with signature classes, a notebook, or BAML; - reads cells from stdin',
                offers='path',
            ),
        ),
    ),
    Verb(
        name='convert',
        command='convert.convert',
        summary='Convert signatures: notebook, Python module, export, BAML. No file is run for it.',
        examples=('mail.ipynb mail.py', 'prompts.baml prompts.ipynb'),
        arguments=(
            Argument(
                name='SOURCE',
                help='a notebook, a Python file, an export of the registry, a BAML file or a folder of these',
                offers='path',
            ),
            Argument(name='TARGET', help='the notebook or the Python file to write; - prints it', offers='path'),
            Argument(name='--force', help='write over a file that is there'),
        ),
    ),
    Verb(
        name='completion',
        command='completion.completion',
        summary='Print a script that completes the command line in bash, zsh or fish.',
        examples=('bash',),
        arguments=(
            Argument(name='SHELL', help='the shell that completes', choices=('bash', 'zsh', 'fish')),
        ),
    ),
    Verb(
        name='list',
        command='listing.list_versions',
        summary='List what the registry has, the newest first, and what only this notebook has.',
        examples=('--kind program',),
        given=('namespace',),
        arguments=(
            Argument(name='--kind', help='list only these', choices=('signature', 'program', 'dataset'), value='KIND'),
            Argument(name='--most', help='how many to list', value='N', check='whole', default=50),
        ),
    ),
    Verb(
        name='init',
        command='project.init',
        summary='Start a project that works at once: notebook, signature, examples, test and settings.',
        examples=('triage', 'adapter --template lora'),
        arguments=(
            Argument(name='FOLDER', help='the folder to make; or one that is there and empty, such as .', offers='path'),
            Argument(
                name='--template',
                help='what the project begins with',
                choices=('basic', 'lora', 'diffusion', 'clip', 'federated'),
                value='TEMPLATE',
                default='basic',
            ),
            Argument(
                name='--force',
                help='also into a folder that is not empty: missing files are added, and none that is there is changed',
            ),
        ),
    ),
    Verb(
        name='doctor',
        command='doctor.doctor',
        summary='Check packages, machine, models, settings and data, and say what to do about faults.',
        examples=('', '--online'),
        arguments=(
            Argument(name='--online', help="also ask the hub, the registry's server, and each provider whose key is set"),
            Argument(name='--full', help='show every setting, also those that have their default'),
        ),
    ),
    Verb(name='settings', command='doctor.settings', summary='Show every setting, and where its value comes from.'),
    Verb(
        name='dashboard',
        command='monitoring.dashboard',
        summary='Show requests, latency, tokens, breakers and calls as they are now.',
        examples=('', '--last 3600'),
        given=('redraw',),
        arguments=(
            Argument(
                name='--last',
                help='seconds that the charts show, at most a day',
                value='SECONDS',
                check='duration',
                default=600,
            ),
            Argument(name='--watch', help='in a terminal, draw it anew until Ctrl+C'),
        ),
    ),
    Verb(
        name='alerts',
        command='alerts.alerts',
        summary='Show the rules that watch the models, and which are out of bounds.',
    ),
    Verb(
        name='supervise',
        command='recovery.supervise',
        summary='Have models that die or hang restarted; show what was done.',
        examples=('', '--off'),
        arguments=(
            Argument(name='--off', help='stop supervising; the models stay as they are'),
        ),
    ),
    Verb(
        name='why',
        command='why.why',
        summary='Show where the time of a call went, and what would help most.',
        examples=('', '3'),
        arguments=(
            Argument(name='CALL', help='its number (1 is the latest, as in history), or the beginning of its ID', optional=True),
        ),
    ),
    Verb(
        name='history',
        command='calls.history',
        summary='Show the calls of this session and of earlier ones, the latest first, or one in full.',
        examples=('--version Sentiment', '--since yesterday --outcome error', '1'),
        arguments=(
            Argument(
                name='WORDS',
                help='words of the prompt or the answer; a number alone shows that call in full',
                text='words',
                optional=True,
                many=True,
            ),
            Argument(
                name='--version',
                help='only calls for this version, or for all versions of a name',
                value='REF',
                offers='name',
                check='reference',
            ),
            Argument(name='--model', help='only calls of this model; a part of its name will do', value='LM', offers='model'),
            Argument(name='--since', help='only calls since then: 2h, 3d, today, yesterday, 2026-11-20', value='SINCE'),
            Argument(
                name='--outcome',
                help='only calls that ended so',
                choices=('ok', 'unparsed', 'cancelled', 'error'),
                value='OUTCOME',
            ),
            Argument(
                name='--session',
                help='of which sessions; this is the one that runs now',
                choices=('all', 'this'),
                value='SESSION',
                default='all',
            ),
            Argument(name='--most', help='how many to list', value='N', check='whole', default=20),
        ),
    ),
    Verb(
        name='help',
        command='system.help',
        summary='List all verbs, or explain one.',
        examples=('run',),
        arguments=(
            Argument(name='VERB', help='the verb to explain; leave it out to list all', offers='verb', optional=True),
        ),
    ),
    Verb(
        name='schema',
        command='system.schema',
        summary='Show what a verb prints with --json, as a JSON Schema with the meaning of each key.',
        examples=('list', 'evaluate'),
        arguments=(
            Argument(name='VERB', help='the verb whose JSON is meant', offers='verb'),
        ),
    ),
)}
