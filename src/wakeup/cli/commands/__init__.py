"""The commands and their options, by what they are for. Each command's work stands in a module of its own, imported
when it is called."""
