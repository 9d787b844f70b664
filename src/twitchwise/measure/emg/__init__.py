"""Fasciculation potentials in EMG: quality, rest, detection and counting, one channel at a time."""
