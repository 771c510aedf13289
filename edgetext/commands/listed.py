"""What `edgetext --help` says of the commands, as a person meets them.

A line here spares the help the import of the command; one that has none says the first of its own
help, and comes last.
"""

from __future__ import annotations

LISTED = {
    "demo": "Train, distill, quantize, export and measure a recipe.",
    "recipes": "List the recipes that come with edgetext.",
    "init": "Write a complete recipe for a file or folder of data.",
    "data": "Look at data sets, check and convert them.",
    "train": "Train a recipe.",
    "search-params": "Search the values of a recipe's fields.",
    "runs": "List, compare and draw trainings.",
    "import": "Make a checkpoint of a model of Hugging Face.",
    "pretrain": "Train a small embedder that other trainings begin with.",
    "distill": "Train a small student on the answers of a teacher.",
    "prune": "Leave out the least important rows of a model.",
    "quantize": "Store a model's weights as integers.",
    "calibrate": "Make probabilities come true, and tell texts out of scope.",
    "compress": "Find the model that loses least within a budget.",
    "export": "Write a model as files that read bytes.",
    "evaluate": "Measure accuracy, size and time on a recipe's data.",
    "predict": "Answer texts.",
    "label": "Answer the texts of whole files, as a column each.",
    "explain": "Weigh the words that speak for an answer.",
    "errors": "Look into what a model answers wrongly.",
    "redact": "Take personal data out of a file or a stream.",
    "models": "Publish models in versions, with stages that point at them.",
    "serve": "Answer texts over HTTP.",
    "tune": "Find the cheapest way to serve a model under a load.",
    "similar": "Compare a text with others by an embedder.",
    "search": "Find the texts that are nearest to queries.",
    "inspect": "Show what a model is, and its bytes by part.",
    "verify": "Replay the golden examples that files carry.",
    "attack": "Change texts until a model errs, with TextAttack.",
    "conformance": "Hold files in an engine to their checkpoint's answers.",
}
