"""`delivery.yaml`: the contract's file becomes rules and a plan; without it the settings decide."""

import re
from datetime import timedelta

import pytest

from config_samples import DELIVERY
from monitor.config.delivery import Destination, DigestPlan, Plan, Route, make_delivery
from monitor.config.files import read_delivery
from monitor.config.problems import Problems
from monitor.config.settings import Settings
from monitor.config.yaml import read_text
from monitor.model import Quiet, Rules, Severity, Standing
from paths import DOCS

SETTINGS = Settings(time_zone="Asia/Aqtau", languages=("kk",), digest_at="09:00")


def read(text: str) -> tuple[Rules, Plan, list[str]]:
    """The rules and the plan of a text and what is wrong with it."""
    problems = Problems("f")
    rules, plan = make_delivery(read_text(text, problems), problems, SETTINGS)
    return rules, plan, [str(problem) for problem in problems]


def test_the_contracts_file_becomes_rules_and_a_plan():
    """Every part arrives; what it leaves open the settings say."""
    rules, plan, said = read(DELIVERY)
    assert not said
    assert rules == Rules(normal_budget=5, quiet=Quiet(start="22:00", end="06:30", time_zone="Asia/Aqtau"))
    assert plan == Plan(
        destinations={
            "main": Destination(name="main", languages=("kk", "en"), thread=12),
            "west": Destination(name="west", channel="MONITOR_TELEGRAM_CHANNEL_WEST", languages=("kk",)),
        },
        routes=(
            Route(
                to="west",
                topics=frozenset({"strike"}),
                severity=frozenset({Severity.URGENT}),
                places=frozenset({"zhanaozen"}),
                langs=frozenset({"ru"}),
                standing=frozenset({Standing.INDEPENDENT, Standing.STATE}),
            ),
            Route(to="main"),
        ),
        digests=(
            DigestPlan(name="almaty", at="08:15", zone="Europe/Brussels", languages=("en",)),
            DigestPlan(name="west", to="MONITOR_DIGEST_TO_WEST", at="09:00", zone="Asia/Aqtau", languages=("kk",)),
        ),
        fallback_after=timedelta(minutes=30),
    )


def test_the_documented_file_is_a_file():
    """The example of docs/settings.md is read without a mistake."""
    (example,) = re.findall(r"```yaml\n(.*?)```", (DOCS / "settings.md").read_text("utf-8"), flags=re.DOTALL)
    _, plan, said = read(example)
    assert not said
    assert plan.digests[0] == DigestPlan(name="morning")
    assert [route.to for route in plan.routes] == ["west", "main"]


def test_letters_have_their_manner():
    """A letter is plain, telling, or for maintainers when the file says so."""
    text = "version: 1\ndigests: [{name: a, form: plain, subject: counts, maintainers: true}]\n"
    (letter,) = read(text)[1].digests
    assert (letter.plain, letter.telling, letter.maintainers) == (True, True, True)


def test_without_a_file_the_settings_decide():
    """One channel, one letter, in the zone and languages of the settings, and the contract's night and budget."""
    rules, plan = read_delivery(None, SETTINGS)
    assert rules == Rules(normal_budget=12, quiet=Quiet(start="23:00", end="07:00", time_zone="Asia/Aqtau"))
    assert plan == Plan(
        destinations={"main": Destination(name="main", languages=("kk",))},
        routes=(Route(to="main"),),
        digests=(DigestPlan(name="digest", at="09:00", zone="Asia/Aqtau", languages=("kk",)),),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("quiets: {}", "2:1: `quiets` is not known in a delivery file. Did you mean `quiet`?"),
        ("quiet: {from: 23:00, till: 07:00}", "2:8: `to` is missing in this pair of times. Add a line `to: …`."),
        ("quiet: {from: 11 pm, to: 07:00}", "2:15: `11 pm` is not a time of day. Write hours and minutes with two "),
        ("budget: {normal: -1}", "2:18: `-1` is not possible here. Write a whole number from 0 to 10000."),
        ("fallback_after: soon", "2:17: `soon` is not a duration. Write a number and a unit, such as 30s, 15m, 2h or "),
        (
            "destinations: {main: {channel: '@news'}}",
            "2:33: What stands here is not the name of a setting for this. Write ",
        ),
        ("destinations: {main: {channel: MONITOR_SMTP_PASSWORD}}", "2:32: What stands here is not the name of "),
        ("destinations: {main: {languages: [de]}}", "2:35: `de` is not possible here. Known here: en, ru, kk."),
        ("destinations: {main: {thread: one}}", "2:31: `one` is not possible here. Write a whole number from 1 to "),
        ("routes: [{to: mian}]", "2:15: There is no destination `mian`. Did you mean `main`?"),
        ("routes: [{topics: [a]}]", "2:10: `to` is missing in this route. Add a line `to: …`."),
        ("routes: [{to: main, severity: [loud]}]", "2:32: `loud` is not possible here. Known here: urgent, normal, "),
        ("digests: [{name: a}, {name: a}]", "2:29: The name `a` is already in line 2. Choose another one."),
        ("digests: [{name: a, to: me@example.org}]", "2:25: What stands here is not the name of a setting for this. "),
        ("digests: [{name: a, zone: Almaty}]", "2:27: `Almaty` is not a time zone. Did you mean Asia/Almaty?"),
    ],
)
def test_a_wrong_line_is_told(line, said):
    """One wrong line gives its message, at its place, first."""
    told = read(f"version: 1\n{line}\n")[2]
    assert told[0] == f"f:{said}" or (said.endswith(" ") and told[0].startswith(f"f:{said}"))
    assert len(told) == 1 or "till" in line
