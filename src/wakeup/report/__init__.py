"""Result to bytes: tables, charts, the HTML page."""
