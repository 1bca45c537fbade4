"""Pure decisions about outgoing documents: no database, no clock."""
