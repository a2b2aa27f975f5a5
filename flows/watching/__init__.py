"""What a person sees of a run: the Prefect server and its UI, and one line on the terminal. The only Prefect code."""

RUN = "SEVENFOLD_PARENT"  # in the environment of a rebuild's steps: the id of the flow run that is their parent
COMMIT = "SEVENFOLD_COMMIT"  # the same: the commit, which has been looked up once
