"""The tasks that the built-in model learns: signatures in many wordings, with examples of each.

A task is a function from `Words` to a signature and a sampler; the sampler gives inputs, outputs and
the reasoning that a ChainOfThought writes before them.
"""
from .layout import Field, Sig, default_instructions, literal
from .lexicon import TRAIN, Words, entries
from .reading import passage

TOPICS = 'sports politics technology business health science travel food music weather education'.split()
ADVERBS = ('really', 'very', 'so', 'absolutely', 'quite', 'truly', 'just', 'incredibly', 'extremely', 'pretty')


def pool(w: Words, *names):
    "The entries of several lists together."
    return [e for n in names for e in entries(n, w.split)]


def signature(w: Words, instructions, inputs, outputs):
    "A signature whose instructions are now and then the ones DSPy makes up."
    said = default_instructions(inputs, outputs) if w.chance(.15) else instructions
    return Sig(said, tuple(inputs), tuple(outputs))


def text_field(w: Words, *names, desc=.15):
    name = w.rng.choice(names)
    return Field(name, desc=w.rng.choice([f'the {name} to read', 'as written', 'what the person wrote', f'a {name}']) if w.chance(desc) else '')


# ---------------------------------------------------------------- classification

def _plural(thing): return thing.endswith('s') and not thing.endswith(('ss', 'us', 'is')) or thing.startswith(('these', 'those'))


def _opinion(w: Words, polarity):
    "One sentence with a polarity, and the words that show it."
    kind, mine, other = w.rng.random(), f'sentiment_{polarity}', f'sentiment_{"negative" if polarity == "positive" else "positive"}'
    if kind < .5:
        s = w.rng.choice(pool(w, f'{mine}_sentences', f'{mine}_more'))
        return s, s
    if kind < .62:
        p = w.pick(f'{mine}_verb_phrases')
        return w.form('{p}', 'I {p}', '{t}: {p}', '{p}, {a} {j}').format(p=p, t=w.pick('sentiment_things'), a=w.rng.choice(ADVERBS), j=w.pick(f'{mine}_adj')), p
    thing, adj, adv = w.pick('sentiment_things'), w.pick(f'{mine}_adj'), w.rng.choice(ADVERBS)
    was = 'were' if _plural(thing) else 'was'
    if kind < .72:
        wrong = w.pick(f'{other}_adj')
        return w.form('{t} {was} not {x} at all', "{t} {was}n't {x}", 'not a {x} experience', 'nothing about {t} {was} {x}', '{t} {was} never {x}', 'I did not find {t} {x}').format(t=thing, was=was, x=wrong), f'not {wrong}'
    second, thing2 = w.pick(f'{mine}_adj'), w.pick('sentiment_things')
    return w.form('{t} {was} {v} {x}', '{t} {was} {x}', '{t} {was} {x} and {y}', 'what a {x} experience', 'I found {t} {v} {x}', '{x} and {y}', '{t} {was} {x}, and {u} too', 'I think {t} {was} {v} {x}',
                  'we thought {t} {was} {x}', '{v} {x}', '{t} turned out to be {x}', 'overall {x}', 'in short, {t} {was} {x}', '{t} looked {x}', '{t} seemed {x} to me', 'honestly, {t} {was} {x}',
                  'my {r} said {t} {was} {x}').format(t=thing, was=was, v=adv, x=adj, y=second, u=thing2, r=w.pick('relations')), adj


def review(w: Words, polarity):
    "A text of one to three sentences with a polarity, and its cue."
    if polarity == 'neutral':
        n = w.rng.choice([1, 1, 2])
        if w.chance(.2): return passage(w, n)[1], ''
        lines = pool(w, 'sentiment_neutral_sentences', 'sentiment_neutral_more', *(['statements_lower'] if w.chance(.2) else []))
        return w.join(*w.rng.sample(lines, n)), ''
    said = [_opinion(w, polarity) for _ in range(w.rng.choice([1, 1, 1, 2, 2, 3]))]
    texts = [s for s, _ in said]
    if w.chance(.18): texts.insert(w.rng.randint(0, len(texts)), w.rng.choice(pool(w, 'sentiment_neutral_sentences', 'sentiment_neutral_more')))
    elif w.chance(.08): texts.insert(0, w.form('{o}, but', 'at first {o}, but', '{o} at the start, but', 'they said {o}, but').format(o=_opinion(w, 'negative' if polarity == 'positive' else 'positive')[0].rstrip('.!?')) + ' ' + texts.pop(0))
    return w.join(*texts), said[-1][1]


