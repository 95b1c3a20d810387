"""Who answers a run: respondents and guests, their links, what is known of each."""
