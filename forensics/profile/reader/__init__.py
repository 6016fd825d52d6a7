"""A second reader: a local language model whose every statement is checked. Off unless a model is named."""
