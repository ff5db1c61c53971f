"""Logs until it is told to stop (a line on standard input), a few steps a second, as a slow training would."""

import sys
import threading

import wandb

told = threading.Event()


def listen() -> None:
    sys.stdin.readline()
    told.set()


threading.Thread(target=listen, daemon=True).start()
settings = wandb.Settings(x_file_stream_transmit_interval=0.5)
run = wandb.init(
    entity="vision-lab",
    project="image-ablations",
    id=sys.argv[1],
    name=sys.argv[1],
    group="warm-up",
    config={"lr": 0.1},
    settings=settings,
)
step = 0
while not told.wait(0.1):
    run.log({"train/loss": 2 / (1 + step), "val/accuracy": 1 - 1 / (1 + step)})
    print(f"step {step} 검증")
    step += 1
if len(sys.argv) > 2:
    raise RuntimeError(sys.argv[2])
run.finish()
