//! Colours and fonts of pictures, light and dark. The colours of lines keep apart with any colour vision.

/// How many colours lines have before they repeat with another dash pattern.
pub(super) const COLOURS: usize = 7;
/// The style sheet of a picture. A picture that is not embedded brings it along; a page with embedded ones holds it
/// once. Custom properties (`--tq-text` and so on) may be overridden. Programs that know none see the light colours.
pub const STYLE: &str = "\
.tq-chart{--tq-surface:#fff;--tq-text:#1f2328;--tq-muted:#59636e;--tq-grid:#e4e7eb;--tq-axis:#8c959f;\
--tq-band:#818b98;--tq-rest:#afb8c1;--tq-mark:#c4122f;--tq-window:#8a5a00;\
--tq-0:#1558b8;--tq-1:#d24c06;--tq-2:#12967a;--tq-3:#8a2a72;--tq-4:#3ba8e2;--tq-5:#b8900f;--tq-6:#343a42}
@media screen and (prefers-color-scheme:dark){.tq-chart{--tq-surface:#14181d;--tq-text:#e6edf3;--tq-muted:#9aa4af;\
--tq-grid:#2a3038;--tq-axis:#6b7480;--tq-band:#8d97a3;--tq-rest:#57606a;--tq-mark:#ff5c5c;--tq-window:#dba23c;\
--tq-0:#4a90f5;--tq-1:#ff8a3d;--tq-2:#2fc795;--tq-3:#cc57a6;--tq-4:#8ccbff;--tq-5:#e8d25a;--tq-6:#eef2f7}}
.tq-chart text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;\
font-variant-numeric:tabular-nums;fill:#59636e;fill:var(--tq-muted)}
.tq-chart text.tq-title{font-weight:600;fill:#1f2328;fill:var(--tq-text)}
.tq-chart text.tq-strong{font-weight:600;fill:#1f2328;fill:var(--tq-text)}
.tq-chart text.tq-name{fill:#1f2328;fill:var(--tq-text)}
.tq-chart text.tq-window-name{fill:#8a5a00;fill:var(--tq-window)}
.tq-surface{fill:#fff;fill:var(--tq-surface)}
.tq-grid{stroke:#e4e7eb;stroke:var(--tq-grid);stroke-width:1;shape-rendering:crispEdges}
.tq-axis{stroke:#8c959f;stroke:var(--tq-axis);stroke-width:1;shape-rendering:crispEdges}
.tq-band{fill:#818b98;fill:var(--tq-band);fill-opacity:.28}
.tq-band-edge{fill:none;stroke:#818b98;stroke:var(--tq-band);stroke-width:1;stroke-linejoin:round}
.tq-expected{fill:none;stroke:#fff;stroke:var(--tq-surface);stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.tq-alarm{fill:#c4122f;fill:var(--tq-mark);fill-opacity:.12}
.tq-alarm-bar{fill:#c4122f;fill:var(--tq-mark)}
.tq-window{fill:#8a5a00;fill:var(--tq-window);fill-opacity:.12}
.tq-window-edge{stroke:#8a5a00;stroke:var(--tq-window);stroke-width:1;stroke-dasharray:2 2;fill:none}
.tq-threshold{stroke:#1f2328;stroke:var(--tq-text);stroke-width:1.25;stroke-dasharray:7 4;fill:none}
.tq-mark{fill:#c4122f;fill:var(--tq-mark);stroke:#fff;stroke:var(--tq-surface);stroke-width:1}
.tq-line,.tq-rest{fill:none;stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.tq-rest{stroke:#afb8c1;stroke:var(--tq-rest);stroke-width:1}
.tq-c0{stroke:#1558b8;stroke:var(--tq-0)}
.tq-c1{stroke:#d24c06;stroke:var(--tq-1)}
.tq-c2{stroke:#12967a;stroke:var(--tq-2)}
.tq-c3{stroke:#8a2a72;stroke:var(--tq-3)}
.tq-c4{stroke:#3ba8e2;stroke:var(--tq-4)}
.tq-c5{stroke:#b8900f;stroke:var(--tq-5)}
.tq-c6{stroke:#343a42;stroke:var(--tq-6)}
.tq-d1{stroke-dasharray:6 3.5}
.tq-d2{stroke-dasharray:1.5 3.5;stroke-width:2}
.tq-alone{stroke-width:3}
.tq-few{stroke-width:4.5}
";

/// The classes of the colour of the line at this place among the named ones.
pub(super) fn colour_class(place: usize) -> String {
    format!("tq-line tq-c{}", place % COLOURS)
}

/// The class of its dashes, behind a blank; none for a solid line.
pub(super) fn dash_class(place: usize) -> &'static str {
    const DASHES: [&str; 3] = ["", " tq-d1", " tq-d2"];
    DASHES.get((place / COLOURS) % DASHES.len()).copied().unwrap_or_default()
}
