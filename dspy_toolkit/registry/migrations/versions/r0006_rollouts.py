"Which version of a name is served, which one is on trial, and what each process counted of their answers."
import sqlalchemy as sa
from alembic import op

revision, down_revision = '0006', '0005'
branch_labels = depends_on = None

big = sa.BigInteger().with_variant(sa.Integer, 'sqlite')


def need(name, kind=sa.Text, *more, **options): return sa.Column(name, kind, *more, nullable=False, **options)
def part(name, kind, *more): return sa.Column(name, kind, *more, primary_key=True)
def to(column): return sa.ForeignKey(column)


def upgrade():
    op.create_table(
        'rollouts', part('id', big), need('name_id', big, to('names.id'), unique=True), need('stable_id', big, to('versions.id')),
        sa.Column('canary_id', big, to('versions.id')), sa.Column('previous_id', big, to('versions.id')),
        need('state', sa.String(20)), need('share', sa.Float(53)), need('shadow', sa.Float(53)), need('steps'), need('criteria'),
        need('alias', sa.String(64)), need('salt', sa.String(40)), need('forced', sa.Boolean), need('revision', sa.Integer),
        need('started', sa.Float(53)), need('changed', sa.Float(53)), need('author', sa.String(200)), need('reason'))
    numbers = [need(name, sa.Integer) for name in ('requests', 'errors', 'parse_failures', 'refused', 'metric_count')]
    op.create_table(
        'rollout_counts', part('rollout_id', big, to('rollouts.id')), part('revision', sa.Integer), part('arm', sa.String(10)),
        part('version', sa.String(220)), part('process', sa.String(40)), *numbers, need('metric_sum', sa.Float(53)),
        need('metric_squares', sa.Float(53)), need('latency'))
