"""What the benchmark knows of a runtime beyond the package's target: one folder a runtime.

Each folder's module `runtime` has a RUNTIME: which releases are asked, by which script, and what
else hosts it. A runtime more is a folder more.
"""
