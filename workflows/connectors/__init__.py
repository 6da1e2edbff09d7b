"""The outside systems, one file each. A connector knows its system and nobody of ours."""
