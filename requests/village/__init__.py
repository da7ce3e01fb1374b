"""代办: mandates of village agents, and the bundles of files they bring."""
