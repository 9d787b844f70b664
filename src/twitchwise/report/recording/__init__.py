"""A measured recording told to those who know electromyography: what was found, in whom the like was found, and how."""
