"""How the page looks: a printed book, on squared paper where its cover is.

Colours stand in the two palettes alone; every one that letters are set in keeps 4.5 to 1 on both grounds.
"""

from __future__ import annotations

LIGHT = {
    "paper": "#fbf8f0",
    "card": "#f4eee1",
    "ink": "#27221c",
    "soft": "#62584b",
    "red": "#96281d",
    "rule": "#d9cfbc",
    "grid": "#e4e3e2",
}
DARK = {
    "paper": "#191714",
    "card": "#23201c",
    "ink": "#e9e1d3",
    "soft": "#b0a491",
    "red": "#ef9585",
    "rule": "#4a4339",
    "grid": "#24272a",
}

_CSS = """
*{box-sizing:border-box}
html{font-size:106.25%;-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.55;overflow-wrap:break-word;
 font-family:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",P052,"URW Palladio L",Georgia,
 "Noto Serif",serif;
 font-variant-numeric:oldstyle-nums;font-kerning:normal;hanging-punctuation:first}
a{color:var(--red);text-decoration-thickness:.06em;text-underline-offset:.16em}
a:focus-visible,summary:focus-visible{outline:2px solid var(--red);outline-offset:2px}
h1,h2,h3{font-weight:normal;line-height:1.2;text-wrap:balance;margin:0}
p{margin:0}
.skip{position:absolute;left:-99em}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
.soft,.where{color:var(--soft)}
.caps,.date,.cover .story,.cover .kept,th{font-variant-caps:small-caps;letter-spacing:.045em}
.sign{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-weight:bold;line-height:1;
 color:var(--red)}
.sign.kept{color:var(--soft)}

.cover{min-height:100vh;min-height:100svh;display:grid;place-items:center;padding:1.5rem;
 background:linear-gradient(var(--grid) 1px,transparent 1px) 0 0/1.35rem 1.35rem,
 linear-gradient(90deg,var(--grid) 1px,transparent 1px) 0 0/1.35rem 1.35rem,var(--paper);
 border-bottom:1px solid var(--rule)}
.label{width:100%;max-width:30rem;background:var(--paper);border:1px solid var(--ink);outline:1px solid var(--ink);
 outline-offset:-.45rem;padding:3.2rem 1.9rem 2.8rem;text-align:center}
.label h1{font-size:clamp(2rem,7vw,3.1rem);margin:1.5rem 0 1.3rem;line-height:1.08}
.label .story{color:var(--red);font-size:1.2rem;letter-spacing:.16em}
.label .span{font-size:1.1rem}
.label .soft,.label .kept{text-wrap:balance}
.label hr{width:4rem;margin:1.6rem auto;border:0;border-top:1px solid var(--rule)}
.label .kept{margin-bottom:.4rem}

nav{max-width:34em;margin:4.5rem auto 0;padding:0 1.25rem}
nav h2{text-align:center;font-size:1.35rem;font-style:italic;margin-bottom:1.2rem}
nav ol{list-style:none;margin:0;padding:0}
nav li{display:flex;align-items:baseline;gap:.6em;padding:.16rem 0}
nav li a{text-decoration:none;color:var(--ink)}
nav li a:hover{text-decoration:underline}
nav li::before{content:"";order:1;flex:1;border-bottom:1px dotted var(--soft)}
nav li span{order:2;color:var(--soft);font-variant-caps:small-caps}

main>section{max-width:45rem;margin:0 auto;padding:4.5rem 1.25rem 0}
main h2{font-size:2rem;text-align:center;margin-bottom:2.2rem}
.year>h2{font-size:2.9rem;color:var(--red);letter-spacing:.06em}
.year>h2::after,.end::after{content:"";display:block;width:3.2rem;margin:.9rem auto 0;
 border-top:1px solid var(--rule)}
.lead{max-width:34em;margin:0 auto 1.5rem;text-align:center;color:var(--soft);text-wrap:balance}
.day{display:grid;grid-template-columns:8.2rem minmax(0,34em);column-gap:1.5rem;margin-top:1.05rem}
.quiet{margin-top:.35rem}.quiet+.quiet{margin-top:0}
.date{text-align:right;color:var(--soft);font-size:1rem;line-height:1.7;padding-top:.02rem}
.day .where{font-style:italic;font-size:.9rem;margin:.5rem 0 .1rem}
.day>div>:first-child{margin-top:.1rem}
.entry+.entry{margin-top:.28rem}
.long{margin:.6rem 0;padding:.9rem 1.15rem;background:var(--card);border-left:2px solid var(--rule)}
.torn{color:var(--soft);font-style:italic;border-top:1px dashed var(--soft);padding-top:.3rem;margin-top:.5rem}
.came{font-size:.92rem;margin:.3rem 0;padding-left:1.5em;text-indent:-1.5em;color:var(--soft)}
.came .sign{display:inline-block;width:1.5em;text-indent:0}
.came b{font-weight:normal;font-style:italic;color:var(--ink)}
.came.off b{font-weight:bold}
.hand{font-style:italic;text-align:center;margin:1.6rem 0;color:var(--soft)}
.ref{font-size:.68em;line-height:0;vertical-align:.42em;margin-left:.12em;font-variant-numeric:lining-nums}
.ref a{text-decoration:none;padding:.3em .1em}
.notes{margin:2.8rem 0 0 9.7rem;padding-top:1rem;border-top:1px solid var(--rule);font-size:.85rem;line-height:1.45}
.notes h3{font-size:1rem;font-style:italic;margin-bottom:.6rem}
.notes ol{margin:0;padding-left:2.3em}
.notes li{padding-left:.2em;margin-bottom:.35rem;break-inside:avoid}
.notes li::marker{color:var(--soft);font-variant-numeric:lining-nums}
.notes a{text-decoration:none}

.prose{max-width:34em;margin:0 auto}
.prose>p{margin-top:.9rem;text-align:justify;hyphens:auto}
.prose>p:first-of-type::first-letter{font-size:3.25em;float:left;line-height:.82;padding:.07em .09em 0 0;
 color:var(--red)}
.slide>p:first-of-type::first-letter{all:unset}
.slide{padding-top:1.4rem}
.slide::before{content:"";display:block;width:1.6rem;margin:0 auto 1.3rem;border-top:1px solid var(--rule)}
.earned{margin:.8rem 0 0;padding:0 0 0 1rem;list-style:none;border-left:1px solid var(--rule);font-size:.84rem;
 line-height:1.45;color:var(--soft)}
.earned li{margin-top:.2rem}
.remembered{max-width:34em;margin:0 auto}
.remembered dt{font-variant-caps:small-caps;letter-spacing:.045em;font-size:1.15rem;margin-top:1rem}
.remembered dd{margin:0;font-style:italic}

main>.columns{max-width:66rem}
.drawing{margin:0}
.drawing svg{display:block;width:100%;height:auto;overflow:visible;font-size:13px}
.drawing .year{font-size:25px;fill:var(--red);letter-spacing:.05em}
.drawing .head{font-size:19px;fill:var(--ink)}
.drawing text{fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.drawing .small{font-size:12px;fill:var(--soft);font-style:italic}
.drawing .great{font-weight:bold}
.drawing .light{fill:var(--soft)}
.drawing .rail{stroke:var(--soft);stroke-width:1.4;fill:none}
.drawing .as{stroke-dasharray:1 4;stroke-linecap:round}
.drawing .grid{stroke:var(--rule);stroke-width:1}
.drawing .join{stroke:var(--rule);stroke-width:1.3;fill:none}
.drawing .join.off{stroke:var(--red)}
.drawing .altered{stroke-dasharray:7 4}
.drawing .averted{stroke-dasharray:2 4}
.drawing circle{fill:var(--paper);stroke:var(--soft);stroke-width:1.2}
.drawing .off circle{stroke:var(--red);stroke-width:1.6}
.drawing .dot{fill:var(--soft);stroke:none}
.drawing .mark{font:bold 12px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:var(--soft);stroke:none;
 text-anchor:middle}
.drawing .off .mark{fill:var(--red)}
.drawing .written{stroke:var(--soft);stroke-width:1}
.drawing .stub{stroke:var(--red);stroke-dasharray:1 2}
.drawing .final{fill:var(--red)}
.key{max-width:48em;margin:1.6rem auto 0;text-align:center;font-size:.88rem;color:var(--soft)}
.key span:not(.strokes){white-space:nowrap}
.strip{display:none;list-style:none;margin:0;padding:0}
.strip li{display:grid;grid-template-columns:1.6em 1fr;padding:.55rem 0;border-top:1px solid var(--rule);
 line-height:1.4}
.strip .when{display:block;font-size:.85rem;color:var(--soft)}
details{margin-top:1.4rem}
summary{cursor:pointer;color:var(--red);width:fit-content;margin:0 auto}
.scroll{overflow-x:auto;margin-top:1rem}
table{border-collapse:collapse;width:100%;font-size:.88rem;line-height:1.4}
caption{text-align:left;color:var(--soft);font-style:italic;padding-bottom:.5rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-top:1px solid var(--rule);
 font-weight:normal}
thead th{border-top:0}
tbody th{white-space:nowrap;color:var(--soft)}

.moved{max-width:34em;margin:2.4rem auto 0}
.moved h3{font-size:1.25rem;padding-left:1.3em;text-indent:-1.3em}
.moved h3 .sign{display:inline-block;width:1.3em;text-indent:0}
.moved .record{color:var(--soft);margin:.15rem 0 .6rem;font-size:.92rem}
.moved ul{list-style:none;margin:.5rem 0 0;padding:0;font-size:.92rem;line-height:1.5}
.moved li{padding-left:2.4em;text-indent:-2.4em}
.held b{display:inline-block;width:2.4em;text-indent:0;font-variant-numeric:lining-nums tabular-nums}
.held .against b{color:var(--red)}
.behind{border-left:1px solid var(--rule);padding-left:1rem!important}
.behind li{padding-left:1.2em;text-indent:-1.2em;margin-top:.15rem}
.behind a{color:inherit;text-decoration-color:var(--red)}
.moved details{margin-top:.3rem}
.moved summary{margin:0;font-size:.88rem}
.moved .without{font-style:italic;margin-top:.5rem;font-size:.92rem}

.sources{font-size:.92rem;line-height:1.5}
.source{max-width:37em;margin:0 auto}
.source h3{font-size:1.25rem;margin:2.2rem 0 .1rem}
.source dt{margin-top:.6rem}
.source dd{margin:0 0 0 1.4rem;color:var(--soft)}
footer{margin-top:6rem;padding:3.5rem 1.25rem 4rem;text-align:center;border-top:1px solid var(--rule);
 background:linear-gradient(var(--grid) 1px,transparent 1px) 0 0/1.35rem 1.35rem,
 linear-gradient(90deg,var(--grid) 1px,transparent 1px) 0 0/1.35rem 1.35rem,var(--paper)}
footer div{width:fit-content;max-width:36rem;margin:0 auto;padding:1.8rem 2rem;background:var(--paper);
 border:1px solid var(--rule);font-size:.9rem;line-height:1.6}
footer p{text-wrap:balance}
footer h2{font-size:1.2rem;font-style:italic;margin-bottom:.6rem}

@media (max-width:899px){.drawing,.strokes{display:none}.strip{display:block;max-width:34em;margin:0 auto}}
@media (max-width:699px){
 html{font-size:100%}
 main>section{padding-top:3.5rem}
 .day{display:block;margin-top:1.4rem}.day.quiet{margin-top:1rem}.quiet+.quiet{margin-top:.4rem}
 .date{text-align:left;color:var(--red)}
 .notes{margin-left:0}
 .prose>p{text-align:left;hyphens:manual}
 .label{padding:2.6rem 1.4rem 2.2rem}
 .long{margin-left:-.6rem;margin-right:-.6rem}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@page{margin:20mm 18mm}
@media print{
 :root{--paper:#ffffff;--card:#f5f2ea}
 html{font-size:10.5pt}
 .cover{min-height:0;height:215mm;border:0;break-after:page}
 nav{margin-top:2rem}
 .day{display:flow-root}.date{float:left;width:7.6rem;text-align:right;color:var(--soft)}.day>div{margin-left:9.1rem}
 .notes{margin-left:9.1rem}
 .skip,summary{display:none}
 a{color:inherit;text-decoration:none}
 main>section{padding-top:2.5rem}
 h2,h3,.where,.date{break-after:avoid}
 .entry,.came,.moved li,.earned,.source dd{break-inside:avoid}
 p{orphans:2;widows:2}
 .drawing{display:none}.strip{display:block;columns:2;column-gap:2.5rem}
 .year,.columns:has(.page){break-before:page;padding-top:0}
 .columns h2,.columns .lead{margin-bottom:.5rem}.drawing.page svg{max-height:195mm}
 .drawing.page{display:block;break-inside:avoid}.drawing.page~.strip{display:none}
 .strip li{break-inside:avoid}
 footer{background:none;break-inside:avoid}
}
"""


def css() -> str:
    """The style sheet with both palettes; the dark one is for screens that ask for it."""
    return (
        f":root{{color-scheme:light dark;{_variables(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
        f"{_CSS}"
    )


def _variables(palette: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in palette.items())
