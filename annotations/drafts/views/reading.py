"""What a script sent along."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object; empty where it is none."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
