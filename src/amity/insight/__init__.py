"""One file a question asked of a relation: its phases, the trust of each side, its fields, its maturity, its outlook."""
