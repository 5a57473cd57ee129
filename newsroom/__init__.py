"""The project package: wiring and settings, no models and no editorial rules."""
