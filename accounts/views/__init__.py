"""The pages of the room, a subject a module."""
