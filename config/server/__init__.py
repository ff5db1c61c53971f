"""`bin/server`: one supervisor with web, worker, beat and broker as its children."""
