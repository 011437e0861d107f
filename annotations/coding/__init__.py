"""Coding: the queue, the page where people spend their days, and the only writer of what they give."""
