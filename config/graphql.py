from django.http import HttpRequest, JsonResponse


def view(request: HttpRequest) -> JsonResponse:
    raise NotImplementedError
