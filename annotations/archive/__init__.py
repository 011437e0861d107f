"""A whole study in one file, sealed with a passphrase, and back into an installation, on either database."""
