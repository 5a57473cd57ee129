"""Readers: one module or package an input format; bytes in, article and problems out."""
