"""What every module may use: errors, files, tables, and a way to keep libraries quiet."""
