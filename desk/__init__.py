"""Pages over all rooms: the first run, search, the way to the board; the demo company and `generate`."""
