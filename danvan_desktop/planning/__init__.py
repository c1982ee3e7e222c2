"""Plan texts → plan; tasks; deadlines; working days and legal terms. Pure."""
