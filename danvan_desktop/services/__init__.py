"""One module per job of an officer; the only place where rooms meet; no Qt."""
