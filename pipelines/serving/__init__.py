"""What a served model is: raw rows in; answers, reasons, drift and a promise out. No HTTP, no disk."""
