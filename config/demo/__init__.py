"""`bin/server --demo`: six real trainings and a report about them, made while one watches."""
