"""Drafts as they are written: parts, changes to them, and what keeps the rest in step. Plain data in, plain data out.

`data` is everywhere what `DefinitionDocument.to_data` gives. `parts` takes it apart and addresses what a form edits;
`changes` applies one change and says in words what went with it; `fresh` makes new content with unused keys;
`drafts` reads a draft for a page. Nothing here knows of the database.
"""
