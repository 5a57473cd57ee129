"""Feeds with the full text: what is in one, and one writer for each format.

``entries`` gathers a feed whatever its format, ``rss``, ``atom`` and ``json_feed`` write it down,
``views`` knows which lists have feeds and answers. Addresses in a feed are full ones under
``SITE_URL``.
"""
