"""Frozen report → PDF. Pure: values in, bytes out."""
