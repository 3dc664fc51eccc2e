"""Who the customers are: schema, synthetic population, history import and features, profile."""
