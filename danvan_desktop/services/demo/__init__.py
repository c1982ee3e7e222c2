"""The demonstration: five offices of both families, a believable year and a half, and what passes between them.

Demo data may name forms and fields; nothing else in the program does. All persons are invented, with
names that nobody would take for a real petitioner's.
"""

from .build import DemoResult, build

__all__ = ["DemoResult", "build"]
