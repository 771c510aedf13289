"""`edgetext serve --grpc-port`: the Open Inference Protocol, version 2, by gRPC."""
