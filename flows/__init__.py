"""What moves the recipe: reads files, calls `pipelines`, writes files, and lets Prefect watch."""
