"""A small shop: prices, orders, and an HTTP interface."""
