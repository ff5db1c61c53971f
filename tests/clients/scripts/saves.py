"""Files whose names need care on every hop."""

import pathlib
import sys

import wandb

NAMES = ["plain.txt", "with space.txt", "50%.txt", "한글/모델.txt", "a#b?c&d=e+f.txt", "deep/er/nest.bin", "empty.bin"]

run = wandb.init(project="saves", id=sys.argv[1])
for name in NAMES:
    path = pathlib.Path("files", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("" if name.startswith("empty") else f"the content of {name}")
run.save("files/**", base_path="files", policy="now")  # brings the folder itself along, too
run.save("files/한글/*", base_path="files", policy="live")
run.save("files/deep/er/*", base_path="files", policy="end")
run.finish()
