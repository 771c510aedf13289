"""The commands, one a module: each parses, calls one function and prints. `options` has what they
share.

A module here imports only click and the standard library at its top, so that `edgetext --help`
stays fast; what the command needs is imported inside it.
"""
