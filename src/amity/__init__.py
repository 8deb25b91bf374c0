"""amity: how two countries have stood to each other, from open data, with every number traceable."""

__version__ = "0.1.0"
