import sys

import wandb

try:
    print("logged in:", wandb.login(key=sys.argv[1], verify=True, relogin=True))
except (wandb.errors.AuthenticationError, wandb.errors.UsageError) as problem:
    print("refused:", problem)
