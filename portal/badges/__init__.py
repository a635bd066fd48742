"""Issuer profile, badge classes, awards, public documents, revocation, the badge designer."""