def sentiment(w: Words):
    names = {'positive': w.rng.choice(['positive'] * 6 + ['good', 'pos', 'happy']), 'negative': w.rng.choice(['negative'] * 6 + ['bad', 'neg', 'unhappy']), 'neutral': w.rng.choice(['neutral'] * 6 + ['mixed', 'none'])}
    if names['positive'] in ('good', 'pos', 'happy'): names['negative'] = {'good': 'bad', 'pos': 'neg', 'happy': 'unhappy'}[names['positive']]
    kinds = ['positive', 'negative', 'neutral'] if w.chance(.5) else ['positive', 'negative']
    kinds = w.rng.sample(kinds, len(kinds)) if w.chance(.6) else kinds
    field = text_field(w, 'text', 'review', 'sentence', 'comment', 'message', 'feedback', 'tweet', 'post', 'passage')
    out = w.rng.choice(['sentiment'] * 5 + ['label', 'polarity', 'mood', 'tone', 'feeling', 'opinion'])
    as_bool = w.chance(.12)
    target = Field(w.rng.choice(['is_positive', 'positive', 'happy', 'satisfied', 'liked_it']), 'bool') if as_bool else literal(out, [names[k] for k in kinds])
    if as_bool: kinds = ['positive', 'negative']
    said = w.form('Classify the sentiment of the {f}.', 'Decide whether the {f} is positive or negative.', 'What is the sentiment of this {f}?', 'Classify sentiment.', 'Judge the tone of the {f}.', 'Read the {f} and say how the writer feels.',
                  'Classify the {f} by sentiment.', 'Tell whether the writer is happy or unhappy.', 'Label the {f}.', 'Sentiment analysis of a {f}.', 'Find the sentiment.', 'How does the person feel about it?', 'Determine the sentiment expressed in the {f}.',
                  'Is the {f} good or bad?').format(f=field.name)
    sig = signature(w, said, [field], [target])

    def sample():
        k = w.rng.choice(kinds)
        text, cue = review(w, k)
        short = ' '.join(cue.split()[:5]).rstrip('.!?,')
        why = 'The text states facts and no opinion.' if k == 'neutral' else f'"{short}" is {k}.'
        return {field.name: text}, {target.name: k == 'positive' if as_bool else names[k]}, why
    return sig, sample


def _topic_text(w: Words, topic):
    "A text on a topic, and two of its words."
    words, r = w.some(f'topic_{topic}_words', 3), w.rng.random()
    person = w.person()
    if r < .72: s = [w.rng.choice(pool(w, f'topic_{topic}_sentences', f'topic_{topic}_more')) for _ in range(w.rng.choice([1, 1, 1, 2]))]
    elif r < .82:
        s = [w.form('{p} {v}', 'yesterday {p} {v}', '{p} {v} after the {a}', 'they {v} because of the {a}', 'she {v} and talked about the {a}', 'he {v} again').format(p=person, v=w.pick(f'topic_{topic}_verbs'), a=words[0])]
    else:
        s = [w.form('the {a} and the {b} were in the news today', 'everybody talks about the {a}', 'I read an article about {a} and {b}', '{p} wrote about {a}, {b} and {c}', 'we discussed the {a} for an hour', 'the {a} came before the {b}',
                    'a new {a} was announced this week', 'there is a problem with the {a}', '{p} knows all about {a} and {b}', 'the {a} will change the {b}', 'what do you think about the {a}', 'the {a} needs a better {b}',
                    'many people asked about the {a}, the {b} and the {c}', 'this is a story about a {a}').format(a=words[0], b=words[1], c=words[2], p=person)]
    text = w.join(*s)
    return text, words


