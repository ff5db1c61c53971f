"""Messages as values, for tests of channels."""

from __future__ import annotations

from notifications.channels.types import Message

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 10

FAILED = Message(
    level="error",
    title="calm-otter-12 failed",
    text="The script ended with an error. These are its last lines.",
    fields=(("Exit code", "1"), ("Project", "vision-lab/image-ablations"), ("User", "bob"), ("val/loss", "0.3412")),
    log=("epoch 3: loss=0.4 <lr=1e-3> & more", "ValueError: shapes (3,) and (4,) differ"),
    link="https://debrief.example.org/vision-lab/image-ablations/runs/abc123",
    link_text="Open the run",
    reference="17-20261120120000",
    chart=PNG,
    chart_alt="Chart of val/loss of calm-otter-12",
    footer="Sent by the rule “A run fails” to Slack #training",
    footer_link="https://debrief.example.org/vision-lab/image-ablations/rules/3",
)

HUGE = Message(
    level="warning",
    title="t<&>" * 200,
    text="x & y\n" * 4000,
    fields=tuple((f"metric {number} " * 50, "<&>" * 400) for number in range(40)),
    log=tuple("```<&>" * 400 for _line in range(20)),
    link="https://debrief.example.org/" + "r" * 600,
    link_text="Open the run",
    reference="18-20261120120000",
    chart=PNG,
    chart_alt="alt " * 2000,
    notes=("note & " * 300,) * 9,
    footer="f|<&>" * 300,
    footer_link="https://debrief.example.org/" + "f" * 600,
)
