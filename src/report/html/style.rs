//! The look of a page: one column, the colours of the charts, light and dark, on screen and on paper.

/// The style sheet, without the charts' own. It holds neither `<` nor `&`, so it needs no escaping.
pub(super) const PAGE: &str = "\
:root{--surface:#fff;--sunken:#f5f7f9;--text:#1f2328;--muted:#59636e;--line:#dde2e7;--link:#1558b8;\
--bad:#b3102b;--warn:#8a5a00;--good:#0b7a5f;color-scheme:light}
@media screen and (prefers-color-scheme:dark){:root{--surface:#14181d;--sunken:#1c2128;--text:#e6edf3;\
--muted:#9aa4af;--line:#323943;--link:#7ab2ff;--bad:#ff7b7b;--warn:#dba23c;--good:#3fcf9f;color-scheme:dark}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--surface);color:var(--text);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,\
'Helvetica Neue',Arial,sans-serif}
main,footer{max-width:70rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem)}
header{padding:2.5rem 0 .5rem}
h1{font-size:clamp(1.5rem,1.1rem + 1.6vw,2.1rem);line-height:1.2;letter-spacing:-.01em;margin:0 0 .6rem;\
text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .8rem;padding-top:1.1rem;border-top:1px solid var(--line);\
overflow-wrap:anywhere}
p{margin:.6rem 0;max-width:46rem;overflow-wrap:anywhere}
.lead{font-size:1.08rem;color:var(--muted)}
.none{color:var(--muted);font-style:italic}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.86em}
code{background:var(--sunken);border-radius:3px;padding:.1em .3em;overflow-wrap:anywhere}
pre{background:var(--sunken);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;margin:.6rem 0;\
overflow-x:auto;line-height:1.5;tab-size:4}
pre code{background:none;padding:0;font-size:1em;overflow-wrap:normal}
nav ol{margin:1rem 0 0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
figure{margin:1.2rem 0}
figcaption{color:var(--muted);font-size:.9rem;max-width:46rem;margin:.4rem 0 0;overflow-wrap:anywhere}
.code figcaption{margin:0 0 -.2rem;font-size:.8rem}
.chart svg{display:block;width:100%;height:auto}
.chart .narrow{display:none}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.9rem 1.5rem;margin:1.2rem 0}
.facts div{border-left:3px solid var(--line);padding:.05rem 0 .05rem .8rem;min-width:0}
.facts dt{color:var(--muted);font-size:.85rem;line-height:1.35}
.facts dd{margin:0;font-size:1.4rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums;\
overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;min-width:min(100%,30rem);font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.42rem 1.4rem .42rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:.2rem}
th{color:var(--muted);font-weight:600;font-size:.85rem;white-space:nowrap;border-bottom-width:2px}
td{max-width:34rem;overflow-wrap:break-word}
.number{text-align:right;white-space:nowrap}
.callout{border-left:4px solid var(--link);background:var(--sunken);border-radius:0 6px 6px 0;\
padding:.7rem 1rem;margin:1rem 0;max-width:50rem}
.callout strong{color:var(--link);font-size:.85rem}
.callout p{margin:.15rem 0}
.callout.good{border-color:var(--good)}.callout.good strong{color:var(--good)}
.callout.warning{border-color:var(--warn)}.callout.warning strong{color:var(--warn)}
.callout.error{border-color:var(--bad)}.callout.error strong{color:var(--bad)}
.timeline{list-style:none;margin:1rem 0;padding:0 0 0 .45rem}
.timeline li{position:relative;border-left:2px solid var(--line);padding:0 0 1.1rem 1.3rem}
.timeline li:last-child{border-color:transparent;padding-bottom:.2rem}
.timeline li::before{content:'';position:absolute;left:-.44rem;top:.42rem;width:.75rem;height:.75rem;\
border-radius:50%;background:var(--muted);box-shadow:0 0 0 3px var(--surface)}
.timeline .alarm::before{background:var(--bad)}
.timeline .ok::before{background:var(--good)}
.timeline .insufficient::before{background:var(--surface);border:2px solid var(--muted)}
.timeline .note::before{background:var(--line)}
.timeline .when{color:var(--muted);font-variant-numeric:tabular-nums;margin-right:.6rem}
.timeline .alarm strong{color:var(--bad)}
.timeline .ok strong{color:var(--good)}
.timeline p{margin:.1rem 0 0;font-size:.92rem}
footer{color:var(--muted);font-size:.85rem;padding-top:2rem;padding-bottom:2.5rem}
@media (max-width:640px){.chart .wide{display:none}.chart .narrow{display:block}header{padding-top:1.5rem}}
@media print{body{font-size:10.5pt}main,footer{max-width:none;padding:0}nav{display:none}h2{break-after:avoid}\
figure,.callout,.facts,.timeline li,tr{break-inside:avoid}pre{white-space:pre-wrap;overflow-wrap:anywhere}\
.scroll{overflow:visible}.chart .wide{display:block}.chart .narrow{display:none}thead{display:table-header-group}}
";
