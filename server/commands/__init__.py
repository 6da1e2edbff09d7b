"""What the longer commands of `stafetten` do."""
