"""Empty on purpose: the Library's pages say how far an account is with each assessment, which this app knows nothing of.

They stand in portal.client, above both.
"""

urlpatterns: list = []