def topic(w: Words):
    kinds = w.rng.sample(TOPICS, w.rng.choice([2, 3, 4, 4, 5, 5, 6, 6, 8, 11]))
    other = {'technology': 'tech', 'sports': 'sport', 'music': 'entertainment', 'business': 'finance', 'health': 'medicine', 'politics': 'government', 'food': 'cooking', 'travel': 'tourism'}
    names = {k: other[k] if k in other and w.chance(.12) else k for k in kinds}
    field = text_field(w, 'text', 'headline', 'article', 'sentence', 'message', 'passage', 'post', 'document', 'snippet', 'news')
    target = literal(w.rng.choice(['topic'] * 5 + ['category', 'subject', 'label', 'section', 'theme', 'area']), [names[k] for k in kinds])
    said = w.form('Classify the topic of the {f}.', 'What is the {f} about?', 'Choose the topic.', 'Pick the section of the newspaper for this {f}.', 'Label the {f} with its topic.', 'Assign a {t} to the {f}.', 'Find the main topic of the {f}.',
                  'Sort the {f} by subject.', 'Decide which topic the {f} belongs to.', 'Topic classification.', 'Determine the {t} of a short {f}.', 'Say which {t} fits best.').format(f=field.name, t=target.name)
    sig = signature(w, said, [field], [target])

    def sample():
        k = w.rng.choice(kinds)
        text, words = _topic_text(w, k)
        seen = [x for x in entries(f'topic_{k}_words', w.split) if x in text.lower()][:2]
        why = f'It mentions {" and ".join(seen)}, so it is about {k}.' if seen else f'The text is about {k}.'
        return {field.name: text}, {target.name: names[k]}, why
    return sig, sample


TEAMS = ('billing', 'technical', 'sales')


def _email(w: Words, team, urgency, human):
    "A support email with a known team, urgency and wish for a person."
    body = w.rng.sample(pool(w, f'routing_{team}', f'routing_{team}_more'), w.rng.choice([1, 1, 1, 2]))
    extra = []
    if urgency == 'high': extra.append(w.rng.choice(pool(w, 'routing_urgent', 'routing_urgent_more')))
    elif urgency == 'low': extra.append(w.rng.choice(pool(w, 'routing_norush', 'routing_norush_more')))
    if human: extra.append(w.rng.choice(pool(w, 'routing_human', 'routing_human_more')))
    if w.chance(.3): extra.append(w.pick('routing_normal'))
    parts = body + w.rng.sample(extra, len(extra))
    if w.chance(.25): w.rng.shuffle(parts)
    if w.chance(.25): parts.insert(0, w.pick('routing_greetings'))
    text = w.join(*parts)
    if w.chance(.12): text += ' ' + w.pick('routing_signoffs') + ' ' + w.person()
    return text


