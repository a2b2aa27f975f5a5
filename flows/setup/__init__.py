"""Setting up: which Python, what is missing, `.venv` with the pinned packages, and the lock that pins them.

Only the standard library: nothing is installed when this runs.
"""
