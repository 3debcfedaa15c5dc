//! Pictures of many kinds of charts: well-formed, inside of their frame, no text over another.
//!
//! Set `TRAILQL_PICTURES` to a folder to get them as files, to be looked at.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

mod check;
mod gallery;
mod golden;
#[cfg(feature = "cli")]
mod page;
mod properties;

use trailql::chart::{SvgOptions, svg, terminal};
use unicode_width::UnicodeWidthStr;

use check::check;
use gallery::gallery;

/// Writes a picture for people, where they asked for it.
fn keep(name: &str, text: &str) {
    if let Some(folder) = std::env::var_os("TRAILQL_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join(name), text).unwrap();
    }
}

#[test]
fn every_picture_is_well_formed_inside_its_frame_and_legible() {
    for (name, chart) in gallery() {
        for (width, height) in [(1_000, 360), (400, 300), (240, 140), (1_600, 500)] {
            for embedded in [false, true] {
                let picture = svg(&chart, &SvgOptions { width, height, embedded });
                check(&format!("{name} {width}×{height}"), &picture);
                if !embedded {
                    keep(&format!("{name}-{width}.svg"), &picture);
                }
            }
        }
        for colour in [false, true] {
            keep(&format!("{name}-{colour}.txt"), &terminal(&chart, 100, 24, colour));
        }
    }
}

/// Forty numbers of groups, none and one among them.
#[test]
fn legends_of_any_size_are_legible() {
    for count in 0..=40 {
        let chart = gallery::groups(count, |n| format!("{}-{n}", "user".repeat(n % 5)));
        for width in [320, 640, 1_000] {
            check(
                &format!("{count} groups, {width}"),
                &svg(&chart, &SvgOptions { width, height: 300, embedded: true }),
            );
        }
    }
}

#[test]
fn no_line_of_a_terminal_is_wider_than_asked_for() {
    for (name, chart) in gallery() {
        for (width, height) in [(100, 24), (24, 8), (40, 12), (200, 50)] {
            let picture = terminal(&chart, width, height, false);
            for line in picture.lines() {
                assert!(line.width() <= width, "{name} {width}: {line}");
            }
        }
    }
}