def routing(w: Words):
    main = w.chance(.55)  # the signature of the quickstart, most of the time
    field = Field('email', desc='as received' if w.chance(.6) else '') if main else text_field(w, 'email', 'message', 'ticket', 'text', 'request', 'complaint', 'mail')
    teams, levels = list(TEAMS), ['low', 'normal', 'high']
    if not main and w.chance(.5): w.rng.shuffle(teams)
    if not main and w.chance(.3): levels.reverse()
    names = {'billing': 'billing', 'technical': 'technical', 'sales': 'sales'} if main or w.chance(.6) else {'billing': w.rng.choice(['billing', 'finance', 'payments', 'accounts']), 'technical': w.rng.choice(['technical', 'support', 'engineering', 'tech']), 'sales': w.rng.choice(['sales', 'account', 'commercial'])}
    mid = 'normal' if main else w.rng.choice(['normal', 'normal', 'medium'])
    level = {'low': 'low', 'normal': mid, 'high': 'high'}
    priority = literal('priority' if main else w.rng.choice(['priority', 'urgency', 'level']), [level[x] for x in levels], 'how soon a person must look' if main and w.chance(.6) else '')
    team = literal('team' if main else w.rng.choice(['team', 'department', 'queue', 'category', 'route']), [names[t] for t in teams])
    human = Field('needs_human' if main else w.rng.choice(['needs_human', 'wants_person', 'escalate', 'call_back']), 'bool')
    outputs = [priority, team, human]
    if not main:
        outputs = w.rng.sample(outputs, w.rng.choice([1, 1, 2, 3]))
    elif w.chance(.1): outputs = w.rng.sample(outputs, 3)
    said = 'Route a support email to the right team.' if main and w.chance(.7) else w.form('Route the {f} to the right team.', 'Triage a support {f}.', 'Read the {f} and decide who handles it.', 'Sort customer mail.', 'Decide how to handle this {f}.',
                                                                                       'Classify the {f} for the help desk.', 'Which team should answer this {f}?', 'Triage.', 'Send the {f} to the right place.').format(f=field.name)
    sig = signature(w, said, [field], outputs)

    def sample():
        t, u, h = w.rng.choice(TEAMS), w.rng.choice(['low', 'normal', 'normal', 'high']), w.chance(.28)
        needs = h or u == 'high'
        about = {'billing': 'a payment', 'technical': 'something that does not work', 'sales': 'buying'}[t]
        hurry = {'low': 'There is no hurry.', 'normal': 'It is not urgent.', 'high': 'It is urgent.'}[u]
        why = f'The {field.name} is about {about}. {hurry} ' + ('A person must look.' if needs else 'No person is asked for.')
        values = {priority.name: level[u], team.name: names[t], human.name: needs}
        return {field.name: _email(w, t, u, h)}, {o.name: values[o.name] for o in outputs}, why
    return sig, sample


def message_kind(w: Words):
    "Requests, complaints, questions and plain statements; bool or label."
    lists = {'request': 'requests', 'complaint': 'complaints', 'statement': 'statements_lower'}
    kinds = w.rng.sample(list(lists), w.rng.choice([2, 2, 3]))
    field = text_field(w, 'text', 'message', 'sentence', 'note', 'comment')
    as_bool = w.chance(.4)
    target = Field(f'is_{kinds[0]}', 'bool') if as_bool else literal(w.rng.choice(['kind', 'type', 'label', 'intent']), kinds)
    said = w.form('Is the {f} a {k}?', 'Say whether the {f} is a {k}.', 'Check for a {k}.').format(f=field.name, k=kinds[0]) if as_bool else w.form('What kind of {f} is it?', 'Classify the intent of the {f}.', 'Find the kind of {f}.').format(f=field.name)
    sig = signature(w, said, [field], [target])

    def sample():
        k = kinds[0] if as_bool and w.chance(.4) else w.rng.choice(kinds)
        text = w.join(w.pick(lists[k]))
        return {field.name: text}, {target.name: k == kinds[0] if as_bool else k}, f'The {field.name} is a {k}.'
    return sig, sample


# ---------------------------------------------------------------- reading

def _reading_fields(w: Words):
    context = Field(w.rng.choice(['context'] * 4 + ['passage', 'text', 'document', 'paragraph', 'story']))
    question = Field(w.rng.choice(['question'] * 6 + ['query', 'q']))
    return context, question


def yes_no(w: Words):
    context, question = _reading_fields(w)
    target = Field(w.rng.choice(['answer'] * 5 + ['yes', 'result', 'is_true', 'correct']), 'bool') if w.chance(.75) else literal('answer', w.rng.choice([('yes', 'no'), ('no', 'yes'), ('true', 'false')]))
    said = w.form('Answer the question about the {c} with yes or no.', 'Is the answer yes?', 'Read the {c} and answer yes or no.', 'Answer with true or false.', 'Yes or no?', 'Answer the yes/no question.', 'Does the {c} say so?',
                  'Use the {c} to answer the question.', 'Decide whether the answer is yes.', 'Answer the question from the {c}.').format(c=context.name)
    sig = signature(w, said, [context, question], [target])
    lists = pool(w, 'yesno_passages', 'yesno_more')

    def sample():
        if w.chance(.25):
            text, ask, yes = w.rng.choice(lists)
            truth, fact = yes == 'yes', text.split('. ')[0].rstrip('.')
            if w.chance(.2): text = text + ' ' + w.join(passage(w, 1)[1])
        else:
            facts, text = passage(w)
            f, truth = w.rng.choice(facts), w.chance(.5)
            some = [c for c in f.checks if c[1] == truth] or f.checks
            (ask, truth), fact = w.rng.choice(some), f.sentence
        if text.islower(): fact = fact.lower()
        value = truth if target.type == 'bool' else next(o for o in target.options if (o in ('yes', 'true')) == truth)
        why = f'The {context.name} says: {fact}. ' + ('So yes.' if truth else 'So no.')
        return {context.name: text, question.name: ask}, {target.name: value}, why
    return sig, sample


