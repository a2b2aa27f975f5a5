"""What DVC reads: the files a stage depends on, the projects that dvc.yaml lists, the rows that it plots."""
