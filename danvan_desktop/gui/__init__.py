"""Windows: draws, asks, shows. No query runs here."""
