"""Alembic migrations of the home's database; found by the path of this package, without an ini file."""
