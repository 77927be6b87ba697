"""The report as one HTML page: no script, nothing from outside, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from redmexico.playtest.figures import most_first, quantile
from redmexico.playtest.plots import bar, fan, histogram, safe
from redmexico.playtest.reading import WORDS_A_MINUTE
from redmexico.playtest.unread import half_year_name

if TYPE_CHECKING:
    from redmexico.playtest.report import Report

VERDICTS = {
    "kept": "kept", "early": "early", "late": "late", "altered": "altered", "averted": "averted", "unwritten": "only in yours", "open": "open",
}  # fmt: skip
KINDS = {
    "resource": "Resources", "clock": "Clocks", "faction": "Factions", "region": "Regions", "person": "People", "road": "Roads", "": "Others",
}  # fmt: skip

STYLE = """
:root{color-scheme:light dark;--paper:#fbf9f5;--card:#fff;--ink:#23201c;--soft:#6d665d;--line:#e3ddd3;--red:#b23a2e;
--outer:#b23a2e26;--inner:#b23a2e52;--kept:#3f7d6e;--early:#86b9a6;--late:#c7b26a;--altered:#d98e3f;--averted:#b23a2e;--unwritten:#7a6aa8;--open:#c9c3b9}
@media(prefers-color-scheme:dark){:root{--paper:#191715;--card:#221f1c;--ink:#ebe5db;--soft:#a59c90;--line:#38332d;--red:#e0705f;
--outer:#e0705f2b;--inner:#e0705f5c;--kept:#5aa391;--early:#9ccbb9;--late:#cdbb78;--altered:#dd9a52;--averted:#d9604f;--unwritten:#9d8ecb;--open:#56504a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 Georgia,"Iowan Old Style","Noto Serif",serif}
main{max-width:66rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0 .2rem}h2{font-size:1.25rem;margin:2.6rem 0 .3rem;padding-top:.9rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.4rem 0 .5rem;color:var(--soft);font-weight:normal;font-style:italic}
p{margin:.3rem 0 .9rem;max-width:46rem}.soft,figcaption,small{color:var(--soft)}
code{font:.86em/1.4 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:.7rem;margin:1.2rem 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}
.tile b{display:block;font-size:1.55rem;line-height:1.2;font-weight:normal}.tile span{color:var(--soft);font-size:.86rem}.tile.bad b{color:var(--red)}
.rows{display:grid;grid-template-columns:minmax(8rem,17rem) 1fr 3.6rem;gap:.32rem .8rem;align-items:center;font-size:.93rem}
.rows>span:nth-child(3n){text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}.rows>span:first-child{min-width:0}
.bar{display:block;width:100%;height:.95rem;border-radius:.2rem;background:var(--line)}
.bare{background:none}.share{fill:var(--red)}.kept{fill:var(--kept)}.early{fill:var(--early)}.late{fill:var(--late)}.altered{fill:var(--altered)}
.averted{fill:var(--averted)}.unwritten{fill:var(--unwritten)}.open{fill:var(--open)}.seen{fill:var(--kept)}.unseen{fill:var(--altered)}.dead{fill:var(--averted)}
.key{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin:.4rem 0 1rem;font-size:.88rem;color:var(--soft);padding:0;list-style:none}
.key svg{display:inline-block;width:.8rem;height:.8rem;border-radius:.15rem;margin-right:.35rem;vertical-align:-.05rem}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(14.5rem,1fr));gap:.8rem}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.55rem .6rem .3rem}
figcaption{font-size:.88rem;margin:0 .2rem .15rem;display:flex;justify-content:space-between;gap:.5rem}figcaption b{color:var(--ink);font-weight:normal}figcaption span{white-space:nowrap}
.plot{display:block;width:100%;height:auto}.grid{stroke:var(--line)}.tick{fill:var(--soft);font:9.5px ui-sans-serif,"DejaVu Sans",sans-serif}
.outer{fill:var(--outer)}.inner{fill:var(--inner)}.middle{fill:none;stroke:var(--red);stroke-width:1.8}.dot{fill:var(--red)}
.count{fill:var(--inner)}.median{fill:var(--red)}
details{margin:.5rem 0;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .9rem}summary{cursor:pointer}
ul.names{columns:18rem;padding-left:1.1rem;margin:.6rem 0}ul.names li{break-inside:avoid;font-size:.9rem}
em.proof{color:var(--averted);font-size:.85rem;font-style:normal}
table{border-collapse:collapse;width:100%;font-size:.92rem}th{text-align:left;color:var(--soft);font-weight:normal}td,th{padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.wide{overflow-x:auto}
@media(max-width:34rem){.rows{grid-template-columns:1fr 3.4rem}.rows>span:nth-child(3n+1){grid-column:1/-1;margin-bottom:-.35rem}.plots{grid-template-columns:1fr 1fr}.tiles{grid-template-columns:1fr 1fr}h1{font-size:1.5rem}}
@media(max-width:24rem){.plots{grid-template-columns:1fr}}
"""


def page(report: Report) -> str:
    """The whole page."""
    title = f"{safe(report.story['title'])}: {report.runs:,} campaigns"
    body = "".join(
        part(report)
        for part in (_head, _failures, _endings, _events, _coverage, _lengths, _fans, _factions, _dominated)
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def _tile(figure: str, words: str, bad: bool = False) -> str:
    return f'<div class="tile{" bad" if bad else ""}"><b>{figure}</b><span>{words}</span></div>'


def _head(report: Report) -> str:
    counts, words, story, never = report.tally.choice_counts, report.tally.words, report.story, report.never
    median = quantile(words, 50)
    pairs, alike = report.texts_in_common()
    branches = story["branches"] - len(never.branches)
    tiles = [
        _tile(f"{len(report.tally.endings)}", f"of {len(story['endings'])} endings"),
        _tile(f"{story['scenes'] - len(never.scenes)}", f"of {story['scenes']} scenes seen"),
        _tile(f"{story['choices'] - len(never.choices)}", f"of {story['choices']} choices taken"),
        _tile(f"{branches}", f"of {story['branches']} text branches read"),
        _tile(f"{quantile(counts, 50)}", "choices in a campaign, median"),
        _tile(f"{median // WORDS_A_MINUTE // 60}:{median // WORDS_A_MINUTE % 60:02}", f"hours; {median:,} words at {WORDS_A_MINUTE} a minute"),
        _tile(f"{alike:.0%}" if pairs else "–", "of their texts in common, two campaigns"),
        _tile(f"{len(report.failures)}", "campaigns failed", bool(report.failures)),
    ]
    order = report.order
    cut = f", cut after {order.choices} choices" if order.choices else ""
    return (
        f"<h1>{safe(story['title'])} {safe(story['version'])}, playtested</h1>"
        f'<p class="soft">{report.runs:,} campaigns{cut} · policy <code>{safe(order.policy)}</code> · seed <code>{safe(order.seed)}</code></p>'
        f'<div class="tiles">{"".join(tiles)}</div>'
    )


def _failures(report: Report) -> str:
    if not report.failures:
        return ""
    rows = "".join(
        f"<tr><td><code>{safe(f.seed)}</code></td><td>{len(f.choices)}</td><td>{safe(f.problem, 400)}</td></tr>" for f in report.failures[:200]
    )
    return (
        "<h2>What went wrong</h2><p>The same seed and policy fail again.</p>"
        f'<div class="wide"><table><tr><th>Seed</th><th>Choices</th><th>Problem</th></tr>{rows}</table></div>'
    )


def _rows(rows: Iterable[tuple[str, str, str]]) -> str:
    return '<div class="rows">' + "".join(f"<span>{a}</span><span>{b}</span><span>{c}</span>" for a, b, c in rows) + "</div>"


def _endings(report: Report) -> str:
    titles = report.story["endings"]
    counts = most_first(report.tally.endings)
    most = max(counts.values(), default=1)
    rows = [
        (safe(titles.get(id, "No ending")), bar([("share", n / most, f"{n} of {report.runs}")], "bar bare"), f"{n / report.runs:.1%}")
        for id, n in counts.items()
    ]
    missed = [safe(title) for id, title in titles.items() if id not in counts]
    said = f'<p class="soft">Never reached: {"; ".join(missed)}.</p>' if missed else ""
    return f"<h2>Endings</h2>{said}{_rows(rows)}"


def _key(items: Iterable[tuple[str, str]]) -> str:
    keys = "".join(f"<li>{bar([(kind, 1, words)])}{words}</li>" for kind, words in items)
    return f'<ul class="key">{keys}</ul>'


def _events(report: Report) -> str:
    met = {verdict for verdicts in report.tally.events.values() for verdict in verdicts}
    rows, alike = [], []
    for id, verdicts in report.tally.events.items():
        title = safe(report.story["events"].get(id, id))
        total = sum(verdicts.values())
        if len(verdicts) == 1:
            alike.append(f"<li>{title}: {VERDICTS[next(iter(verdicts))]}</li>")
            continue
        parts = [
            (verdict, verdicts[verdict] / total, f"{words} {verdicts[verdict] / total:.0%}")
            for verdict, words in VERDICTS.items()
            if verdicts.get(verdict)
        ]
        kept = (verdicts.get("kept", 0)) / max(1, total)
        rows.append((title, bar(parts), f"{kept:.0%}"))
    key = _key((verdict, words) for verdict, words in VERDICTS.items() if verdict in met)
    same = f'<details><summary>{len(alike)} always came out alike</summary><ul class="names">{"".join(alike)}</ul></details>' if alike else ""
    return f"<h2>Recorded events</h2><p>How each came out; at the right, how often it was kept.</p>{key}{_rows(rows)}{same}"


def _coverage(report: Report) -> str:
    never, story = report.never, report.story
    groups: list[tuple[str, int, Sequence[Any]]] = [
        ("Scenes", story["scenes"], never.scenes),
        ("Choices", story["choices"], never.choices),
        ("Text branches", story["branches"], never.branches),
    ]
    rows, lists = [], []
    for name, total, things in groups:
        dead = sum(thing in never.dead for thing in things)
        seen = total - len(things)
        whole = max(1, total)
        parts = [("seen", seen / whole, f"seen: {seen}"), ("unseen", (len(things) - dead) / whole, f"not seen: {len(things) - dead}"), ("dead", dead / whole, f"proved dead: {dead}")]
        rows.append((name, bar(parts), f"{seen / whole:.1%}"))
        if things:
            items = "".join(f"<li><code>{_named(thing)}</code>{_proof(report, thing)}</li>" for thing in things)
            lists.append(f'<details><summary>{name}: {len(things)} not met</summary><ul class="names">{items}</ul></details>')
    proofs = "Proved dead: nothing in the story can lead there. Not seen: nobody came, though it may be possible." if never.proved else "Not seen: nobody came, though it may be possible."
    key = _key([("seen", "seen"), ("unseen", "not seen"), *([("dead", "proved dead")] if never.proved else [])])
    return f"<h2>Coverage</h2><p>{proofs}</p>{key}{_rows(rows)}{''.join(lists)}"


def _named(thing: Any) -> str:
    return safe(thing if isinstance(thing, str) else f"{thing[0]} {thing[1]} [{thing[2]}]")


def _proof(report: Report, thing: Any) -> str:
    return ' <em class="proof">proved dead</em>' if thing in report.never.dead else ""


def _figure(label: str, note: str, plot: str) -> str:
    return f"<figure><figcaption><b>{safe(label)}</b><span>{safe(note)}</span></figcaption>{plot}</figure>"


def _lengths(report: Report) -> str:
    tally = report.tally
    plots = [
        _figure("Choices", f"median {quantile(tally.choice_counts, 50)}", histogram("Choices", tally.choice_counts)),
        _figure("Turns", f"median {quantile(tally.turns, 50)}", histogram("Turns", tally.turns)),
        _figure("Words read", f"median {quantile(tally.words, 50):,}", histogram("Words", tally.words)),
        _figure("Minutes", f"median {quantile(tally.words, 50) // WORDS_A_MINUTE}", histogram("Minutes", tally.words, WORDS_A_MINUTE)),
    ]
    return f'<h2>Length</h2><div class="plots">{"".join(plots)}</div>' if tally.runs else ""


def _fans(report: Report) -> str:
    groups: dict[str, list[str]] = {}
    still: list[str] = []
    for q in report.story["qualities"]:
        years = [(half_year_name(half), found) for half, found in report.years(q["name"])]
        if years and len({value for _, found in years for value in found}) == 1:
            still.append(f"<li>{safe(_label(q))}: {years[0][1][2]}</li>")
        elif years:
            plot = fan(q["label"], q["low"], q["high"], years)
            groups.setdefault(q["kind"], []).append(_figure(_label(q), f"ends at {years[-1][1][2]}", plot))
    parts = [
        f'<h3>{safe(KINDS.get(kind, kind.capitalize()))}</h3><div class="plots">{"".join(groups[kind])}</div>'
        for kind in dict.fromkeys((*(k for k in KINDS if k in groups), *groups))
    ]
    if still:
        parts.append(f'<details><summary>{len(still)} hardly ever moved</summary><ul class="names">{"".join(still)}</ul></details>')
    words = "On the last day of each half-year: the median, half of all campaigns, nine tenths of them. Only campaigns still going are counted."
    return f"<h2>Over the years</h2><p>{words}</p>{''.join(parts)}" if parts else ""


def _label(q: dict[str, Any]) -> str:
    part = str(q["name"]).partition(".")[2]
    return f"{q['label']}, {part}" if part and part not in str(q["label"]) else str(q["label"])


def _factions(report: Report) -> str:
    found = [(name, low, high) for name, low, high in report.extremes() if low or high]
    if not found:
        return ""
    labels = {q["name"]: _label(q) for q in report.story["qualities"]}
    rows = [
        (safe(labels[name]), bar([("averted", low, f"lowest {low:.0%}"), ("open", max(0.0, 1 - low - high), "between"), ("kept", high, f"highest {high:.0%}")]), f"{max(low, high):.0%}")
        for name, low, high in found
    ]
    key = _key([("averted", "at its lowest"), ("open", "between"), ("kept", "at its highest")])
    return f"<h2>Factions at their ends</h2><p>Where campaigns left them.</p>{key}{_rows(rows)}"


def _dominated(report: Report) -> str:
    found = report.dominated
    if not found:
        return ""
    rows = "".join(f"<tr><td><code>{safe(a)}</code></td><td><code>{safe(b)}</code></td><td>{n}</td></tr>" for a, b, n in found[:100])
    return (
        "<h2>Choices never better</h2><p>By the numbers that they move, and nothing else: each stands beside one that is nowhere worse.</p>"
        f'<div class="wide"><table><tr><th>Choice</th><th>Better</th><th>Offered together</th></tr>{rows}</table></div>'
    )
