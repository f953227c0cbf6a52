"""The pages of deals, a screen a module."""
