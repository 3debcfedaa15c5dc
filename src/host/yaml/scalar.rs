//! Scalars of YAML: which byte of what they say is which of the file.
//!
//! What a scalar says is known from the parser; here it is found again in the file. Where that fails, the whole scalar
//! stands for the whole text.

use saphyr_parser::ScalarStyle;

use crate::Span;
use crate::host::spelling::Layer;
use crate::host::text::Text;

/// The text of a scalar that begins at `span`, perhaps with a tag or anchor, and says `value`.
pub(super) fn read(file: &str, value: &str, style: ScalarStyle, span: Span) -> Text {
    let start = match style {
        // Where a block begins may be said by its first line.
        ScalarStyle::Literal | ScalarStyle::Folded => line_of_header(file, span.range().start),
        _ => behind_properties(file, span.range().start),
    };
    let source = file.get(start..).unwrap_or_default();
    let found = match style {
        ScalarStyle::Plain => aligned(Text::spelled(vec![Layer::YamlPlain]), value, source, start),
        ScalarStyle::SingleQuoted => quoted(source, start, '\'', Layer::YamlSingle),
        ScalarStyle::DoubleQuoted => quoted(source, start, '"', Layer::YamlDouble),
        ScalarStyle::Literal => literal(value, source, start),
        ScalarStyle::Folded => {
            let header = source.find('\n').map_or(source.len(), |at| at + 1);
            let body = source.get(header..).unwrap_or_default();
            aligned(Text::spelled(vec![Layer::YamlFolded]), value, body, start + header)
        }
    };
    found.filter(|found| found.value == value).unwrap_or_else(|| Text::foreign(value, span))
}

/// Where a scalar itself begins, behind its tag and anchor.
fn behind_properties(file: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(rest) = file.get(at..).filter(|rest| rest.starts_with(['!', '&'])) {
        let name = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let behind = rest.get(name..).unwrap_or_default();
        at += name + (behind.len() - behind.trim_start().len());
    }
    at
}

/// A byte on the line with the indicator of a block, whose lines follow.
fn line_of_header(file: &str, start: usize) -> usize {
    let at = behind_properties(file, start);
    let is_indicator = file.get(at..).is_some_and(|rest| rest.starts_with(['|', '>']));
    let line = file.get(..start).and_then(|before| before.rfind('\n'));
    if is_indicator { at } else { line.unwrap_or(at) }
}

/// A text whose words stand in the file as they are, and whose blanks may be line ends and indentation there.
fn aligned(mut text: Text, value: &str, source: &str, start: usize) -> Option<Text> {
    let (mut said, mut at) = (0, 0);
    while let Some(rest) = value.get(said..).filter(|rest| !rest.is_empty()) {
        let written = source.get(at..)?;
        let blanks = rest.len() - rest.trim_start().len();
        let written_blanks = written.len() - written.trim_start().len();
        if blanks > 0 {
            let (spelled, there) = (rest.get(..blanks)?, written.get(..written_blanks)?);
            if spelled == there {
                text.push(spelled, start + at);
                at += written_blanks;
            } else {
                let is_end = blanks == rest.len();
                let length =
                    if is_end { there.find('\n').map_or(there.len(), |at| at + 1) } else { there.len() };
                text.push_escape(spelled, Span::new(start + at, start + at + length));
                at += length;
            }
            said += blanks;
        } else {
            at += written_blanks;
            let written = written.get(written_blanks..)?;
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let word = rest.get(..length).filter(|word| written.starts_with(word))?;
            text.push(word, start + at);
            at += length;
            said += length;
        }
    }
    if text.value.is_empty() {
        text.push_escape("", Span::at(start));
    }
    Some(text)
}

/// A block of lines that stay lines.
fn literal(value: &str, source: &str, start: usize) -> Option<Text> {
    let header = source.find('\n').map_or(source.len(), |at| at + 1);
    let lines =
        || value.split_inclusive('\n').zip(source.get(header..).unwrap_or_default().split_inclusive('\n'));
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let indent = lines()
        .find(|(said, _)| !said.trim().is_empty())
        .map(|(said, written)| blanks(written).saturating_sub(blanks(said)))?;
    let mut text = Text::spelled(vec![Layer::YamlLiteral { indent }]);
    let mut at = start + header;
    for (said, written) in lines() {
        let skipped = blanks(written).min(indent);
        let content = said.strip_suffix('\n').unwrap_or(said);
        let rest = written.get(skipped..)?;
        let end = rest.strip_prefix(content)?;
        text.push(content, at + skipped);
        let place = at + skipped + content.len();
        match (said.ends_with('\n'), end) {
            (false, _) => {}
            (true, "\n") => text.push("\n", place),
            (true, "\r\n" | "") => text.push_escape("\n", Span::new(place, place + end.len())),
            _ => return None,
        }
        at += written.len();
    }
    // A line feed that the file does not end with.
    if let Some("\n") = value.get(text.value.len()..) {
        text.push_escape("\n", Span::at(at));
    }
    Some(text)
}

/// A text between quotes: line ends are folded, and quotes are doubled or escaped.
fn quoted(source: &str, start: usize, quote: char, layer: Layer) -> Option<Text> {
    let mut text = Text::spelled(vec![layer]);
    source.starts_with(quote).then_some(())?;
    let mut at = 1;
    loop {
        let rest = source.get(at..)?;
        let plain = rest.find([quote, '\\', '\n', '\r']).filter(|&plain| plain < rest.len())?;
        let (run, rest) = rest.split_at_checked(plain)?;
        let next = rest.chars().next()?;
        if matches!(next, '\n' | '\r') {
            // Blanks at the end of a line do not count.
            let kept = run.trim_end_matches([' ', '\t']);
            text.push(kept, start + at);
            at += kept.len();
            let blank = source.get(at..)?;
            let length = blank.len() - blank.trim_start_matches([' ', '\t', '\n', '\r']).len();
            let breaks = blank.get(..length)?.matches('\n').count();
            let said = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks.saturating_sub(1)) };
            text.push_escape(&said, Span::new(start + at, start + at + length));
            at += length;
            continue;
        }
        text.push(run, start + at);
        at += plain;
        if next == quote {
            if quote == '\'' && rest.starts_with("''") {
                text.push_escape("'", Span::new(start + at, start + at + 2));
                at += 2;
                continue;
            }
            if text.value.is_empty() {
                text.push_escape("", Span::at(start + at));
            }
            return Some(text);
        }
        if quote == '\'' {
            text.push("\\", start + at);
            at += 1;
            continue;
        }
        let (said, length) = escape(rest)?;
        text.push_escape(&said, Span::new(start + at, start + at + length));
        at += length;
    }
}

/// What the escape at the beginning of `rest` says, and its length.
fn escape(rest: &str) -> Option<(String, usize)> {
    let code = |digits: usize| {
        let number = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((char::from_u32(number)?.to_string(), 2 + digits))
    };
    let letter = rest.get(1..)?.chars().next()?;
    let said = match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '/' | '\\' => letter,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return code(2),
        'u' => return code(4),
        'U' => return code(8),
        '\n' | '\r' => {
            let behind = rest.get(1..)?;
            let end = if behind.starts_with("\r\n") { 2 } else { 1 };
            let line = behind.get(end..)?;
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            return Some((String::new(), 1 + end + blanks));
        }
        _ => return None,
    };
    Some((said.to_string(), 1 + letter.len_utf8()))
}
