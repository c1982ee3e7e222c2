"""The encrypted SQLite file; the only room with SQLAlchemy and sessions."""
