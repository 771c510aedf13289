"""The commands of `edgetext bench`, one a module; `cells` and `places` hold what several share."""
