"""Fitted models as files that can be read without running what they hold."""
