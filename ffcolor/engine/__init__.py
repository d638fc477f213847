"""The Forward-Forward engine: a layer's local step, networks of such layers, and where negatives come from."""
