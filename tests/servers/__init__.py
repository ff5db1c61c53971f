"""Real servers for tests: processes on free ports, with data in directories of their own, ended with the test.

with Debrief(tmp_path) as server:
    server.provision({"user": "ada", "api_key": "0" * 40})
    httpx.get(server.url)
"""

from tests.servers.brokers import Redis, Valkey
from tests.servers.debrief import Debrief
from tests.servers.postgres import Postgres
from tests.servers.process import Process, free_port, wait_for
from tests.servers.smtp import SmtpServer

__all__ = ["Debrief", "Postgres", "Process", "Redis", "SmtpServer", "Valkey", "free_port", "wait_for"]
