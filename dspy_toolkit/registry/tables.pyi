# Made by `make export` from the modules: edit the notebooks.
from typing import Any

metadata: Any

names: Any

contents: Any

versions: Any

uses: Any

aliases: Any

tags: Any

notes: Any

evaluations: Any

deployments: Any

audit: Any

cases: Any

marks: Any

rollouts: Any

rollout_counts: Any
