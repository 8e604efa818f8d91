"""Small passages about people and things, with what can be asked of them.

A passage is one to four facts; a fact knows its sentence and the questions that it answers.
"""
from dataclasses import dataclass, field

from .lexicon import Words


@dataclass
class Fact:
    sentence: str
    asks: list = field(default_factory=list)  # (question, answer span)
    checks: list = field(default_factory=list)  # (question, bool)


def _third(verb): return verb[2] if isinstance(verb, tuple) and len(verb) > 2 else verb


def _other(w: Words, name, not_this):
    while True:
        o = w.pick(name)
        o = o[0] if isinstance(o, tuple) else o
        if o != not_this: return o


def _thing(w: Words):
    "An object with at most one adjective: its article, adjective and noun."
    kind = w.rng.random()
    noun = w.pick('objects') if kind < .75 else w.pick('foods') if kind < .9 else w.pick('animals')
    adj = w.pick('colours') if w.chance(.35) else w.pick('adjectives_objects') if w.chance(.3) else ''
    return adj, noun


def bought(w: Words):
    "Somebody does something to a thing, somewhere, some time."
    who, (past, base, *_), (adj, noun) = w.person(), w.pick('verbs_transitive'), _thing(w)
    thing = w.article(f'{adj} {noun}'.strip()) if w.chance(.7) else f'the {adj} {noun}'.replace('  ', ' ')
    where = w.form('in {p}', 'in {p}', 'near {p}', 'at {p}').format(p=w.pick('cities') if w.chance(.5) else w.pick('places_common'))
    if where.startswith(('in the', 'near the')) and w.chance(.5): where = 'at' + where[where.index(' '):]
    when, has_where, has_when = w.pick('days_times'), w.chance(.5), w.chance(.5)
    s = f'{who} {past} {thing}'
    if has_where: s += f' {where}'
    if has_when: s = f'{when[0].upper() + when[1:]}, {s}' if w.chance(.3) else f'{s} {when}'
    f = Fact(s)
    f.asks += [(w.form(f'Who {past} {thing}?', f'Who {past} the {noun}?'), who), (f'What did {who} {base}?', thing)]
    if has_where: f.asks += [(w.form(f'Where did {who} {base} {thing}?', f'Where did {who} {base} the {noun}?', f'Where did {who.split()[0]} {base} it?'), where)]
    if has_when: f.asks += [(w.form(f'When did {who} {base} {thing}?', f'When did {who} {base} the {noun}?'), when)]
    other, stranger = _other(w, 'objects', noun), w.person()
    f.checks += [(f'Did {who} {base} {w.article(noun)}?', True), (f'Did {who} {base} {w.article(other)}?', False), (f'Did {stranger} {base} the {noun}?', False)]
    if adj:
        f.checks += [(f'Was the {noun} {adj}?', True), (f'Was the {noun} {_other(w, "colours" if w.chance(.6) else "adjectives_objects", adj)}?', False)]
        if adj in COLOURS: f.asks += [(w.form(f'What colour was the {noun}?', f'Which colour was the {noun}?', f'What color is the {noun}?'), adj)] * 2
    if has_when: f.checks += [(f'Did {who} {base} it {when}?', True), (f'Did {who} {base} it {_other(w, "days_times", when)}?', False)]
    if has_where: f.checks += [(f'Was {who.split()[0]} {where}?', True), (f'Did {who.split()[0]} {base} it in {_other(w, "cities", where[3:])}?', False)]
    return f


COLOURS = frozenset('red blue green yellow black white brown grey gray pink purple orange silver golden gold beige turquoise navy violet'.split())


def did(w: Words):
    "Somebody does an activity, perhaps with somebody."
    who, (past, base, _), when = w.person(), w.pick('activities'), w.pick('days_times')
    friend, place, reason = w.person(), w.pick('cities') if w.chance(.5) else w.pick('places_common'), w.pick('reasons')
    where = f'in {place}' if not place.startswith('the') else f'at {place}'
    parts, asks, checks = [f'{who} {past}'], [(f'Who {past}?', who)], [(f'Did {who} {base}?', True), (f'Did {friend} {base}?', False)]
    wrong = w.pick('activities')[1]
    if wrong != base: checks.append((f'Did {who} {wrong}?', False))
    if w.chance(.3):
        parts.append(f'with {friend}')
        asks.append((f'Who did {who} {base} with?', friend))
        checks[1] = (f'Was {friend} with {who}?', True)
        checks.append((f'Was {who} alone?', False))
    elif w.chance(.5):
        parts.append(where)
        asks.append((f'Where did {who} {base}?', where))
        checks += [(f'Did {who} {base} {where}?', True), (f'Did {who} {base} in {_other(w, "cities", place)}?', False)]
    if w.chance(.5):
        parts.append(when)
        asks.append((f'When did {who} {base}?', when))
        checks += [(f'Did {who} {base} {when}?', True), (f'Did {who} {base} {_other(w, "days_times", when)}?', False)]
    elif w.chance(.35):
        parts.append(reason)
        asks.append((f'Why did {who} {base}?', reason))
    return Fact(' '.join(parts), asks, checks)


