"""Records: components whose fields are checked once, and the paths by which a study finds them."""
