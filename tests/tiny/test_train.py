"Training that was interrupted goes on from the weights that its last whole stage ended with."
import shutil
import sys
from functools import partial
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from scripts.tiny.data import BARE

TINY = Path(__file__).parents[2] / 'dspy_toolkit' / 'data' / 'tiny'


@pytest.fixture
def train():
    pytest.importorskip('torch', reason='training needs the extra: pip install dspy_toolkit[train]')
    from scripts.tiny import train
    return train


@pytest.fixture
def train_stages(train, tmp_path, monkeypatch):
    monkeypatch.setattr(train, 'held_out_accuracy', lambda *args: {})  # which only prints
    monkeypatch.setattr(train, 'shard', partial(train.shard, n=512))  # conversations; 4,096 take ten seconds
    def run(name, *stages):
        folder = tmp_path / name
        folder.mkdir()
        for file in TINY.iterdir(): shutil.copyfile(file, folder / file.name)
        monkeypatch.setattr(train, 'STAGES', stages)
        monkeypatch.setattr(sys, 'argv', ['train', str(folder), '--resume', '0'])
        try: train.main()
        except KeyboardInterrupt: pass
        return load_file(folder / 'model.safetensors')
    return run


def test_a_stage_that_ends_as_a_mean_leaves_the_mean_for_the_next(train, train_stages, monkeypatch):
    mean, plain = (train.Stage(2, 2., 2., BARE, mean=mean) for mean in (True, False))
    before, after = load_file(TINY / 'model.safetensors'), train_stages('whole', plain)
    rate = train.rate
    def interrupt(stage, step):
        if stage is plain: raise KeyboardInterrupt
        return rate(stage, step)
    monkeypatch.setattr(train, 'rate', interrupt)
    left = train_stages('interrupted', mean, plain)
    for name, weights in left.items():
        expected = (before[name].astype('float32') + after[name].astype('float32')) / 2
        assert abs(weights - expected).max() < 4e-3, name
    assert max(abs(after[name] - before[name]).max() for name in before) > .04
