"""What the three resume modes do with a run that is there and one that is not."""

import sys

import wandb

mode, name = sys.argv[1], sys.argv[2]
try:
    with wandb.init(project="resumes", id=name, resume=mode) as run:
        run.log({"value": 1})
except wandb.errors.UsageError as problem:
    print("usage error:", problem)
else:
    print("resumed:", run.resumed)
