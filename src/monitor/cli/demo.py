"""`monitor demo`: the main job end to end on a bundled newsroom, with no token and no internet."""

import asyncio

import click

from monitor.cli import Door
from monitor.cli.output import print_json


@click.command(short_help="Read a small invented newsroom and show what would be said.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--open", "open_page", is_flag=True, help="Open the channel and the letter in a browser.")
@click.pass_obj
def demo(door: Door, *, as_json: bool, open_page: bool) -> None:
    """Poll, match, deduplicate and "send" a small bundled newsroom, then say where to look."""
    from monitor import logs
    from monitor.cli.run import in_words
    from monitor.newsroom.demo import play

    settings = door.settings
    logs.set_up(form=settings.log_format, level=door.log_level or "error", secrets=settings.secrets())
    played = asyncio.run(play(settings))
    if as_json:
        print_json(
            {
                **played.acts,
                "cards": played.cards,
                "preview": {"channel": str(played.channel), "digest": str(played.letter)},
            }
        )
    else:
        titles = {"act 1": "Act one, Friday 08:00 Almaty: the baseline", "act 2": "Act two, 14:20: the news"}
        for act, summary in played.acts.items():
            click.echo(f"{titles[act]}\n{in_words(summary)}\n")
        click.echo("Said in the channel:")
        for card in played.cards:
            click.echo(f"  {card}")
        click.echo(f"\nLook at the channel:  {played.channel}\nand at the letter:    {played.letter}")
    if open_page:
        for page in (played.channel, played.letter):
            click.launch(page.resolve().as_uri())
