"""One run: pull from the sources, write down, push the follow-ups, and say what came of it."""
