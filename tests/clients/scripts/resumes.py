"""Two lives of one run; the second must find the first."""

import sys

import wandb

for life in range(2):
    run = wandb.init(project="resumes", id=sys.argv[1], resume="must" if life else None, config={f"life-{life}": True})
    assert run.starting_step == life * 50, run.starting_step
    for step in range(50):
        run.log({"value": life * 50 + step})
        print(f"life {life} step {step}")
    run.finish()
