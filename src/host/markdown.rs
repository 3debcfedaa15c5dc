//! Blocks of Markdown that are tagged with one of the languages.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::byte_order_mark;
use crate::check::Language;

use super::spelling::Layer;
use super::text::Text;
use super::{Embedded, Extracted};

/// What a block may be tagged with.
const TAGS: &[(&str, Language)] = &[
    ("cwfilter", Language::FilterPattern),
    ("filter-pattern", Language::FilterPattern),
    ("cwlogs", Language::LogsInsights),
    ("logs-insights", Language::LogsInsights),
    ("cwmetrics", Language::MetricsInsights),
    ("metrics-insights", Language::MetricsInsights),
];

/// Whether there may be a block for us.
pub(super) fn has_blocks(file: &str) -> bool {
    let tags = |line: &str| TAGS.iter().any(|(tag, _)| line.starts_with(tag));
    file.lines().any(|line| {
        line.find("```")
            .or_else(|| line.find("~~~"))
            .and_then(|at| line.get(at..))
            .is_some_and(|fence| tags(fence.trim_start_matches(['`', '~']).trim_start()))
    })
}

/// The texts of the tagged blocks.
pub(super) fn extract(file: &str) -> Extracted {
    let mut extracted = Extracted::default();
    let mut block: Option<(Language, Vec<(usize, String)>)> = None;
    let start = byte_order_mark::length(file);
    for (event, range) in Parser::new(byte_order_mark::behind(file)).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let tag = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
                block = TAGS
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(tag))
                    .map(|(_, language)| (*language, Vec::new()));
            }
            Event::Text(text) => {
                if let Some((_, runs)) = &mut block {
                    runs.push((start + range.start, text.into_string()));
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((language, runs)) = block.take() {
                    extracted.embedded.push(Embedded::new(language, "", text_of(file, &runs)));
                }
            }
            _ => {}
        }
    }
    extracted
}

/// The text of a block, without the line feed that ends it.
fn text_of(file: &str, runs: &[(usize, String)]) -> Text {
    let mut text = Text::spelled(vec![layer(file, runs)]);
    for (start, run) in runs {
        let is_verbatim = file.get(*start..start + run.len()) == Some(run);
        if is_verbatim {
            text.push(run, *start);
        } else {
            // A line end of two bytes is read as one.
            let end = start + run.len() + run.matches('\n').count();
            text.push_foreign(run, crate::Span::new(*start, end.min(file.len())));
        }
    }
    let length = text.value.strip_suffix('\n').unwrap_or(&text.value).len();
    if text.value.is_empty() { text } else { text.part(0..length) }
}

/// What stands before each line of the block.
fn layer(file: &str, runs: &[(usize, String)]) -> Layer {
    let prefixes = runs.iter().filter_map(|(start, _)| {
        let line = file.get(..*start)?;
        line.get(line.rfind('\n').map_or(0, |at| at + 1)..)
    });
    let prefixes: Vec<&str> = prefixes.collect();
    let is_blank = prefixes.iter().all(|prefix| prefix.bytes().all(|byte| byte == b' '));
    match prefixes.first() {
        Some(first) if is_blank => Layer::Fence { indent: first.len() },
        Some(_) => Layer::Line,
        None => Layer::Fence { indent: 0 },
    }
}
