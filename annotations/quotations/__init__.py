"""Messages in other words: a bank of examples per category, to publish without showing who wrote them."""
