"""The web process: uvicorn serving the hybrid ASGI app on a socket that its parent listens on.

The parent keeps the socket, so that connections wait rather than fail while a dead web process is started again,
and so that several web processes share one address: `python -m config.server.web --fd 3`.
"""

import argparse
import socket

import uvicorn

GRACE = 2  # seconds; a live page holds its connection open for as long as it is looked at


def main() -> None:
    parser = argparse.ArgumentParser(prog="config.server.web")
    parser.add_argument("--fd", type=int, required=True, help="number of the listening socket")
    listening = socket.socket(fileno=parser.parse_args().fd)
    config = uvicorn.Config(
        "config.asgi:application",
        http="httptools",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
