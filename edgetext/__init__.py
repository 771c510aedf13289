"""edgetext: small text models whose one file reads raw UTF-8 on any device."""

__version__ = "0.1.0"
