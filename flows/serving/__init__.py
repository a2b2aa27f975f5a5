"""A project's archive behind HTTP: raw rows in; answers, reasons, drift and a promise out."""
