"""Lists of endings that tell what most words with them have; the longest ending that fits a word wins."""

from collections import Counter, defaultdict

LONGEST = 8


def decided(examples: list[tuple[str, str, float]], cost: float) -> dict[str, str]:
    """The endings that say what most words have, at the least cost of endings and of words that they get wrong.

    `examples` are word, answer, weight.
    """
    children: dict[str, set[str]] = defaultdict(set)
    here: dict[str, Counter] = defaultdict(Counter)
    answers = sorted({answer for _, answer, _ in examples})
    for word, answer, weight in examples:
        end = min(len(word), LONGEST)
        here[word[-end:]][answer] += weight
        for length in range(1, end + 1):
            children[word[-length + 1 :] if length > 1 else ""].add(word[-length:])
    best: dict[str, dict[str | None, tuple[float, str | None]]] = {}

    def visit(node: str) -> None:
        for child in children.get(node, ()):
            visit(child)
        costs = {}
        for answer in answers:
            wrong = sum(weight for other, weight in here[node].items() if other != answer)
            costs[answer] = wrong + sum(best[child][answer][0] for child in children.get(node, ()))
        cheapest = min(answers, key=lambda a: costs[a])
        best[node] = {
            a: (costs[a], None) if costs[a] <= costs[cheapest] + cost else (costs[cheapest] + cost, cheapest)
            for a in answers
        }

    visit("")
    rules: dict[str, str] = {}

    def collect(node: str, inherited: str) -> None:
        chosen = best[node][inherited][1]
        if chosen is not None:
            rules[node], inherited = chosen, chosen
        for child in children.get(node, ()):
            collect(child, inherited)

    root = min(answers, key=lambda a: best[""][a][0])
    rules[""] = root
    for child in children[""]:
        collect(child, root)
    return rules


def longest(rules: dict[str, str], word: str) -> str:
    """What the longest ending of the word in the list says."""
    return next(rules[word[at:]] for at in range(max(0, len(word) - LONGEST), len(word) + 1) if word[at:] in rules)
