"""Who may come in: tokens, an identity provider's keys, secrets made once, the monitor's password."""
