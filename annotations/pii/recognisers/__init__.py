"""One module per kind of information. Each has ``find(message)``, which yields findings."""

from annotations.pii.recognisers import (
    address,
    address_abroad,
    address_told,
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

WITH_NUMBERS = (assessment, phone, bsn, payment_reference, checked)
"""Recognisers whose values have six digits or more, or are said to be a part of such a number."""

WITH_DIGITS = (iban, documents, customer, address, address_abroad, address_told, amounts, birth_date)
"""Recognisers whose values may have fewer digits, with letters or with words around them."""

WITH_WORDS = (email, credentials, name)
"""Recognisers that also read texts without a digit."""
