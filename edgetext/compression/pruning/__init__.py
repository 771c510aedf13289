"""Smaller layers: which widths and ranks to cut, and the cut itself."""
