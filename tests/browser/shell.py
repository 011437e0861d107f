"""Runs Python on the data of a running app: a line of JSON with the code in, one with what it printed out.

One process for all tests, because `manage.py shell` takes more than a second to start.
"""

import json
import sys
import traceback
from contextlib import redirect_stdout
from io import StringIO

import django
from django.db import connection


def main() -> None:
    django.setup()
    for line in sys.stdin:
        printed = StringIO()
        answer = {"error": ""}
        try:
            with redirect_stdout(printed):
                exec(json.loads(line), {"__name__": "shell"})
        except Exception:
            answer = {"error": traceback.format_exc()}
        connection.close()
        print(json.dumps(answer | {"printed": printed.getvalue()}), flush=True)


if __name__ == "__main__":
    main()
