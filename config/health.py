"""`/healthz`: the process is alive. `/ready`: it can do its work."""

from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> JsonResponse:
    raise NotImplementedError
