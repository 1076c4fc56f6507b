"""A CSS selector for some elements of a page: short, without the names that change with every build."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from monitor.sources.webpage import Node, ancestors

# Numbers, positions and hashes in names: of this item, this build or this moment.
_CHANGING = re.compile(
    r"\d|^(?:odd|even|first|last|active|current|new|hot|css|sc|jsx|emotion)(?:$|[-_])|__\w{5,}$|^[a-zA-Z]{0,2}$"
)
_PLAIN = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_MAX_LEVELS = 12


def stable_classes(node: Node) -> list[str]:
    """The class names of an element that mean what it is, in their order."""
    names = (node.attributes.get("class") or "").split()
    return [name for name in names if _PLAIN.fullmatch(name) and not _CHANGING.search(name)]


def stable_id(node: Node) -> str:
    """The id of an element, if it names a place and not a number."""
    name = node.attributes.get("id") or ""
    return name if _PLAIN.fullmatch(name) and not _CHANGING.search(name) else ""


def selector_for(tree: Any, nodes: Sequence[Node]) -> str:
    """The shortest selector we know that finds these elements and (nearly) no others; they have one tag."""
    wanted = {node.mem_id for node in nodes}
    best, best_overlap = _tag(nodes[0]), 0.0
    for candidate in _candidates(nodes):
        found = {node.mem_id for node in tree.css(candidate)}
        overlap = len(found & wanted) / len(found | wanted)
        if overlap == 1.0:
            return candidate
        if overlap > best_overlap:
            best, best_overlap = candidate, overlap
    return best


def _candidates(nodes: Sequence[Node]) -> Iterator[str]:
    """Ever longer selectors: the elements' own names, then with more and more of what is around them."""
    own = _labels(nodes)
    yield from (label for label in own if label != _tag(nodes[0]))
    around = _levels(nodes)
    for label in own:
        path = label
        for level in around:
            names = _labels(level)
            for name in names:
                yield f"{name} > {path}"
                yield f"{name} {label}"
            path = f"{names[0]} > {path}"
    yield from _counted(nodes, own[0])


def _labels(nodes: Sequence[Node]) -> list[str]:
    """What the nodes have in common, the most telling first: an id, a class, the tag."""
    tag = _tag(nodes[0])
    shared = set.intersection(*(set(stable_classes(node)) for node in nodes))
    names = {stable_id(node) for node in nodes}
    ids = [f"#{name}" for name in names if name and len(names) == 1]
    return [*ids, *(f"{tag}.{name}" for name in stable_classes(nodes[0]) if name in shared), tag]


def _levels(nodes: Sequence[Node]) -> list[list[Node]]:
    """The parents of all nodes, their parents and so on, as long as each level has one tag; inside the body."""
    levels: list[list[Node]] = []
    current = list(nodes)
    while len(levels) < _MAX_LEVELS:
        parents = {node.parent.mem_id: node.parent for node in current if node.parent is not None}
        current = list(parents.values())
        if len({node.tag for node in current}) != 1 or not current[0].is_element_node or current[0].tag == "html":
            break
        levels.append(current)
    return levels


def _counted(nodes: Sequence[Node], own: str) -> Iterator[str]:
    """The way from the body, counting, to the closest element around all nodes, and from there by tags."""
    for level, around in enumerate(_levels(nodes), start=1):
        if len(around) > 1:
            continue
        chain = [node for node in (around[0], *ancestors(around[0], 100)) if node.tag != "html"]
        steps = [_step(node) for node in reversed(chain)]
        inner = [_tag(level_nodes[0]) for level_nodes in reversed(_levels(nodes)[: level - 1])]
        yield " > ".join([*steps, *inner, own])
        return


def _step(node: Node) -> str:
    """An element among its siblings of the same tag."""
    if node.tag == "body":
        return "body"
    place, before = 1, node.prev
    while before is not None:
        place += before.tag == node.tag
        before = before.prev
    return f"{_tag(node)}:nth-of-type({place})"


def _tag(node: Node) -> str:
    """The name of an element, or any element for a name that broken markup made."""
    return str(node.tag) if _PLAIN.fullmatch(node.tag or "") else "*"
