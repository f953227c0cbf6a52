"""The pages of contacts, a subject a module."""
