"""`xaso openapi`: the API's document, as the program serves it."""

import json

from django.core.serializers.json import DjangoJSONEncoder

from xaso.command.words import say
from xaso.faces.api.urls import api


def run(arguments: list[str]) -> int:
    del arguments
    say(json.dumps(api.get_openapi_schema(), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    return 0
