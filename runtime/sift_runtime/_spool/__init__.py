"""The spool: queue, write-ahead log and send buffer in one; docs/spool-format.md."""
