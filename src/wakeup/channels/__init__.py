"""Channels: what an adapter is, which ones there are, one file per provider, and the kit that each must pass."""
