"""`kithbook init`: the config, source by source, each tried before the next."""
