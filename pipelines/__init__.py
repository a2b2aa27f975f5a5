"""The recipe: values in, values out. Nothing here knows Prefect or DVC, prints, or touches a disk."""
