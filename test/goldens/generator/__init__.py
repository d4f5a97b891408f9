"""One module per golden file; common.py holds what they share."""
