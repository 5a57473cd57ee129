"""Whole public answers, kept and never wrong.

``application`` puts the cache around the site, ``keys`` says which requests it knows, ``entries``
what is kept, ``stores`` where, ``flights`` who renders, and ``versions`` whether a kept page still
holds. Who changes what readers see says so by ``articles.generations``.

An answer is kept if it says by its ``Cache-Tag`` what it shows and by ``response.fresh_until`` how
long that is true with nobody doing anything. Two things end it: the clock, which is compared at
each use, and a change of one of its tags after the version that was read *before* it was rendered.
"""

from articles.public.page_cache.application import PageCache, wrap

__all__ = ["PageCache", "wrap"]
