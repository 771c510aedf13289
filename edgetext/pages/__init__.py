"""Pages that need no network: their style, tables, charts and Pareto fronts."""
