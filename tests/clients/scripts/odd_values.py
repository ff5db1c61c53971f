"""Numbers that strict JSON does not have, in config, history and summary."""

import sys

import wandb

run = wandb.init(project="odd", id=sys.argv[1], config={"nan": float("nan"), "inf": float("inf")})
run.log({"value": float("nan"), "a.b/c d": 1})
run.log({"value": float("inf")})
run.log({"value": float("-inf")})
run.log(
    {"value": 1.5, "텍스트": "값 🎉", "histogram": wandb.Histogram([1, 2, 3]), "nothing": None, "unknown": float("nan")}
)
run.summary["best"] = float("inf")
run.finish()
