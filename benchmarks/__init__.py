"""How fast the pages are, against hand-written floors over the same data. See RESULTS.md."""
