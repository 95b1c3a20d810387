"""Global search of both areas: one field, everything the viewer may see, nothing else.

What can be found comes from providers, one for each kind of thing; each starts from `.visible_to(viewer)`.
"""
