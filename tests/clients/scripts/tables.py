"""Tables and code bring artifacts with them, which this server declines."""

import sys

import wandb

run = wandb.init(project="tables", id=sys.argv[1], save_code=True)
run.log({"table": wandb.Table(columns=["a", "b"], data=[[1, "x"]]), "loss": 0.5})
run.log({"loss": 0.25})
run.finish()
