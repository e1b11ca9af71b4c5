"""Tests of `sift-codegen explain`."""
