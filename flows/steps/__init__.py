"""One module a step, each with `run(name, submit)`: read files, call the recipe, write files, return the step's facts.

Nothing here imports Prefect, so what a step imports is exactly the code that its DVC stage depends on.
"""
