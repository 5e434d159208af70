"""kithbook: who you know, when you last met, who is due. The walk: docs/architecture.md."""