def facts(w: Words):
    "Yes/no questions with no passage, from common knowledge."
    question, target = Field(w.rng.choice(['question', 'question', 'question', 'query'])), Field(w.rng.choice(['answer', 'yes', 'true']), 'bool')
    sig = signature(w, w.form('Answer yes or no.', 'Answer the question.', 'Is it true?', 'Common sense.'), [question], [target])

    def sample():
        truth = w.chance(.5)
        q = w.pick('facts_yes' if truth else 'facts_no')
        return {question.name: q}, {target.name: truth}, f'It is {"true" if truth else "not true"}.'
    return sig, sample


def qa(w: Words):
    context, question = _reading_fields(w)
    target = Field(w.rng.choice(['answer'] * 6 + ['response', 'reply', 'span']), desc=w.rng.choice(['', '', '', 'a short answer', 'copied from the text', 'one to five words']))
    said = w.form('Answer the question from the {c}.', 'Answer the question using the {c}.', 'Read the {c} and answer.', 'Answer the question with a short phrase.', 'Find the answer in the {c}.', 'Answer questions with short answers.',
                  'Question answering.', 'Answer briefly.', 'Give a short answer to the question.', 'Use only the {c} to answer.').format(c=context.name)
    sig = signature(w, said, [context, question], [target])
    lists = pool(w, 'qa_passages', 'qa_more')

    def sample():
        if w.chance(.25):
            text, ask, answer = w.rng.choice(lists)
            fact = next((s for s in text.split('. ') if answer in s), text).rstrip('.')
            if w.chance(.2): text = text + ' ' + w.join(passage(w, 1)[1])
        else:
            fs, text = passage(w, w.rng.choice([1, 1, 2, 2, 3, 4]))
            f = w.rng.choice(fs)
            (ask, answer), fact = w.rng.choice(f.asks), f.sentence
            if text.islower(): fact, answer = fact.lower(), answer.lower()
        return {context.name: text, question.name: ask}, {target.name: answer}, f'The {context.name} says: {fact}.'
    return sig, sample


def _amount(w: Words): return w.rng.choice([w.rng.randint(2, 30), w.rng.randint(2, 99), w.rng.randint(100, 999), w.rng.randint(1000, 9999)])


