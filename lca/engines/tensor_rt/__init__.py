"""TensorRT: plans that are built, loaded and run on a CUDA device."""
