"""The typed shapes of what the seven steps write, and the pointers and sentences that rest on them.

One module a step. The comment beside a key says what it holds; `flows.docs` writes docs/facts.md and the JSON Schemas
from these modules.
"""
