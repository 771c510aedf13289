"""Who is told how a training goes: the console, files, TensorBoard, Visdom, MLflow."""
