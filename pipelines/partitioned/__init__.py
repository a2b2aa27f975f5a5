"""Boosted trees for tables that are larger than one machine's memory: partitions on the workers of a Dask cluster."""
