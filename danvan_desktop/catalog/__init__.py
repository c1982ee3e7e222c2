"""What can be recorded and reported: forms, indicators, outlines, regimes, legal terms. Pure."""
