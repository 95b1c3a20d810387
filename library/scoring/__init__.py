"""Scoring: named pure rules (`rules`), what they are applied to (`plan`, `values`), and applying them (`engine`)."""
