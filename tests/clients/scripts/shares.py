"""Asks for the shared mode, in which several processes write one run."""

import sys

import wandb

settings = wandb.Settings(mode="shared", x_primary=True, x_label="first")
try:
    with wandb.init(project="shared", id=sys.argv[1], settings=settings) as run:
        run.log({"value": 1})
except wandb.errors.CommError as problem:
    print("refused:", problem)
