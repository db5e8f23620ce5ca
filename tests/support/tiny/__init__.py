"""A site of a few pages and a small API on the web floor alone, to try everything web gives."""
