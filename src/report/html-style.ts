import { Markup } from './markup.js';

const light = `--page:#f6f6f3;--card:#fff;--ink:#1b1f24;--soft:#59626c;--line:#e2e2dc;--code:#f3f3ef;--accent:#0f6a73;--tint:#e3f1f2;--bar:#9cccd1;--good:#1a7f4b;--bad:#bf2c2c;--badtint:#fdeeed;--skip:#8a6500;color-scheme:light`;
const dark = `--page:#121518;--card:#1a1e22;--ink:#e7e9eb;--soft:#9ea7b0;--line:#2d3339;--code:#14181b;--accent:#62c3cc;--tint:#17343a;--bar:#2f6a72;--good:#4cc38a;--bad:#ff8078;--badtint:#351e1e;--skip:#dcae4a;color-scheme:dark`;

/** The page's style: light and dark as the reader's system is, light on paper, one column on a phone. */
export const style = new Markup(`
:root{${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
@media print{:root{${light};--page:#fff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;overflow-wrap:anywhere;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:880px;margin:0 auto;padding:48px 24px 64px}
h1{font-size:34px;line-height:1.15;letter-spacing:-.02em;margin:6px 0 14px;text-wrap:balance}
h2{font-size:21px;letter-spacing:-.01em;margin:52px 0 14px;text-wrap:balance}
h3{min-width:0;font-size:17px;line-height:1.35;margin:0;flex:1;text-wrap:balance}
p{margin:0}
.eyebrow{color:var(--accent);font-size:13px;font-weight:600;letter-spacing:.08em;text-transform:uppercase}
.soft,.why{color:var(--soft)}
.verdict{display:inline-block;border-radius:99px;padding:3px 14px;font-weight:650;border:1.5px solid}
.passed{color:var(--good)}.failed{color:var(--bad)}.skipped{color:var(--skip)}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:24px 0 12px}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:12px}
.tile{padding:14px 16px}
.tile b{display:block;font-size:25px;line-height:1.2;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:14px}
dl{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 32px;margin:0;padding:8px 18px}
dl div{display:flex;gap:12px;padding:7px 0;min-width:0}
a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:3px}
dt{color:var(--soft);flex:0 0 98px;white-space:nowrap}
dd{margin:0;min-width:0;overflow-wrap:anywhere}
.step{padding:18px 20px;margin:12px 0}
.step header{display:flex;gap:12px;align-items:baseline}
.number{color:var(--accent);font-weight:650;font-variant-numeric:tabular-nums}
.outcome{font-size:14px;white-space:nowrap;font-variant-numeric:tabular-nums}
.why{margin:6px 0 0;max-width:68ch}
ul{list-style:none;margin:12px 0 0;padding:0}
li{display:grid;grid-template-columns:22px minmax(0,1fr) fit-content(45%);column-gap:4px;padding:2px 0}
li>.mark{font-weight:700}
.detail{color:var(--soft);font-size:14px;text-align:right;overflow-wrap:anywhere;padding-left:16px}
.difference{grid-column:2/-1;display:block;background:var(--badtint);border-radius:8px;padding:6px 16px;margin:4px 0 6px}
.difference dt{flex-basis:76px}
.note{margin:12px 0 0;padding-left:12px;border-left:3px solid var(--line);color:var(--soft);max-width:72ch}
code,pre,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{font-size:.88em;overflow-wrap:anywhere}
details{margin:14px 0 0}
summary{cursor:pointer;color:var(--soft);font-size:14px}
pre{background:var(--code);border:1px solid var(--line);border-radius:8px;margin:8px 0 0;padding:10px 12px;font-size:12.5px;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere}
.card.alarm{border-color:var(--bad);padding:14px 20px;margin:0 0 12px}
.alarm ul{margin:0}
.alarm p{margin-top:4px}
.pictures{display:flex;flex-wrap:wrap;gap:28px 40px;padding:24px}
figure{margin:0;flex:0 1 320px;min-width:0}
figcaption{color:var(--soft);font-size:14px;margin-bottom:12px}
.picture{display:block;max-width:100%;height:auto;overflow:visible}
.picture text{font-size:13px;fill:var(--ink)}
.picture .strong{font-weight:650}
.picture .faint,.picture .id{fill:var(--soft);font-size:12px}
.picture .key{fill:var(--tint);stroke:var(--accent)}
.picture .primary{stroke-width:2.5}
.picture .use{fill:var(--card);stroke:var(--line)}
.picture .link,.picture .glyph{fill:none;stroke:var(--accent);stroke-width:1.5;stroke-linecap:round}
.picture .dashed{stroke-dasharray:4 4}
.picture .arrow{fill:var(--accent)}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:9px 12px;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th,td[data-label=Region],td[data-label=Price]{white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:14px}
.scroll{overflow-x:auto;padding:4px 8px}
.bars{padding:14px 20px}
.bar{display:grid;grid-template-columns:44px minmax(0,15em) 1fr 64px;gap:10px;align-items:center;padding:4px 0;font-size:14px}
.bar .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bar svg{display:block;width:100%;height:12px}
.bar .time{text-align:right;font-variant-numeric:tabular-nums}
.bar .all{fill:var(--bar)}.bar .calls{fill:var(--accent)}
.legend{display:flex;gap:20px;color:var(--soft);font-size:14px;margin-top:10px}
.legend svg{width:12px;height:12px;margin-right:6px;vertical-align:-1px}
.legend .all{fill:var(--bar)}.legend .calls{fill:var(--accent)}
footer{color:var(--soft);font-size:14px;margin-top:44px}
@media (max-width:640px){
main{padding:28px 16px 40px}
h1{font-size:27px}
.tiles{grid-template-columns:1fr 1fr}
dl{grid-template-columns:minmax(0,1fr)}
.step{padding:16px}
li{grid-template-columns:22px minmax(0,1fr)}
.detail{grid-column:2;text-align:left;padding:0}
.bar{grid-template-columns:36px minmax(0,1fr) 60px;gap:2px 8px}
.bar svg{grid-column:2/-1;grid-row:2}
.bar .time{grid-column:3;grid-row:1}
.pictures{padding:18px 16px}
.made thead{display:none}
.made tr{display:block;padding:10px 0;border-top:1px solid var(--line)}
.made tbody tr:first-child{border-top:0}
.made td{display:flex;gap:12px;border:0;padding:3px 8px}
.made td::before{content:attr(data-label);color:var(--soft);flex:0 0 60px}
}
@media print{
@page{margin:16mm}
body{font-size:11pt}
main{max-width:none;padding:0}
.step header,figure,.tile,li,.bar,tr{break-inside:avoid}
h2,.step header{break-after:avoid}
pre{font-size:8.5pt}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`);
