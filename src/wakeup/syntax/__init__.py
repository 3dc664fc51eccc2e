"""Text to tree: grammar loading, parsing with recovery, the attrs tree, literals. The only package that knows lark."""