def extract(w: Words):
    "Names, places and numbers out of one sentence or two."
    text = text_field(w, 'text', 'sentence', 'message', 'note', 'passage', 'report')
    who = Field(w.rng.choice(['person', 'person', 'name', 'name', 'customer', 'who']), desc=w.rng.choice(['', '', 'the name of the person', 'full name']))
    where = Field(w.rng.choice(['place', 'place', 'city', 'city', 'location', 'town']), desc=w.rng.choice(['', '', 'the city', 'where it happened']))
    floating = w.chance(.45)
    many = Field(w.rng.choice(['price', 'cost', 'amount', 'total']), w.rng.choice(['float', 'float', 'float', 'int'])) if floating else Field(w.rng.choice(['amount', 'quantity', 'number', 'count', 'age']), 'int')
    wanted = w.rng.sample([who, where, many], w.rng.choice([1, 2, 2, 3]))
    if w.chance(.7): wanted.sort(key=[who, where, many].index)
    said = w.form('Extract the {o} from the {f}.', 'Find the {o}.', 'Extract the details.', 'Pull out the {o} mentioned in the {f}.', 'Extract facts from the {f}.', 'Read the {f} and fill in the fields.', 'Information extraction.',
                  'Get the {o} from the text.', 'What are the {o}?').format(f=text.name, o=' and '.join(f.name for f in wanted))
    sig = signature(w, said, [text], wanted)
    shapes = [t for t in pool(w, 'extraction_sentences', 'extraction_more') if ('{person}' in t or who not in wanted) and ('{place}' in t or where not in wanted)
              and ('{price}' in t if floating else '{number}' in t or many not in wanted) or many not in wanted and ('{person}' in t or who not in wanted) and ('{place}' in t or where not in wanted)]

    def sample():
        n = _amount(w) if many.name != 'age' else w.rng.randint(3, 95)
        price = n if many.type == 'int' or w.chance(.4) else round(n + w.rng.choice([.5, .25, .75, .99, .95, .1, .2, .4, .49, .9]), 2)
        person = w.person() if w.chance(.8) else w.pseudo_word().capitalize() if w.chance(.5) else f'{w.person().split()[0]} {w.pseudo_word().capitalize()}'
        place = w.pick('cities') if w.chance(.9) else w.pseudo_word().capitalize()
        home = wanted
        if shapes and w.chance(.62) and many.name != 'age': s = w.rng.choice(shapes).format(person=person, place=place, number=n if not floating else w.rng.randint(2, 40), price=price)
        else: s = _composed(w, person, place, n, price, floating, many, [f is who or f is where or f is many for f in home], who in wanted, where in wanted, many in wanted)
        if w.chance(.15): s = w.join(s, w.pick('routing_normal') if w.chance(.3) else w.pick('sentiment_neutral_sentences'))
        values = {who.name: person, where.name: place, many.name: price if floating else n}
        if many.type == 'float': values[many.name] = float(values[many.name])
        why = ' '.join(f'The {f.name} is {values[f.name]}.' for f in wanted)
        return {text.name: s}, {f.name: values[f.name] for f in wanted}, why
    return sig, sample


def _composed(w: Words, person, place, n, price, floating, many, _wanted, has_who, has_where, has_many):
    "A sentence with the wanted parts, put together from clauses."
    plural, single = w.pick('objects_plural')
    thing, (past, *_), when, job = w.pick('objects'), w.pick('verbs_transitive'), w.pick('days_times'), w.pick('jobs')
    if many.name == 'age' and has_many: s = w.form('{p} is {n} years old', '{p}, {n}, is {j}', '{p} turned {n} {t}', 'at the age of {n}, {p} became {j}', 'my {r} {p} is {n}').format(p=person, n=n, j=w.article(job), t=when, r=w.pick('relations'))
    elif floating: s = w.form('{p} paid {x} dollars for {o}', '{p} bought {o} for {x} euros', '{o} cost {p} {x} dollars', 'the total for {p} was {x}', '{p} spent {x} on {o}', '{p} sold {o} for ${x}').format(p=person, x=price, o=w.article(thing))
    elif has_many: s = w.form('{p} {v} {n} {o}', '{p} needs {n} {o}', '{p} ordered {n} {o}', '{n} {o} are waiting for {p}', 'please send {n} {o} to {p}', '{p} counted {n} {o}').format(p=person, v=past, n=n, o=plural)
    else: s = w.form('{p} {v} {o}', '{p} works as {j}', 'I talked to {p} {t}', '{p} called {t}', '{p} is {j}', 'I met {p} {t}', 'a letter from {p} arrived {t}').format(p=person, v=past, o=w.article(thing), j=w.article(job), t=when)
    if has_where: s = w.form('{s} in {c}', '{s} in {c}', 'in {c}, {s}', '{s}, near {c}', '{s} while in {c}', '{s} on a trip to {c}', '{s}, not far from {c}', '{s} and then went to {c}').format(s=s, c=place)
    elif w.chance(.2): s = f'{s} {w.pick("transport")}'
    return w.join(s) if person[0].isupper() and s[0] == person[0] else s[0].upper() + s[1:] + '.'


