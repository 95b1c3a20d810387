"""What staff make of the answers: following them live, verdicts, notes, threads, agreement of respondents."""
