"""Commands by which the user says something about a person; each only appends a decision."""

from typing import Annotated

import typer

from pipeline.session import Session

PANEL = "Now and then"


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    app.command("choose", rich_help_panel=PANEL)(choose)


def choose(
    context: typer.Context,
    keep: Annotated[
        list[str] | None, typer.Option(help="Keep in touch with this person; may be repeated.")
    ] = None,
) -> None:
    """Choose whom to keep in touch with: one key a person.

    Example: kithbook choose
    """
    from pipeline.choosing import choose as ask

    session: Session = context.obj
    ask(session, keep=keep)
