"""The editor of definitions, one module for each kind of part it edits."""
