"""The sections of pages: one module for each, and one template of the same name in `templates`."""
