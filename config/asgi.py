"""The hybrid ASGI app: hot paths as plain ASGI callables, everything else through Django's WSGI handler in threads."""

from a2wsgi import WSGIMiddleware

from config.wsgi import application as django

THREADS = 8  # each keeps a persistent database connection

application = WSGIMiddleware(django, workers=THREADS)
