"""The notebook of one project: facts in, a Jupyter notebook out, and the run that fills in what its cells print."""
