"""Sift's messages, compiled from protos/ by `make protos`: our own proto package, Sift's names and numbers."""
