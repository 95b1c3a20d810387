"""What differs between two versions of a definition, part by part; `library.comparison` puts it together."""
