"""The same id twice without resume: what a rerun of a cell or a second `wandb sync` does."""

import sys

import wandb

for life in range(2):
    run = wandb.init(project="restarts", id=sys.argv[1])
    for step in range(20 + 10 * life):
        run.log({"value": step})
    run.finish()