def is_a(w: Words):
    "Somebody has a job, a home, an age or a hobby."
    who, job, city, hobby, age = w.person(), w.pick('jobs'), w.pick('cities'), w.pick('hobbies'), w.rng.randint(3, 95)
    kind = w.rng.choice(['job', 'job', 'city', 'age', 'hobby', 'job city', 'age city'])
    if kind == 'job city':
        s = w.form(f'{who} is {w.article(job)} in {city}', f'{who} works as {w.article(job)} in {city}', f'{who}, {w.article(job)} from {city}, came to visit us')
    elif kind == 'age city':
        s = w.form(f'{who} is {age} years old and lives in {city}', f'{who}, {age}, comes from {city}', f'{who} is {age} and grew up in {city}')
    elif kind == 'job': s = w.form(f'{who} is {w.article(job)}', f'{who} works as {w.article(job)}', f'{who} has been {w.article(job)} for years', f'{who} became {w.article(job)}')
    elif kind == 'city': s = w.form(f'{who} lives in {city}', f'{who} comes from {city}', f'{who} was born in {city}', f'{who} moved to {city}')
    elif kind == 'age': s = w.form(f'{who} is {age} years old', f'{who} turned {age} today', f'{who} is {age}')
    else: s = w.form(f'{who} likes {hobby}', f'{who} spends every weekend on {hobby}', f'The favourite hobby of {who} is {hobby}')
    f = Fact(s)
    if 'job' in kind:
        f.asks += [(w.form(f'What does {who} do?', f'What is the job of {who}?', f"What is {who}'s job?", f'What does {who} work as?'), job), (f'Who is {w.article(job)}?', who)]
        f.checks += [(f'Is {who} {w.article(job)}?', True), (f'Is {who} {w.article(_other(w, "jobs", job))}?', False)]
    if 'city' in kind:
        ask = (w.form(f'Where was {who} born?', f'In which city was {who} born?') if 'born' in s else w.form(f'Where did {who} move?', f'Where did {who} move to?') if 'moved' in s
               else w.form(f'Where is {who} from?', f'Where does {who} come from?') if 'from' in s else w.form(f'Where does {who} live?', f'In which city does {who} live?', f'Where is {who}?'))
        f.asks += [(ask, city)] * 2
        f.checks += [(f'Is {who} in {city}?' if 'live' in s else f'Is {who} from {city}?', True), (f'Is {who} from {_other(w, "cities", city)}?', False)]
    if 'age' in kind:
        f.asks += [(w.form(f'How old is {who}?', f'What age is {who}?'), str(age))] * 2
        n = w.rng.randint(3, 95)
        f.checks += [(f'Is {who} {age} years old?', True), (f'Is {who} {n} years old?', n == age), (f'Is {who} older than {n}?', age > n)]
    if kind == 'hobby':
        f.asks += [(w.form(f'What does {who} like?', f"What is {who}'s hobby?"), hobby), (f'Who likes {hobby}?', who)]
        f.checks += [(f'Does {who} like {hobby}?', True), (f'Does {who} like {_other(w, "hobbies", hobby)}?', False)]
    return f


def counted(w: Words):
    "A number of things."
    plural, single = w.pick('objects_plural')
    n, who = w.rng.randint(2, 60) if w.chance(.7) else w.rng.randint(60, 900), w.person()
    past, base, *_ = w.pick('verbs_transitive')
    place = w.pick('places_common')
    if w.chance(.6):
        s, who_asked = f'{who} {past} {n} {plural}', [(f'Who {past} {n} {plural}?', who), (f'How many {plural} did {who} {base}?', str(n)), (f'How many {plural} did {who} {base}?', str(n))]
        checks = [(f'Did {who} {base} any {plural}?', True)]
    else:
        s = w.form(f'There are {n} {plural} in {place}', f'There were {n} {plural} at {place}', f'{place.capitalize()} has {n} {plural}', f'We counted {n} {plural} at {place}')
        who_asked, checks = [(w.form(f'How many {plural} are there?', f'How many {plural} were there?', f'How many {plural} are at {place}?'), str(n))] * 2, [(f'Are there any {plural}?', True)]
    m = w.rng.randint(2, 60)
    checks += [(f'Were there {m} {plural}?', m == n), (f'Were there {n} {plural}?', True), (f'Were there more than {m} {plural}?', n > m)]
    return Fact(s, who_asked, checks)


