"""The what-if page: a study as a page with sliders, computed in the browser."""
