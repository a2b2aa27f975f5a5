"""How much one request, one client and all of them together may ask for."""

MOST_BYTES = 8 << 20  # of a body, as sent and as unpacked
FEW_BYTES = 16 << 10  # of a body that is read without a thread of its own: about 50 rows
MOST_ROWS = 10_000  # of a request; `sevenfold predict` answers files of any length
MOST_COLUMNS = 10_000
MOST_UNPACKED = 64 << 20  # bytes that the columns of a Parquet body come to
MOST_FEEDBACK = 10_000  # truths of a request
MOST_NAMED = 100  # ignored columns that an answer names
MOST_REQUESTS = 64  # answered at the same time, by one process
MOST_WAITING = 512  # connections that wait to be accepted
MOST_QUEUED = 50_000  # rows that wait for the models of one process
MOST_HEAD_BYTES = 64 << 10  # of the first line of a request and its headers
HEAD_SECONDS = 20.0  # that these may take to arrive
BODY_SECONDS = 20.0  # that a body may take to arrive
CHUNK = 1_000  # rows that a model predicts at once; requests of more take turns with others
EMBEDDED = 64  # the same where a network reads their texts, each of which takes some milliseconds
MOST_CHARACTERS = 50_000  # of a text, or as many as the longest that the models were made with: twenty pages
