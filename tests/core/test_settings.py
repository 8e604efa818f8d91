"""Settings come from the environment, then the nearest TOML file, then defaults; and know which."""
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dspy_toolkit.core.errors import SettingsError
from dspy_toolkit.core.settings import Settings, load_settings, origin, reset_settings, settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for key in list(os.environ):
        if key.upper().startswith("DSPY_TOOLKIT_"): monkeypatch.delenv(key)
    reset_settings()
    yield
    reset_settings()


def test_without_anything_set_the_defaults_hold(tmp_path):
    values, origins = load_settings(tmp_path)
    assert (values.default_lm, values.refresh_rate) == ("mlx/tiny", 10.0)
    assert set(origins.values()) == {"default"}
    assert values.registry_url == f"sqlite:///{(values.home / 'registry.db').as_posix()}"


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path, monkeypatch):
    (tmp_path / "dspy_toolkit.toml").write_text('max_tokens = 100\nrefresh_rate = 5')
    monkeypatch.setenv("DSPY_TOOLKIT_MAX_TOKENS", "200")
    values, origins = load_settings(tmp_path)
    assert (values.max_tokens, values.refresh_rate) == (200, 5.0)
    assert origins["max_tokens"] == "environment DSPY_TOOLKIT_MAX_TOKENS"
    assert origins["refresh_rate"] == f"dspy_toolkit.toml: {tmp_path.resolve()}"
    assert origins["default_lm"] == "default"


def test_the_nearest_file_with_a_table_of_ours_is_the_one(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.dspy_toolkit]\nmax_tokens = 7")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\nx = 1")
    values, origins = load_settings(inner)
    assert values.max_tokens == 7
    assert origins["max_tokens"] == f"pyproject.toml: {tmp_path.resolve()}"


def test_home_in_a_file_is_relative_to_the_file_and_moves_the_databases(tmp_path):
    inner = tmp_path / "notebooks"
    inner.mkdir()
    (tmp_path / "dspy_toolkit.toml").write_text('home = "data"')
    values, _ = load_settings(inner)
    assert values.home == tmp_path.resolve() / "data"
    assert values.history_url == f"sqlite:///{(tmp_path.resolve() / 'data' / 'history.db').as_posix()}"


def test_home_in_the_environment_may_begin_with_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("DSPY_TOOLKIT_HOME", "~/kept")
    assert load_settings(tmp_path)[0].home == Path.home() / "kept"


def test_an_empty_environment_variable_is_not_set(tmp_path, monkeypatch):
    monkeypatch.setenv("DSPY_TOOLKIT_DEFAULT_LM", "")
    values, origins = load_settings(tmp_path)
    assert (values.default_lm, origins["default_lm"]) == ("mlx/tiny", "default")


@pytest.mark.parametrize(("text", "said", "hint"), [
    ("max_token = 5", "max_token = 5", "max_tokens"),
    ("colour = 'red'", "colour = 'red'", "the settings are home"),
    ("max_tokens = 0", "max_tokens = 0", "512"),
    ("max_tokens = 'many'", "max_tokens = 'many'", "512"),
    ("refresh_rate = -1", "refresh_rate = -1", "10"),
    ("history_content = 'some'", "should be 'full', 'hashed' or 'none'", "the default is 'full'"),
    ("default_lm = ''", "default_lm = ''", "mlx/tiny"),
    ("home = 3", "home = 3", "default"),
])
def test_a_bad_key_or_value_names_the_value_the_file_and_the_key_in_one_line(tmp_path, text, said, hint):
    path = tmp_path / "dspy_toolkit.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught: load_settings(tmp_path)
    message = str(caught.value)
    assert said in message and str(path.resolve()) in message and "\n" not in message
    assert hint in caught.value.hint


@pytest.mark.parametrize(("key", "value", "hint"), [
    ("DSPY_TOOLKIT_MAXTOKENS", "5", "DSPY_TOOLKIT_MAX_TOKENS"), ("DSPY_TOOLKIT_MAX_TOKENS", "many", "512")])
def test_a_slip_in_the_environment_is_an_error_too(tmp_path, monkeypatch, key, value, hint):
    monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError) as caught: load_settings(tmp_path)
    assert key in str(caught.value) and repr(value) in str(caught.value) and hint in caught.value.hint


def test_a_file_that_is_not_toml_is_named(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool")
    with pytest.raises(SettingsError, match="pyproject.toml is not TOML"): load_settings(tmp_path)


def test_all_that_is_wrong_is_said_at_once(tmp_path, monkeypatch):
    (tmp_path/'dspy_toolkit.toml').write_text('max_token = 9\nrefresh_rate = 0\nauthor = "ada"\ncolour = "red"\nhistory_days = "x"\n')
    monkeypatch.setenv('DSPY_TOOLKIT_DEFAULT_ML', 'mlx/tiny')
    monkeypatch.setenv('DSPY_TOOLKIT_MAX_TOKENS', '0')
    with pytest.raises(SettingsError) as caught: load_settings(tmp_path)
    problems, hints = str(caught.value).split('; '), caught.value.hint.split('; ')
    assert [each.partition(' = ')[0] for each in problems] == ['DSPY_TOOLKIT_DEFAULT_ML', 'max_token', 'colour', 'history_days', 'DSPY_TOOLKIT_MAX_TOKENS', 'refresh_rate']
    assert [each.partition(': ')[0] for each in hints] == [each.partition(' = ')[0] for each in problems]
    assert hints[:2] == ['DSPY_TOOLKIT_DEFAULT_ML: did you mean DSPY_TOOLKIT_DEFAULT_LM?', 'max_token: did you mean max_tokens?'] and hints[3] == 'history_days: the default is 30.0'


def test_the_process_reads_once_until_it_is_reset(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = settings()
    (tmp_path / "dspy_toolkit.toml").write_text("max_tokens = 9")
    assert settings() is first and origin("max_tokens") == "default"
    reset_settings()
    assert settings().max_tokens == 9 and origin("max_tokens").startswith("dspy_toolkit.toml")


def test_the_origin_of_what_is_no_setting_is_an_error():
    with pytest.raises(SettingsError, match="'max_token' is not a setting") as caught: origin("max_token")
    assert caught.value.hint == "did you mean max_tokens?"


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError): Settings().max_tokens = 3


def test_core_and_the_reader_of_cells_import_nothing_heavy():
    code = ("import sys; import dspy_toolkit.core.errors, dspy_toolkit.core.events, dspy_toolkit.core.settings, "
            "dspy_toolkit.signatures.spec, dspy_toolkit.signatures.source, dspy_toolkit.signatures.schema; "
            "dspy_toolkit.signatures.source.parse_cell('question -> answer: list[str]'); "
            "print([m for m in ('dspy', 'pydantic', 'pydantic_settings', 'platformdirs', 'numpy') if m in sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
