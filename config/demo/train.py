"""A script as anybody writes one: a small network learns to read digits, and wandb logs how it gets on.

Run by the demo in a venv that has wandb and numpy and nothing of Debrief:
    python train.py --lr 0.3 --seed 1 --group "learning rate" --pause 0.02
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import wandb

GLYPHS = """
01110 00100 01110 11110 00010 11111 01110 11111 01110 01110
10001 01100 10001 00001 00110 10000 10000 00001 10001 10001
10011 00100 00001 00001 01010 11110 10000 00010 10001 10001
10101 00100 00110 01110 10010 00001 11110 00100 01110 01111
11001 00100 01000 00001 11111 00001 10001 00100 10001 00001
10001 00100 10000 00001 00010 10001 10001 01000 10001 00001
01110 01110 11111 11110 00010 01110 01110 01000 01110 01110
"""
SIZE = 10  # pixels of a side of a picture: a glyph of 5 × 7 somewhere inside
HIDDEN, EPOCHS, BATCHES, BATCH_SIZE = 48, 16, 40, 32
PATIENCE, HOPELESS = 6, 0.3  # epochs after which an accuracy below that is a reason to give up


def main() -> None:
    options = read_options()
    run = wandb.init(
        project="digits",
        name=f"lr {options.lr:g}, seed {options.seed}",
        group=options.group,
        job_type="train",
        tags=["demo", "baseline" if options.lr == 0.3 else "sweep"],
        notes="A network with one hidden layer reads digits of 5 × 7 dots with noise.",
        config={
            "lr": options.lr,
            "seed": options.seed,
            "batch_size": BATCH_SIZE,
            "epochs": EPOCHS,
            "model": {"hidden": HIDDEN, "activation": "relu"},
        },
    )
    train(run, options)
    run.finish()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two batches, to have time to watch")
    return parser.parse_args()


def train(run: wandb.Run, options: argparse.Namespace) -> None:
    random = np.random.default_rng(options.seed)
    network = Network(random)
    held_out = digits(np.random.default_rng(0), 500)
    for epoch in range(EPOCHS):
        for _batch in range(BATCHES):
            pictures, answers = digits(random, BATCH_SIZE)
            loss, steepness = network.learn(pictures, answers, options.lr)
            run.log({"train/loss": loss, "train/gradient": steepness, "epoch": epoch})
            time.sleep(options.pause)
        loss, accuracy = network.judge(*held_out)
        run.log({"val/loss": loss, "val/accuracy": accuracy, "epoch": epoch})
        print(f"epoch {epoch + 1:2d}/{EPOCHS}  val/loss {loss:.4f}  val/accuracy {accuracy:.3f}")
        if epoch + 1 == PATIENCE and accuracy < HOPELESS:
            raise RuntimeError(f"accuracy is {accuracy:.0%} after {PATIENCE} epochs: lr={options.lr:g} is too high")


def digits(random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (count, SIZE²) of glyphs at random places under noise, and the digits they show."""
    rows = [line.split() for line in GLYPHS.split("\n") if line]
    glyphs = np.array([[[int(dot) for dot in row[digit]] for row in rows] for digit in range(10)], dtype=float)
    answers = random.integers(0, 10, count)
    pictures = random.normal(0, 0.35, (count, SIZE, SIZE))
    for picture, answer in zip(pictures, answers, strict=True):
        top, left = random.integers(0, SIZE - 7 + 1), random.integers(1, 4)
        picture[top : top + 7, left : left + 5] += glyphs[answer]
    return pictures.reshape(count, -1), answers


class Network:
    """One hidden layer, learning by plain gradient descent."""

    def __init__(self, random: np.random.Generator) -> None:
        self.first = random.normal(0, (2 / SIZE**2) ** 0.5, (SIZE**2, HIDDEN))
        self.second = random.normal(0, (2 / HIDDEN) ** 0.5, (HIDDEN, 10))

    def learn(self, pictures: np.ndarray, answers: np.ndarray, lr: float) -> tuple[float, float]:
        """One step; the loss before it and the length of its gradient."""
        hidden, chances = self._look(pictures)
        loss = self._loss(chances, answers)
        chances[np.arange(len(answers)), answers] -= 1
        wrong = chances / len(answers)
        by_second = hidden.T @ wrong
        by_first = pictures.T @ ((wrong @ self.second.T) * (hidden > 0))
        self.first -= lr * by_first
        self.second -= lr * by_second
        return loss, float(np.sqrt((by_first**2).sum() + (by_second**2).sum()))

    def judge(self, pictures: np.ndarray, answers: np.ndarray) -> tuple[float, float]:
        """Loss and share of right answers."""
        _hidden, chances = self._look(pictures)
        return self._loss(chances, answers), float((chances.argmax(axis=1) == answers).mean())

    def _look(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        hidden = np.maximum(pictures @ self.first, 0)
        scores = hidden @ self.second
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        return hidden, chances / chances.sum(axis=1, keepdims=True)

    def _loss(self, chances: np.ndarray, answers: np.ndarray) -> float:
        return float(-np.log(np.maximum(chances[np.arange(len(answers)), answers], 1e-12)).mean())


if __name__ == "__main__":
    main()
