//! A chart as SVG: self-contained, light and dark, readable by screen readers.

mod draw;
mod layout;
mod legend;
mod markup;
mod style;

use super::Chart;

#[cfg(feature = "cli")]
pub(crate) use markup::escape;
pub use style::STYLE;

/// The size of a picture, and where it will stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SvgOptions {
    /// Its width in pixels, taken into [`LEAST_WIDTH`](Self::LEAST_WIDTH) to [`MOST`](Self::MOST).
    pub width: u32,
    /// Its height in pixels without the legend, which is added beneath; taken into
    /// [`LEAST_HEIGHT`](Self::LEAST_HEIGHT) to [`MOST`](Self::MOST).
    pub height: u32,
    /// Whether it becomes part of an HTML page that holds [`STYLE`] and has a ground of its own.
    pub embedded: bool,
}

impl SvgOptions {
    /// The least width, in pixels.
    pub const LEAST_WIDTH: u32 = 240;
    /// The least height, in pixels.
    pub const LEAST_HEIGHT: u32 = 140;
    /// The greatest width and height, in pixels.
    pub const MOST: u32 = 10_000;
}

impl Default for SvgOptions {
    /// 1,000 by 360 pixels, as a file of its own.
    fn default() -> Self {
        SvgOptions { width: 1_000, height: 360, embedded: false }
    }
}

/// The chart as one `svg` element, ended by a line feed. It asks for no other file, runs no script and has no `id`, so
/// that several can stand in one page.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::chart::{Chart, SvgOptions, svg};
/// use trailql::series::{Period, TimeRange};
///
/// let range = TimeRange { start: EpochMillis(0), end: EpochMillis(3_600_000) };
/// let picture = svg(&Chart::new("<nothing>", range, Period::MINUTE), &SvgOptions::default());
/// assert!(picture.contains("&lt;nothing&gt;"));
/// assert!(picture.contains("no data"));
/// ```
pub fn svg(chart: &Chart, options: &SvgOptions) -> String {
    let layout = layout::Layout::of(chart, options);
    draw::picture(chart, &layout, options.embedded)
}
