"""From a question about two countries to its answer: as data, then as a page, Markdown, JSON or text."""
