"""Electrode grids: all channels of an array looked at together, noise whitened over them, in one pass over the file."""
