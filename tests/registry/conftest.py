"Every test that asks for `url` or `registry` runs on SQLite and, where POSTGRES_URL names a server, on PostgreSQL."
import os
import uuid

import pytest
import sqlalchemy as sa
from dspy_toolkit.registry.database import normal_url
from dspy_toolkit.registry.store import Registry
from registry_model import check

POSTGRES_URL = os.environ.get('POSTGRES_URL')


def pytest_report_collectionfinish():
    return [] if POSTGRES_URL else "registry: without POSTGRES_URL, on SQLite alone (`make test` starts a server; scripts/postgres.sh start FOLDER prints its URL)"


@pytest.fixture(scope='session')
def server():
    "A connection to the server that may make databases."
    engine = sa.create_engine(normal_url(POSTGRES_URL), isolation_level='AUTOCOMMIT', poolclass=sa.NullPool)
    with engine.connect() as connection: yield connection


@pytest.fixture(params=['sqlite', *(['postgres'] if POSTGRES_URL else [])])
def url(request, tmp_path):
    "A database with nothing in it."
    if request.param == 'sqlite':
        yield f"sqlite:///{(tmp_path / 'registry.db').as_posix()}"
        return
    server, name = request.getfixturevalue('server'), f'registry_{uuid.uuid4().hex}'
    server.exec_driver_sql(f'CREATE DATABASE {name}')
    yield sa.make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    server.exec_driver_sql(f'DROP DATABASE {name} WITH (FORCE)')


@pytest.fixture
def registry(url):
    "A registry on it; whatever a test did, its tables hold together afterwards."
    found = Registry(url, author='ada')
    yield found
    check(found)
    found.close()


@pytest.fixture
def engine(url):
    "The same database, with nothing of ours in between."
    return sa.create_engine(normal_url(url), poolclass=sa.NullPool)
