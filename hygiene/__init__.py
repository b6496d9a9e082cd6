"""hygiene: honest scores, cleanup lists and coaching for sales email sequences, from plain exports, offline."""

__version__ = "0.1.0"
