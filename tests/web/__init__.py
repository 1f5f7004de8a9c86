"""The edge: gate, sign-in, set-up, headers, downloads."""
