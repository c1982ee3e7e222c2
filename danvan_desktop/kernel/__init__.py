"""Words of no domain: errors, clock, ids, canonical bytes, assets, files, text."""
