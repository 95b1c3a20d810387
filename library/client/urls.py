"""Empty on purpose: the Library's pages say how far an account is with each assessment, and this app knows of none.

They stand in portal.client, above both.
"""

urlpatterns: list = []
