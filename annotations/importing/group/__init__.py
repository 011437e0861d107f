"""Message rows to conversations: which belong together, and in which order they are read. Pure."""
