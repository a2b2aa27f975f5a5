"""What moves the recipe: reads files, calls `pipelines`, writes files, and lets Prefect watch.

Modules beside this one are started by name: `sevenfold` (cli), `dvc` (whole_dvc), `python -m flows.deps`,
`python -m flows.docs` and `python -m flows.reproduced`.
"""
