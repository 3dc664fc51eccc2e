"""The executor: claims, sends, settles; every step durable before the next."""
