"""`edgetext serve`: models over HTTP, by the Open Inference Protocol and by JSON of our own."""
