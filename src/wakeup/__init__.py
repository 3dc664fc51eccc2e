"""Campaigns as code for waking dormant customers: write a campaign, check it, simulate it, read what it would bring."""
