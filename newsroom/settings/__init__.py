"""Settings: ``development``, ``production`` and ``test`` build on ``base``.

``environment`` reads variables, ``services`` turns addresses into Django's settings. What each
variable means is written down in ``docs/settings.md``.
"""