def gave(w: Words):
    "Somebody gives somebody something."
    who, whom, (past, base), (adj, noun) = w.person(), w.person(), w.pick('verbs_give'), _thing(w)
    thing = w.article(f'{adj} {noun}'.strip())
    s = f'{who} {past} {whom} {thing}' if w.chance(.6) else f'{who} {past} {thing} to {whom}'
    return Fact(s, [(f'Who {past} {whom} {thing}?', who), (f'What did {who} {base} {whom}?', thing), (w.form(f'Who got the {noun}?', f'Who received the {noun}?', f'Who did {who} {base} the {noun} to?'), whom)],
                [(f'Did {who} {base} {whom} {w.article(noun)}?', True), (f'Did {whom} get the {noun}?', True), (f'Did {whom} {base} {who} {w.article(noun)}?', False),
                 (f'Did {who} {base} {whom} {w.article(_other(w, "objects", noun))}?', False)])


def happens(w: Words):
    "An event has a time, a place and a state."
    event, when, place, travel, who = w.pick('events'), w.pick('days_times'), w.pick('cities') if w.chance(.5) else w.pick('places_common'), w.pick('transport'), w.person()
    where = f'in {place}' if not place.startswith('the') else f'at {place}'
    E = event[0].upper() + event[1:]
    kind = w.rng.choice(['time', 'place', 'travel', 'state', 'both'])
    if kind == 'time': return Fact(w.form(f'{E} is {when}', f'{E} was {when}', f'{E} starts {when}', f'{E} took place {when}'), [(w.form(f'When is {event}?', f'When was {event}?', f'When does {event} start?'), when)] * 2,
                                   [(f'Is {event} {when}?', True), (f'Is {event} {_other(w, "days_times", when)}?', False)])
    if kind == 'place': return Fact(w.form(f'{E} is {where}', f'{E} was held {where}', f'{E} takes place {where}'), [(w.form(f'Where is {event}?', f'Where was {event}?', f'Where does {event} take place?'), where)] * 2,
                                    [(f'Was {event} {where}?', True), (f'Was {event} in {_other(w, "cities", place)}?', False)])
    if kind == 'both': return Fact(f'{E} was {where} {when}', [(f'Where was {event}?', where), (f'When was {event}?', when), (f'What was {where}?', event)], [(f'Was {event} {where}?', True), (f'Was {event} {when}?', True),
                                   (f'Was {event} {_other(w, "days_times", when)}?', False), (f'Was {event} in {_other(w, "cities", place)}?', False)])
    if kind == 'travel': return Fact(w.form(f'{who} went to {place} {travel}', f'{who} came to {place} {travel}', f'{who} travelled to {place} {travel}'),
                                     [(f'How did {who} get to {place}?', travel), (f'Where did {who} go?', place), (f'Who went to {place}?', who)],
                                     [(f'Did {who} go to {place}?', True), (f'Did {who} travel {travel}?', True), (f'Did {who} travel {_other(w, "transport", travel)}?', False), (f'Did {who} go to {_other(w, "cities", place)}?', False)])
    a, b = w.pick('pairs_opposite_adj')
    if w.chance(.5): a, b = b, a
    thing = 'the ' + w.pick('objects') if w.chance(.5) else w.pick('places_common')
    return Fact(f'{thing[0].upper() + thing[1:]} was {a}', [(f'What was {a}?', thing), (f'How was {thing}?', a)], [(f'Was {thing} {a}?', True), (f'Was {thing} {b}?', False), (f'Was {thing} not {a}?', False)])


KINDS = (bought, bought, did, did, is_a, is_a, counted, gave, happens, happens)


def passage(w: Words, n=None):
    "Facts, and the text that tells them."
    n = n or w.rng.choice([1, 1, 1, 2, 2, 3])
    facts = [w.rng.choice(KINDS)(w) for _ in range(n)]
    sentences = [f.sentence for f in facts]
    if n > 1 and w.chance(.25): sentences = [f'{sentences[0]}, {w.rng.choice(["and", "but", "while"])} {_inner(sentences[1])}', *sentences[2:]]
    return facts, w.join(*sentences) if w.chance(.95) else '. '.join(sentences)


def _inner(s):
    head = s.split(' ')[0]
    return s[0].lower() + s[1:] if head in ('The', 'There', 'We', 'On', 'At', 'In', 'Last', 'Yesterday', 'This', 'A', 'An', 'My', 'Her', 'His', 'Our') else s
