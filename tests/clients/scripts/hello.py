"""A training script as the first page of wandb's documentation shows it."""

import math
import sys

import wandb

run = wandb.init(
    project="hello",
    id=sys.argv[1],
    name="first light",
    notes="a note\nin two lines",
    tags=["baseline", "한글"],
    group="group-1",
    job_type="train",
    config={"lr": 0.1, "layers": [64, 32], "optimizer": {"name": "adam", "betas": [0.9, 0.999]}},
)
for epoch in range(3):
    for batch in range(10):
        run.log({"batch/loss": math.exp(-(epoch * 10 + batch) / 10)})
    run.log({"epoch": epoch, "val": {"acc": 0.5 + epoch / 10}})
    print(f"epoch {epoch} is done")
print("a warning", file=sys.stderr)
run.config.update({"found": "later"})
run.finish()
