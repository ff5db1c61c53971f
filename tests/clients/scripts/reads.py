"""Everything of the public API that Debrief answers, printed as one JSON object."""

import json
import sys

import wandb

project, name, downloads = sys.argv[1:]
api = wandb.Api()
run = api.run(f"{project}/{name}")
found = {
    "viewer": api.viewer.username,
    "entity": api.default_entity,
    "state": run.state,
    "config": run.config,
    "tags": run.tags,
    "summary": run.summary.get("epoch"),
    "history": run.history(pandas=False),
    "sampled": run.history(keys=["epoch"], pandas=False),
    "scanned": len(list(run.scan_history())),
    "scanned_keys": list(run.scan_history(keys=["epoch", "val.acc"])),
    "last_step": run.lastHistoryStep,
    "files": sorted(file.name for file in run.files()),
    "download": run.file("wandb-metadata.json").download(downloads, replace=True).read()[:1],
    "projects": [project.name for project in api.projects()],
    "members": [member.username for member in api.team(api.default_entity).members],
}
if hasattr(run, "console_logs"):
    found["console"] = [[line.number, line.level, line.content] for line in run.console_logs()]
for filters in (
    {"state": "finished"},
    {"config.lr": {"$gt": 0.05}},
    {"summary_metrics.epoch": 2, "tags": "baseline"},
    {"$or": [{"display_name": {"$regex": "^first"}}, {"group": "nowhere"}]},
    {"config.optimizer.value.name": {"$in": ["adam", "sgd"]}},
    {"$and": [{"createdAt": {"$gt": "2020-01-01"}}, {"username": {"$ne": "nobody"}}]},
):
    assert name in [run.id for run in api.runs(project, filters=filters)], filters
assert name not in [run.id for run in api.runs(project, filters={"state": "crashed"})]
run.notes = "changed by the API"
run.config["added"] = 1
run.update()
run.summary["best"] = 0.9
run.summary.update()
again = api.run(f"{project}/{name}")
found["changed"] = [again.notes, again.config["added"], again.config["lr"], again.summary["best"]]
uploaded = run.upload_file(__file__, root=__file__.rpartition("/")[0])
found["uploaded"] = [uploaded.name, uploaded.size]
uploaded.delete()
found["after deletion"] = sorted(file.name for file in run.files())
made = api.create_project("made-by-api", api.default_entity)
other = api.create_run(project="made-by-api")
other.stop()
found["created"] = other.state
for leftover in api.runs(f"{api.default_entity}/made-by-api", per_page=1):
    leftover.delete()
found["left"] = len(wandb.Api().runs(f"{api.default_entity}/made-by-api"))
for wrong, path in (("run", f"{project}/nowhere"), ("project", f"{api.default_entity}/nowhere")):
    try:
        found[f"no {wrong}"] = len(api.runs(path)) if wrong == "project" else str(api.run(path))
    except (ValueError, wandb.errors.CommError) as problem:
        found[f"no {wrong}"] = str(problem)
print("FOUND", json.dumps(found))
