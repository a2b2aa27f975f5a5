"""How a step is run: in this process, in a child of the warm process, its pieces in threads or on a Dask cluster."""