def keywords(w: Words):
    text, target = text_field(w, 'text', 'sentence', 'passage', 'article', 'note'), Field(w.rng.choice(['keywords'] * 5 + ['key_words', 'tags', 'terms', 'nouns']), 'list[str]')
    sig = signature(w, w.form('List the keywords of the {f}.', 'Extract the keywords.', 'Find the most important words.', 'Pick the main nouns of the {f}.', 'Give keywords for the {f}.', 'Which words matter most?').format(f=text.name), [text], [target])
    lists = pool(w, 'keyword_sentences', 'keyword_more')

    def sample():
        if w.chance(.6):
            s, kw = w.rng.choice(lists)
            kws = [k.strip() for k in kw.split(',')]
        else:
            a, b, (past, *_), where, job = w.pick('objects'), w.pick('objects'), w.pick('verbs_transitive'), w.pick('places_common'), w.pick('jobs')
            adj, (plural, _) = w.pick('adjectives_objects'), w.pick('objects_plural')
            place = where.removeprefix('the ')
            s, kws = w.rng.choice([(f'The {job} {past} the {adj} {a} near {where}.', [job, a, place]), (f'The {a} and the {b} are in {where}.', [a, b, place]), (f'My {(r := w.pick("relations"))} {past} {w.article(a)} and some {plural}.', [r, a, plural]),
                                   (f'She put the {plural} on the {adj} {b} {w.pick("days_times")}.', [plural, b]), (f'{where.capitalize()} was full of {plural} after the {a} arrived.', [place, plural, a])])
        return {text.name: s}, {target.name: kws}, f'The main words are {", ".join(kws)}.'
    return sig, sample


def rewrite(w: Words):
    kind = w.rng.choice(['polite', 'polite', 'fix', 'fix', 'lower', 'upper'])
    source = Field(w.rng.choice(['text', 'sentence', 'message', 'request', 'draft'] if kind != 'polite' else ['request', 'request', 'text', 'sentence', 'message']))
    target = Field(w.rng.choice(['rewritten', 'result', 'output', 'revised', 'answer', 'polite_request' if kind == 'polite' else 'corrected', 'rewrite', 'polite' if kind == 'polite' else 'fixed', 'clean']))
    said = {'polite': w.form('Make the request polite.', 'Rewrite the {f} politely.', 'Make it polite.', 'Turn the {f} into a polite one.', 'Say it politely.'), 'fix': w.form('Fix capitalisation and punctuation.', 'Correct the capital letters and the full stop.', 'Tidy up the {f}.', 'Fix the {f}.', 'Fix capitalization and punctuation.', 'Correct the {f}.'),
            'lower': w.form('Write the {f} in lower case.', 'Make everything lower case.'), 'upper': w.form('Write the {f} in capital letters.', 'Make everything upper case.')}[kind].format(f=source.name)
    sig = Sig(said, (source,), (target,))

    def sample():
        if kind == 'polite':
            s = w.pick('requests') if w.chance(.7) else f"{w.pick('verbs_transitive')[1]} the {w.pick('objects')}"
            s = s.rstrip('.')
            given = (s[0].upper() + s[1:]) if w.chance(.75) else s
            given += w.rng.choice(['.', '.', '.', '', '!'])
            return {source.name: given}, {target.name: f'Please {s}.'}, 'A polite request starts with please.'
        s = w.pick('statements_lower') if w.chance(.5) else w.pick('requests') if w.chance(.3) else passage(w, 1)[0][0].sentence
        s = s.rstrip('.!?')
        if kind == 'fix': return {source.name: s[0].lower() + s[1:]}, {target.name: s[0].upper() + s[1:] + '.'}, 'It needs a capital letter and a full stop.'
        s = s[0].upper() + s[1:] + '.'
        return {source.name: s}, {target.name: s.lower() if kind == 'lower' else s.upper()}, f'The letters become {kind} case.'
    return sig, sample


# ---------------------------------------------------------------- labels learnt from demos

