"""Logs a step every few milliseconds, for as long as it is let or for a number of steps."""

import sys
import time

import wandb

project, name, steps, pause = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
run = wandb.init(project=project, id=name, settings=wandb.Settings(x_file_stream_transmit_interval=0.5))
print("started", flush=True)
for step in range(steps):
    run.log({f"metric-{index}": step + index / 10 for index in range(10)})
    time.sleep(pause)
run.finish()
