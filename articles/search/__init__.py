"""Full-text search over publications: what is indexed, what a reader's words mean, who finds them.

``query`` reads what was typed, ``words`` makes words comparable, ``index`` writes, and one of two
back-ends (``sqlite``, ``postgresql``) finds; ``backends.backend()`` is the one in use. What of it
readers may see is decided by who asks, with ``listed(at)``.
"""
