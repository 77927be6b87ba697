"""How the page of a graph looks, by day and by night."""

from __future__ import annotations

_LIGHT = {
    "paper": "#fbf8f0", "card": "#ffffff", "ink": "#27221c", "soft": "#62584b", "rule": "#d9cfbc", "band": "#f3edde",
    "red": "#96281d", "lead": "#5b5348", "later": "#8a5a00", "asks": "#1d5fa8", "helps": "#2c7a3f", "harms": "#b3362a",
    "mark": "#ffe48a",
}  # fmt: skip
_DARK = {
    "paper": "#191714", "card": "#26231e", "ink": "#e9e1d3", "soft": "#b0a491", "rule": "#4a4339", "band": "#201d19",
    "red": "#ef9585", "lead": "#a89c89", "later": "#e0b050", "asks": "#7fb4ee", "helps": "#83cf95", "harms": "#f08d80",
    "mark": "#5e4f12",
}  # fmt: skip

_CSS = """
*{box-sizing:border-box}
html,body{height:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,"Segoe UI",Cantarell,sans-serif;
 display:grid;grid-template:auto minmax(0,1fr)/minmax(0,1fr) 23rem;overflow:hidden}
header{grid-column:1/3;display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;padding:.45rem .8rem;
 border-bottom:1px solid var(--rule)}
h1{font-size:1.05rem;margin:0}
h1 span{color:var(--soft);font-weight:400}
input,select,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--rule);border-radius:4px;
 padding:.15rem .45rem}
input[type=search]{width:11rem}
input[type=checkbox]{accent-color:var(--red);vertical-align:-.1em}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--red);outline-offset:1px}
label{white-space:nowrap}
.kinds{display:flex;flex-wrap:wrap;gap:.2rem .8rem;align-items:center;font-size:.84rem}
.kinds i{display:inline-block;width:1.5em;height:0;border-top:2px solid var(--lead);vertical-align:.28em;margin:0 .15em}
.kinds .later i{border-color:var(--later);border-top-style:dashed}
.kinds .asks i{border-color:var(--asks)}
.kinds .sets i{border-color:var(--helps);border-top-style:dotted}
#rest:empty{display:none}
#rest{color:var(--soft);font-size:.84rem}
#said{color:var(--soft);min-width:4.5em;font-size:.87rem}
#stage{position:relative;overflow:hidden;touch-action:none;cursor:grab}
#stage.held{cursor:grabbing}
svg{display:block;width:100%;height:100%;user-select:none;-webkit-user-select:none}
svg text{font:11px system-ui,"Segoe UI",Cantarell,sans-serif;fill:var(--ink)}
.band{fill:var(--band)}
.tick{stroke:var(--rule);stroke-width:1;vector-effect:non-scaling-stroke}
.tick.year{stroke:var(--soft)}
#over text{fill:var(--soft)}
#over .year{font-weight:600;fill:var(--ink);font-size:13px}
#over .lane{font-weight:600}
#over rect{fill:var(--paper);opacity:.86}
.node{cursor:pointer;outline:none}
.node rect{fill:var(--card);stroke:var(--rule);stroke-width:1}
.node .edge{stroke:none;fill:var(--soft)}
.node.event .edge{fill:var(--asks)}
.node.ending .edge,.node.act .edge,.node.start .edge{fill:var(--red)}
.node.order .edge{fill:var(--later)}
.node.never rect{stroke-dasharray:4 3}
.node:hover rect,.node:focus-visible rect{stroke:var(--ink)}
.node.hit rect:first-child{fill:var(--mark)}
.node.now rect:first-child{stroke:var(--red);stroke-width:2.5}
.far .node{opacity:.13}
.far .node.near,.far .node.hit,.far .node.now{opacity:1}
.edges path{fill:none;stroke:var(--lead);stroke-width:1.3}
.edges .later{stroke:var(--later);stroke-dasharray:6 3}
.edges .asks{stroke:var(--asks)}
.edges .sets{stroke-dasharray:2 3;stroke:var(--soft)}
.edges .sets:not(.near){stroke-dasharray:none;stroke-width:.6;opacity:.5}
.edges .sets.helps{stroke:var(--helps)}
.edges .sets.harms{stroke:var(--harms)}
.far .edges path{opacity:.1}
.far .edges path.near{opacity:.95;stroke-width:1.8}
marker path{fill:var(--lead)}
#tip-later path{fill:var(--later)}
#tip-asks path{fill:var(--asks)}
#tip-sets path{fill:var(--soft)}
aside{border-left:1px solid var(--rule);overflow-y:auto;padding:.8rem .9rem;overflow-wrap:anywhere}
aside h2{font-size:1.05rem;margin:0 0 .1rem}
aside h3{font-size:.9rem;margin:1.1rem 0 .3rem}
aside p{margin:.25rem 0}
aside code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.86em}
aside dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .7rem;margin:.5rem 0;font-size:.9rem}
aside dt{color:var(--soft)}
aside dd{margin:0}
aside ul{list-style:none;margin:0;padding:0;font-size:.9rem}
aside li{padding:.16rem 0;border-top:1px solid var(--band)}
aside li button{border:0;background:none;padding:0;text-align:left;color:var(--red);text-decoration:underline;
 text-underline-offset:2px}
aside li span{display:block;color:var(--soft);font-size:.87em}
aside summary{cursor:pointer;font-weight:600;font-size:.9rem;padding:.2rem 0}
.soft{color:var(--soft)}
@media (max-width:760px){body{grid-template:auto minmax(0,1fr) 38%/minmax(0,1fr)}header{grid-column:1}
 aside{border-left:0;border-top:1px solid var(--rule)}}
@media (prefers-reduced-motion:no-preference){.node,.edges path{transition:opacity .12s}}
"""


def css() -> str:
    """The style sheet with both palettes."""
    return f":root{{color-scheme:light dark;{_set(_LIGHT)}}}\n@media (prefers-color-scheme:dark){{:root{{{_set(_DARK)}}}}}\n{_CSS.strip()}"


def _set(palette: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in palette.items())
