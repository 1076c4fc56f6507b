"""What a first reading may say: the newest three of the last day, silently, whichever sources they came from.

A first run, a new or re-enabled source or a changed id scheme shows us the past. Its articles are judged BASELINE one
by one; when the cycle is over the few newest are said, so that a newcomer sees that it works and nobody is flooded.
"""

from datetime import datetime

from monitor.ingest.desk import Desk
from monitor.ingest.telling import announce
from monitor.model import Join, Placement, Reason, Verdict
from monitor.policy.alerting import of_a_baseline
from monitor.schema import transaction
from monitor.store import facts
from monitor.store import feeds as feed_store
from monitor.store import stories as story_store

SETTLED = "baseline settled up to verdict"


def settle(desk: Desk, now: datetime) -> int:
    """Say the few that may be said of this cycle's first readings; returns the messages queued.

    What was settled is remembered by verdict, so a crash before this step only delays it to the next cycle. Cycles
    overlap: while another one is at a first reading, it waits for that one, or each would say its own three.
    """
    with transaction(desk.db) as db:
        if _first_readings_go_on(desk):
            return 0
        settled = int(facts.recall(db, SETTLED) or 0)
        newest = story_store.last_verdict(db)
        if newest == settled:
            return 0
        passed = story_store.passed_over(db, settled, now - desk.rules.baseline_window)
        by_story = {one.story_id: one for one in reversed(passed)}
        candidates = [one for one in by_story.values() if story_store.said(db, one.story_id) is None]
        queued = 0
        for place in of_a_baseline([one.published_at for one in candidates], desk.rules, now):
            chosen = candidates[place]
            verdict = Verdict(say=True, reason=Reason.FIRST, detail="first reading of this source", digest=True)
            story_store.keep_verdict(
                db,
                verdict,
                Placement(join=Join.OPENS, story_id=chosen.story_id),
                article_id=chosen.article_id,
                story_id=chosen.story_id,
                now=now,
            )
            queued += announce(desk, chosen.story_id, chosen.article_id, verdict, now)
        facts.remember(db, SETTLED, str(story_store.last_verdict(db)), now)
        return queued


def _first_readings_go_on(desk: Desk) -> bool:
    """Whether a source is being read for the first time at this moment."""
    if not desk.busy:
        return False
    states = feed_store.states(desk.db)
    return any(feed_id not in states or states[feed_id].baselined_at is None for feed_id in desk.busy)
