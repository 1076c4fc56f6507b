"""The words of a configuration as the desk needs them: a matcher here, and a lesson for the worker's children."""

import importlib
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from monitor.config.configuration import Configuration
from monitor.ingest.reading import learn
from monitor.stories.gist import Atlas, atlas_of
from monitor.text.packing import BROKEN
from monitor.worker import Lesson

if TYPE_CHECKING:
    from monitor.matching.engine import Matcher


class Words:
    """What finds the words of a configuration; each form is made when it is first wanted: most polls bring no news."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def matcher(self) -> "Matcher":
        """The matcher, always the same one."""
        return self._matcher

    def atlas(self) -> Atlas:
        """What the stories know of the words, always the same."""
        return self._atlas

    @cached_property
    def lesson(self) -> Lesson:
        """What teaches a child the same words."""
        packed = self._configuration.packed or _matching("packed").pack(self._matcher)
        return Lesson(learn, (packed,))

    @cached_property
    def _atlas(self) -> Atlas:
        return atlas_of(self._configuration.keywords, [feed.name for feed in self._configuration.feeds])

    @cached_property
    def _matcher(self) -> "Matcher":
        configuration = self._configuration
        if configuration.matcher is not None:
            return configuration.matcher
        made: Matcher
        if configuration.packed is not None:
            with suppress(*BROKEN):  # what cannot be opened is made anew
                made = _matching("packed").unpack(configuration.packed)
                return made
        made = _matching("compile").compile_keywords(configuration.keywords)
        return made


def _matching(module: str) -> Any:
    """A module that is imported when there is something to find."""
    return importlib.import_module(f"monitor.matching.{module}")
