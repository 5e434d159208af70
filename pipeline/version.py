"""Which version of kithbook this is."""


def version() -> str:
    """Ours, from the installed package's metadata."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of("kithbook")
    except PackageNotFoundError:  # run from a folder that nothing installed
        return "unknown"
