from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client


@pytest.mark.django_db
def test_healthz_says_ok_when_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_healthz_says_503_when_the_database_does_not_answer(client: Client) -> None:
    with mock.patch("webcare_coding.views.connection") as connection:
        connection.cursor.side_effect = OperationalError("secret host name")
        response = client.get("/healthz")
    assert response.status_code == 503
    assert "secret" not in response.content.decode()


def test_healthz_takes_no_posts(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
