"""`bin/server`: one supervisor with web, worker and broker as its children."""
