"""The site: settings, addresses, start-up. It knows all rooms; no room knows it."""
