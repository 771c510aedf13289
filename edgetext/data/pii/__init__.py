"""The built-in data set `pii`: personal data in made-up texts of eight locales, and its reader."""
