"""danvan_desktop: offline records, reports and signed exchange for the government's civic work."""

__version__ = "0.1.0"
