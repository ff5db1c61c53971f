import sys

import wandb

run = wandb.init(project="ends", id=sys.argv[1])
run.log({"loss": 1.0})
sys.exit(3)
