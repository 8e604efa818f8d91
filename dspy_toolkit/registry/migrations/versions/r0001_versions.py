"Names, their versions, aliases, tags, notes, evaluations, deployments and the audit trail; what is immutable is so in the database itself."
import sqlalchemy as sa
from alembic import op

revision, down_revision = '0001', None
branch_labels = depends_on = None

big = sa.BigInteger().with_variant(sa.Integer, 'sqlite')  # only an INTEGER key is SQLite's row id
time, name, digest = sa.Float(53), sa.String(200), sa.String(80)


def upgrade():
    create_versions()
    create_words()
    create_records()
    for table in ('contents', 'versions', 'evaluations', 'audit'): keep(table, 'UPDATE')
    keep('audit', 'DELETE')


def key(): return sa.Column('id', big, primary_key=True)
def required(column, kind, *more, **options): return sa.Column(column, kind, *more, nullable=False, **options)
def of_version(*, primary_key=False, ondelete=None):
    target = sa.ForeignKey('versions.id', ondelete=ondelete)
    return sa.Column('version_id', big, target, primary_key=primary_key, nullable=False)


def create_versions():
    "Names, contents, versions, and the signatures that a program uses."
    op.create_table(
        'names', key(), required('name', name, unique=True), required('latest', sa.Integer), required('given', sa.Integer),
        required('at', time))
    op.create_table(
        'contents', sa.Column('digest', digest, primary_key=True), required('kind', sa.String(20)), required('body', sa.Text))
    op.create_table(
        'versions', key(), required('name_id', big, sa.ForeignKey('names.id')), required('number', sa.Integer),
        required('kind', sa.String(20)), required('digest', digest, sa.ForeignKey('contents.digest')),
        sa.Column('parent_id', big, sa.ForeignKey('versions.id')), required('message', sa.Text), required('author', sa.String(200)),
        required('at', time), required('origin', sa.Text), sa.UniqueConstraint('name_id', 'number', name='one_version_a_number'),
        sa.UniqueConstraint('name_id', 'digest', name='one_version_a_content'), sqlite_autoincrement=True)
    op.create_index('versions_by_digest', 'versions', ['digest'])
    op.create_index('versions_by_parent', 'versions', ['parent_id'])
    op.create_table(
        'uses', of_version(primary_key=True, ondelete='CASCADE'), sa.Column('path', sa.String(400), primary_key=True),
        required('used_id', big, sa.ForeignKey('versions.id')))
    op.create_index('uses_by_used', 'uses', ['used_id'])


def create_words():
    "What people say about versions: aliases, tags and notes."
    op.create_table(
        'aliases', sa.Column('name_id', big, sa.ForeignKey('names.id'), primary_key=True),
        sa.Column('alias', sa.String(64), primary_key=True), of_version(), required('protected', sa.Boolean))
    op.create_index('aliases_by_version', 'aliases', ['version_id'])
    op.create_table(
        'tags', of_version(primary_key=True, ondelete='CASCADE'), sa.Column('tag', sa.String(64), primary_key=True))
    op.create_table(
        'notes', key(), of_version(ondelete='CASCADE'), required('text', sa.Text), required('author', sa.String(200)),
        required('at', time))
    op.create_index('notes_by_version', 'notes', ['version_id'])


def create_records():
    "What was done with versions: evaluations, deployments and the audit trail."
    op.create_table(
        'evaluations', key(), of_version(), required('dataset', sa.String(200)), required('dataset_digest', digest),
        required('metric', sa.String(200)), required('score', time), required('count', sa.Integer), required('lm', sa.String(400)),
        required('results', sa.Text), required('author', sa.String(200)), required('at', time),
        required('digest', digest, unique=True))
    op.create_index('evaluations_by_version', 'evaluations', ['version_id'])
    op.create_table(
        'deployments', key(), of_version(), required('target', sa.String(400)), required('alias', sa.String(64)),
        required('status', sa.String(40)), required('author', sa.String(200)), required('at', time), sa.Column('ended', time))
    op.create_index('deployments_by_version', 'deployments', ['version_id'])
    op.create_table(
        'audit', key(), required('at', time), required('author', sa.String(200)), required('action', sa.String(40)),
        required('name', name), sa.Column('version', sa.Integer), required('detail', sa.Text))
    op.create_index('audit_by_name', 'audit', ['name', 'id'])


def keep(table, what):
    "Let the database refuse to change what has been written."
    trigger, message = f'{table}_no_{what.lower()}', f'{table} are never changed'
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END")
    else:
        body = f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
        op.execute(f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS {body}")
        op.execute(f'CREATE TRIGGER {trigger} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()')
