"""A search by several processes in one folder: its study, who has which trial, the processes."""
