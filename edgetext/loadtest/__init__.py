"""Load on a server from a process of its own: when requests are due, who sends them, what comes."""