def _classes(w: Words):
    "Two to four classes, each with a sampler of its texts."
    r = w.rng.random()
    if r < .22: return {k: (lambda k=k: review(w, k)[0]) for k in (['positive', 'negative'] if w.chance(.75) else ['positive', 'negative', 'neutral'])}
    if r < .46: return {k: (lambda k=k: _topic_text(w, k)[0]) for k in w.rng.sample(TOPICS, w.rng.choice([2, 3, 3, 3, 4]))}
    if r < .58:
        lists = w.rng.sample(['requests', 'complaints', 'statements_lower'], 2)
        if w.chance(.6): lists = ['requests', 'complaints']
        return {k: (lambda k=k: w.join(w.pick(k))) for k in lists}
    if r < .65: return {k: (lambda k=k: w.join(*w.rng.sample(pool(w, f'routing_{k}', f'routing_{k}_more'), 1))) for k in w.rng.sample(TEAMS, w.rng.choice([2, 3]))}
    if r < .7:
        lists = w.rng.choice([('routing_urgent', 'routing_norush'), ('routing_human', 'routing_normal'), ('requests', 'routing_human'), ('complaints', 'routing_sales')])
        return {k: (lambda k=k: w.join(w.pick(k))) for k in lists}
    lists = w.rng.sample(KINDS_OF_WORDS, w.rng.choice([2, 2, 3, 3, 4]))
    around = w.rng.choice(AROUND) if w.chance(.5) else None  # the same words around all, or others around each, so that only the meaning tells
    return {k: (lambda k=k: _place_word(w, k, around)) for k in lists}


AROUND = ('{x}', '{x}', '{x}', 'the {x}', 'about {x}', 'we spoke of {x}', 'it was {x} again', 'today: {x}', 'have you heard of {x}?', 'I wrote about {x} yesterday', '{x} and more', 'nothing but {x}')


def _place_word(w: Words, kind, around):
    word = w.pick(kind)
    word = word[0] if isinstance(word, tuple) else word
    return (around or w.rng.choice(AROUND)).format(x=word)


KINDS_OF_WORDS = ['animals', 'foods', 'jobs', 'cities', 'objects', 'colours', 'hobbies', 'countries', 'materials', 'first_names', 'last_names', 'companies', 'transport', 'events', 'days_times', 'verbs_transitive', 'adverbs', 'sentiment_positive_adj', 'sentiment_negative_adj',
                  *(f'topic_{t}_words' for t in TOPICS)]


ORDINARY = 'alpha beta gamma delta red blue green one two three A B C D x y z left right up down cat dog sun moon north south east west apple stone river keep drop ship hold'.split()


def mapping(w: Words):
    "Labels that mean nothing: only the demos say which text gets which."
    classes = _classes(w)
    labels = []
    while len(set(labels)) < len(classes): labels = [w.pseudo_word() if w.chance(.8) else w.rng.choice(ORDINARY) for _ in classes] if w.chance(.8) else w.rng.sample(ORDINARY, len(classes))
    field = text_field(w, 'text', 'message', 'sentence', 'input', 'item', 'note', 'review')
    order = w.rng.sample(labels, len(labels))
    target = literal(w.rng.choice(['label', 'label', 'code', 'category', 'group', 'tag', 'kind', 'bucket']), order)
    said = w.form('Assign the right code.', 'Label the {f}.', 'Classify the {f}.', 'Choose the right {t}.', 'Assign a {t}.', 'Follow the examples.', 'Give the {t} of the {f}.', 'Which {t}?').format(f=field.name, t=target.name)
    sig = signature(w, said, [field], [target])
    deck, said = [], []

    def sample():
        if not deck: deck.extend(w.rng.sample(list(classes), len(classes)))
        k = deck.pop() if w.chance(.7) else w.rng.choice(list(classes))
        text = classes[k]()
        # a text that came before is found by its words; from there it is not far to texts that are only alike
        if said and w.split == TRAIN and w.chance(.3): k, text = w.rng.choice(said)
        said.append((k, text))
        return {field.name: text}, {target.name: labels[list(classes).index(k)]}, 'It is like the examples with this label.'
    return sig, sample


# how often each is trained on; reading takes longest to learn
TASKS = {sentiment: 12, topic: 12, routing: 12, message_kind: 3, yes_no: 22, facts: .5, qa: 20, extract: 11, keywords: 3, rewrite: 4}
