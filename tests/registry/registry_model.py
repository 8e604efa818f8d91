"""What a registry should hold, in plain dicts; and what must be true of any registry's tables."""
import json
from collections import Counter

import sqlalchemy as sa
from dspy_toolkit.core.errors import InUse, NotRegistered, Protected
from dspy_toolkit.registry import search
from dspy_toolkit.registry.content import KINDS
from dspy_toolkit.registry.tables import aliases, audit, contents, evaluations, metadata, names, notes, tags, versions
from dspy_toolkit.signatures.spec import FieldSpec, SignatureSpec

FIELDS = (FieldSpec('email', 'input'), FieldSpec('team', 'output'))


def signature(name='Triage', n=1, text='Route {}.'): return SignatureSpec(name, text.format(n), FIELDS)


class Model:
    "A registry of signatures as dicts: name -> number -> what is said of a version."
    def __init__(self): self.names, self.given, self.aliases = {}, {}, {}

    def apply(self, what, *args):
        "Do one operation; an error is answered with its name."
        try: return getattr(self, what)(*args)
        except (InUse, NotRegistered, Protected) as e: return type(e).__name__

    def latest(self, name): return max(self.names.get(name, {}), default=None)

    def find(self, name, at=None):
        "The number of Name, Name@3 or Name@alias."
        number = self.latest(name) if at is None else self.aliases.get((name, at), [None])[0] if isinstance(at, str) else at
        if number not in self.names.get(name, {}): raise NotRegistered('')
        return number

    def save(self, name, n, parent=None):
        for number, version in self.names.get(name, {}).items():
            if version['n'] == n: return number
        made_from = self.latest(name) if parent is None else self.find(name, parent)
        number = self.given[name] = self.given.get(name, 0) + 1
        self.names.setdefault(name, {})[number] = dict(n=n, parent=made_from, tags=set(), notes=[], evaluations=[])
        return number

    def alias(self, name, at, alias, force=False):
        number = self.find(name, at)
        have = self.aliases.setdefault((name, alias), [number, False])
        if have[0] != number and have[1] and not force: raise Protected('')
        have[0] = number
        return number

    def unalias(self, name, alias, force=False):
        number = self.find(name, alias)
        if self.aliases[name, alias][1] and not force: raise Protected('')
        del self.aliases[name, alias]
        return number

    def protect(self, name, alias, on):
        self.find(name, alias)
        self.aliases[name, alias][1] = on
        return on

    def tag(self, name, at, add, remove=()):
        number = self.find(name, at)
        found = self.names[name][number]['tags']
        found |= set(add)
        found -= set(remove)
        return sorted(found)

    def note(self, name, at, text):
        number = self.find(name, at)
        self.names[name][number]['notes'].append(text)
        return number

    def evaluate(self, name, at, score):
        number = self.find(name, at)
        self.names[name][number]['evaluations'].append(score)
        return number

    def delete(self, name, number=None):
        self.find(name, number)
        gone = sorted(self.names[name] if number is None else [number], reverse=True)
        left = {k: v for k, v in self.names[name].items() if k not in gone}
        held = [a for (owner, a), (n, _) in self.aliases.items() if owner == name and n in gone]
        held += [k for k, v in left.items() if v['parent'] in gone] + [1 for k in gone if self.names[name][k]['evaluations']]
        if held: raise InUse('')
        self.names[name] = left
        return gone

    def shown(self):
        "All of it, as `shown` tells it of a registry."
        return {name: {k: (signature(name, v['n']).digest, v['parent'], sorted(v['tags']), sorted(a for (o, a), (n, _) in self.aliases.items() if (o, n) == (name, k)),
                           k == self.latest(name), v['notes'], v['evaluations']) for k, v in found.items()} for name, found in self.names.items() if found}


def apply(registry, what, *args):
    "The same operation on a registry, with the same answer."
    name, *args = args
    ref = lambda at: name if at is None else f'{name}@{at}'
    try:
        if what == 'save': return registry.save(signature(name, args[0]), parent=args[1] if len(args) > 1 else None).number
        if what == 'alias': return registry.alias(ref(args[0]), args[1], *args[2:]).number
        if what == 'unalias': return registry.unalias(ref(args[0]), *args[1:])
        if what == 'protect': return registry.protect(ref(args[0]), args[1])
        if what == 'tag': return list(registry.tag(ref(args[0]), *args[1], remove=args[2] if len(args) > 2 else ()).tags)
        if what == 'note': return registry.note(ref(args[0]), args[1]).number
        if what == 'evaluate': return int(registry.add_evaluation(ref(args[0]), 'exact', args[1]).version.split('@')[1])
        if what == 'delete': return [v.number for v in registry.delete(ref(args[0] if args else None))]
    except (InUse, NotRegistered, Protected) as e: return type(e).__name__
    raise ValueError(what)


