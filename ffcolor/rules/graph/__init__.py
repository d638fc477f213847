"""Forward-Forward on graphs: nodes and links, without a backward pass through the layers.

`data` makes graphs, `convolutions` mixes neighbours; `forward` and `single` classify nodes, `twin` is backpropagation
to measure them by; `links` predicts links.
"""
