"Names, their versions, aliases, tags, notes, evaluations, deployments and the audit trail; what is immutable is so in the database itself."
import sqlalchemy as sa
from alembic import op

revision, down_revision = '0001', None
branch_labels = depends_on = None

big = sa.BigInteger().with_variant(sa.Integer, 'sqlite')  # only an INTEGER key is SQLite's row id
time, name, digest = sa.Float(53), sa.String(200), sa.String(80)


def upgrade():
    op.create_table(
        'names', sa.Column('id', big, primary_key=True), sa.Column('name', name, nullable=False, unique=True),
        sa.Column('latest', sa.Integer, nullable=False), sa.Column('given', sa.Integer, nullable=False),
        sa.Column('at', time, nullable=False))
    op.create_table('contents', sa.Column('digest', digest, primary_key=True), sa.Column('kind', sa.String(20), nullable=False), sa.Column('body', sa.Text, nullable=False))
    op.create_table(
        'versions', sa.Column('id', big, primary_key=True), sa.Column('name_id', big, sa.ForeignKey('names.id'), nullable=False),
        sa.Column('number', sa.Integer, nullable=False), sa.Column('kind', sa.String(20), nullable=False),
        sa.Column('digest', digest, sa.ForeignKey('contents.digest'), nullable=False), sa.Column('parent_id', big, sa.ForeignKey('versions.id')),
        sa.Column('message', sa.Text, nullable=False), sa.Column('author', sa.String(200), nullable=False), sa.Column('at', time, nullable=False),
        sa.Column('origin', sa.Text, nullable=False), sa.UniqueConstraint('name_id', 'number', name='one_version_a_number'),
        sa.UniqueConstraint('name_id', 'digest', name='one_version_a_content'), sqlite_autoincrement=True)
    op.create_index('versions_by_digest', 'versions', ['digest'])
    op.create_index('versions_by_parent', 'versions', ['parent_id'])
    op.create_table(
        'uses', sa.Column('version_id', big, sa.ForeignKey('versions.id', ondelete='CASCADE'), primary_key=True),
        sa.Column('path', sa.String(400), primary_key=True), sa.Column('used_id', big, sa.ForeignKey('versions.id'), nullable=False))
    op.create_index('uses_by_used', 'uses', ['used_id'])
    op.create_table(
        'aliases', sa.Column('name_id', big, sa.ForeignKey('names.id'), primary_key=True), sa.Column('alias', sa.String(64), primary_key=True),
        sa.Column('version_id', big, sa.ForeignKey('versions.id'), nullable=False), sa.Column('protected', sa.Boolean, nullable=False))
    op.create_index('aliases_by_version', 'aliases', ['version_id'])
    op.create_table(
        'tags', sa.Column('version_id', big, sa.ForeignKey('versions.id', ondelete='CASCADE'), primary_key=True), sa.Column('tag', sa.String(64), primary_key=True))
    op.create_table(
        'notes', sa.Column('id', big, primary_key=True), sa.Column('version_id', big, sa.ForeignKey('versions.id', ondelete='CASCADE'), nullable=False),
        sa.Column('text', sa.Text, nullable=False), sa.Column('author', sa.String(200), nullable=False), sa.Column('at', time, nullable=False))
    op.create_index('notes_by_version', 'notes', ['version_id'])
    op.create_table(
        'evaluations', sa.Column('id', big, primary_key=True), sa.Column('version_id', big, sa.ForeignKey('versions.id'), nullable=False),
        sa.Column('dataset', sa.String(200), nullable=False), sa.Column('dataset_digest', digest, nullable=False), sa.Column('metric', sa.String(200), nullable=False),
        sa.Column('score', time, nullable=False), sa.Column('count', sa.Integer, nullable=False), sa.Column('lm', sa.String(400), nullable=False),
        sa.Column('results', sa.Text, nullable=False), sa.Column('author', sa.String(200), nullable=False), sa.Column('at', time, nullable=False),
        sa.Column('digest', digest, nullable=False, unique=True))
    op.create_index('evaluations_by_version', 'evaluations', ['version_id'])
    op.create_table(
        'deployments', sa.Column('id', big, primary_key=True), sa.Column('version_id', big, sa.ForeignKey('versions.id'), nullable=False),
        sa.Column('target', sa.String(400), nullable=False), sa.Column('alias', sa.String(64), nullable=False), sa.Column('status', sa.String(40), nullable=False),
        sa.Column('author', sa.String(200), nullable=False), sa.Column('at', time, nullable=False), sa.Column('ended', time))
    op.create_index('deployments_by_version', 'deployments', ['version_id'])
    op.create_table(
        'audit', sa.Column('id', big, primary_key=True), sa.Column('at', time, nullable=False), sa.Column('author', sa.String(200), nullable=False),
        sa.Column('action', sa.String(40), nullable=False), sa.Column('name', name, nullable=False), sa.Column('version', sa.Integer),
        sa.Column('detail', sa.Text, nullable=False))
    op.create_index('audit_by_name', 'audit', ['name', 'id'])
    for table in ('contents', 'versions', 'evaluations', 'audit'): keep(table, 'UPDATE')
    keep('audit', 'DELETE')


def keep(table, what):
    "Let the database refuse to change what has been written."
    trigger, said = f'{table}_no_{what.lower()}', f'{table} are never changed'
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END")
    else:
        op.execute(f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{said}'; END $$")
        op.execute(f'CREATE TRIGGER {trigger} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()')
