"""Migrations after ``RELEASED``, the last number of the first release, keep the code of the release
before them running (docs/scaling.md); ``tests/test_migrations.py`` looks at them."""

RELEASED = 4
