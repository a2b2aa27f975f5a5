"""The sections of pages: one module and one template of the same name for each."""
