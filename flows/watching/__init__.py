"""What a person sees of a run: the Prefect server and its UI, and one line on the terminal. The only Prefect code."""
