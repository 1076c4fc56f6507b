"""The summary of one cycle, in the shape that the contract promises."""

from typing import Any

from monitor import outbox
from monitor.app.house import House
from monitor.deliver.dispatch import Sent
from monitor.ingest.desk import CycleReport


def summarise(house: House, report: CycleReport, sent: Sent, seconds: float) -> dict[str, Any]:
    """The summary of one cycle, in the shape of the contract; `alerts` counts messages."""
    return {
        "feeds": {
            "due": len(report.feeds),
            "ok": len(report.feeds) - len(report.failed),
            "unchanged": report.total("unchanged"),
            "failed": len(report.failed),
        },
        "entries": {"seen": report.total("seen"), "new": report.total("new")},
        "articles": report.total("articles"),
        "hits": report.total("hits"),
        "stories": {
            "opened": report.total("opened"),
            "joined": report.total("joined"),
            "reprints": report.total("reprints"),
        },
        "alerts": {
            "queued": report.queued,
            "sent": sent.sent,
            "uncertain": sent.uncertain,
            "dead": sent.dead,
            "waiting": sum(bool(delivery.message.ref) for delivery in outbox.waiting(house.db)),
        },
        "seconds": round(seconds, 1),
        "errors": [
            {"feed": failed.feed_id, "kind": failed.error_kind, "message": failed.error} for failed in report.failed
        ],
    }
