//! Series, bands and groups as pictures: SVG, and characters in a terminal.
