"""Delivery: batches to the server, until each record is acknowledged, rejected, or still in the spool."""
