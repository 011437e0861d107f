"""The demo study: wholly fictitious webcare conversations, coded by two coders. See corpus/README.md."""
