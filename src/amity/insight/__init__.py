"""One file a question asked of a relation: its phases, trust each way, fields, maturity, outlook."""
