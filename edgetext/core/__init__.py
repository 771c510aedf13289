"""What every module may use: errors, files, tables, what is said, and keeping libraries quiet."""
