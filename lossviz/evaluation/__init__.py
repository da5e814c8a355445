"""Value and gradient of a loss on CPU or GPU: logits and targets in; probabilities, terms, loss and gradient out."""
