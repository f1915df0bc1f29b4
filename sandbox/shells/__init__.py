"""Existing, trusted software that isolates; one file each."""
