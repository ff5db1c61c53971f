import sys

import wandb

run = wandb.init(project="alerts", id=sys.argv[1])
for _ in range(3):
    run.alert("loss is high", "it is 3.14", level="WARN", wait_duration=600)
run.finish()
