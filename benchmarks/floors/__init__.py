"""The same pages made by hand over the same database: as little as a page can do, so as little as it can take.

No sign-in, no tenant, no rights, no middleware. *minimal* is a plain Django template over hand-written queries; *tuned*
makes everything once in Python and puts strings together. Both answer about as many bytes as the product's page.
"""
