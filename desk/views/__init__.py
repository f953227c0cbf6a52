"""The pages over all rooms, a subject a module."""
