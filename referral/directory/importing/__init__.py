"""Files of the directory, read row by row. Pure; ``services.run_import`` loads them."""
