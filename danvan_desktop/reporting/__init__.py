"""Numbers + outline → draft → frozen report; consolidation of many. Pure."""