def shown(registry):
    "All that a registry says of its versions."
    return {v.name: {each.number: (each.digest, each.parent and int(each.parent.partition('@')[2]), list(each.tags), list(each.aliases), each.latest, [text for text, *_ in registry.notes(each)],
                                   [e.score for e in reversed(registry.evaluations(each))]) for each in registry.versions(v.name)} for v in registry.latest(most=1000)}


class _Undo(Exception): pass


def check(registry):
    "What is always true of the tables, whatever was done and whoever was killed: raises AssertionError."
    try:
        with registry.database.writing() as connection:
            _check_rows(connection)
            _check_documents(connection)
            _check_trail(connection)
            raise _Undo
    except _Undo: pass


def _check_rows(connection):
    rows = lambda *columns: connection.execute(sa.select(*columns)).all()
    if connection.dialect.name == 'sqlite':
        assert connection.exec_driver_sql('PRAGMA integrity_check').all() == [('ok',)]
        assert connection.exec_driver_sql('PRAGMA foreign_key_check').all() == []
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            there = {row[0] for row in rows(key.column)}
            assert [v for (v,) in rows(key.parent) if v is not None and v not in there] == [], f"{key.parent} refers to nothing"
    numbers, owner = {}, dict(map(tuple, rows(versions.c.id, versions.c.name_id)))
    for name_id, number in rows(versions.c.name_id, versions.c.number): numbers.setdefault(name_id, []).append(number)
    for id, name, latest, given in rows(names.c.id, names.c.name, names.c.latest, names.c.given):
        found = numbers.get(id, [])
        assert len(set(found)) == len(found) and latest == max(found, default=0) <= given, f"the numbers of {name}"
    for name_id, version_id in rows(aliases.c.name_id, aliases.c.version_id): assert owner[version_id] == name_id, "an alias points into another name"
    assert {d for (d,) in rows(contents.c.digest)} == {d for (d,) in rows(versions.c.digest)}, "each content has a version"
    for digest, kind, body in rows(contents.c.digest, contents.c.kind, contents.c.body): assert KINDS[kind]({**json.loads(body), 'name': 'Any'}).digest == digest


def _check_documents(connection):
    read = lambda: sorted(map(tuple, connection.exec_driver_sql('SELECT rowid, name, fields, instructions, notes, facets FROM documents')))
    found = read()
    assert [row[0] for row in found] == sorted(connection.execute(sa.select(versions.c.id)).scalars()), "one document for each version"
    search.rebuild(connection)
    assert found == read(), "each document says what its version says"


def _check_trail(connection):
    "The trail, told from the beginning, ends in what is there: one row for each change, and no change without a row."
    live, seen, pointed, said = {}, set(), {}, Counter()
    for row in connection.execute(sa.select(audit).order_by(audit.c.id)):
        key, detail = (row.name, row.version), json.loads(row.detail)
        if row.action == 'save':
            assert key not in seen, f"{key} was given twice"
            seen.add(key)
            live[key] = detail['digest']
        elif row.action == 'delete':
            assert live.pop(key) == detail['digest']
            said = Counter({k: n for k, n in said.items() if k[:2] != key})
        elif row.action == 'alias':
            at = (row.name, detail['alias'])
            assert pointed.get(at) == detail.get('previous') != row.version, f"the trail of {at} has a gap"
            pointed[at] = row.version
        elif row.action == 'unalias': assert pointed.pop((row.name, detail['alias'])) == row.version
        elif row.action == 'untag': said[*key, 'tag', detail['tag']] -= 1
        else: said[*key, row.action, detail.get({'tag': 'tag', 'note': 'text', 'evaluate': 'score'}.get(row.action))] += 1
    of = lambda *columns: sa.select(names.c.name, versions.c.number, *columns).join(versions, versions.c.name_id == names.c.id)
    assert live == {(n, v): d for n, v, d in connection.execute(of(versions.c.digest))}
    to = sa.select(names.c.name, aliases.c.alias, versions.c.number).join(aliases, aliases.c.name_id == names.c.id).join(versions, versions.c.id == aliases.c.version_id)
    assert pointed == {(n, a): v for n, a, v in connection.execute(to)}
    for action, table, column in (('tag', tags, tags.c.tag), ('note', notes, notes.c.text), ('evaluate', evaluations, evaluations.c.score)):
        there = Counter((n, v, action, x) for n, v, x in connection.execute(of(column).join(table, table.c.version_id == versions.c.id)))
        assert there == Counter({k: n for k, n in said.items() if k[2] == action and n}), action
