"""One module per kind of information. Each has ``find(message)``, which yields findings."""

from annotations.pii.recognisers import (
    address,
    amounts,
    assessment,
    birth_date,
    bsn,
    checked,
    credentials,
    customer,
    documents,
    email,
    iban,
    name,
    payment_reference,
    phone,
)

WITH_DIGITS = (
    assessment,
    iban,
    phone,
    bsn,
    payment_reference,
    checked,
    documents,
    customer,
    address,
    amounts,
    birth_date,
)
"""Recognisers whose values contain digits (after number words are read as digits)."""

WITH_WORDS = (email, credentials, name)
"""Recognisers that also read texts without a digit."""
