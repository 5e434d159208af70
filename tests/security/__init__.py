"""One test an attack: who could try it and what stops them is in docs/security.md."""
