"""The pages of organizations, a subject a module."""
