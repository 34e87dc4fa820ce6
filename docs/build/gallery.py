"""Stub."""
def pages(): return {"reference/gallery.md": "# Gallery\n"}
