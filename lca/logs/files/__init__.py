"""What log files are made of: lines, cells, stamps, documents and records; nothing of power or steps."""
