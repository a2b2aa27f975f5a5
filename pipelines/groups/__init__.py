"""Groups without a label: are there any, how many at least, and what do the usual checks say of tables without."""
