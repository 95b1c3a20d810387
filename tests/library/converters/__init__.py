"""Published question sets, as they lie in the conformance data, into the own definition format."""
