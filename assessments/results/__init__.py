"""What came out: scores and their explanations, findings, earlier runs, comparison."""
