"""Rebuilds that run by themselves: the deployment that Prefect's UI shows, and the process that runs what is due."""
