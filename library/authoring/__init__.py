"""What the pages of authors read and offer: plain functions over a draft; nothing here writes."""
