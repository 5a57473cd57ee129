"""Publications in the formats of the news trade: ninjs, NewsML-G2 and NITF.

Writers are pure functions of a ``Story``: they ask no database and decide nothing about who may see
it. Each says what the page says: every paragraph, every name, every correction; of a story that was
withdrawn only that it was. Photos stand in them with the files and rights of ``Channel.API``.
"""
