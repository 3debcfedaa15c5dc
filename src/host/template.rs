//! Variables inside a text that was already read: `${…}` of Terraform's JSON, of `Fn::Sub` and of the Serverless
//! Framework.

use crate::Span;

use super::spelling::Layer;
use super::text::Text;

/// Whose variables they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `${…}` and `%{…}`; `$${` and `%%{` spell `${` and `%{`.
    Terraform,
    /// `${Name}`; `${!Name}` spells `${Name}`.
    Sub,
    /// `${…}`, and no way to spell it.
    Serverless,
}

/// The text with each variable replaced by what `value` gives for its inside, or else by a hole.
pub(super) fn read(text: &Text, dialect: Dialect, value: &dyn Fn(&str) -> Option<String>) -> Text {
    let source = text.value.as_str();
    let mut read = Text::default();
    let mut copied = 0;
    let mut at = 0;
    while let Some(rest) = source.get(at..) {
        let Some(found) = rest.find(['$', '%']) else { break };
        at += found;
        let rest = source.get(at..).unwrap_or_default();
        let is_terraform = dialect == Dialect::Terraform;
        let begins = rest.starts_with("${") || (is_terraform && rest.starts_with("%{"));
        if is_terraform && (rest.starts_with("$${") || rest.starts_with("%%{")) {
            read.append(text.part(copied..at));
            let mut spelled = Text::spelled(text.map.spelling_at(at));
            spelled
                .push_escape(rest.get(1..3).unwrap_or_default(), text.map.to_source(Span::new(at, at + 3)));
            read.append(spelled);
            at += 3;
            copied = at;
        } else if begins {
            let Some(length) = closed(rest) else { break };
            let inside = rest.get(2..length - 1).unwrap_or_default();
            let place = text.map.to_source(Span::new(at, at + length));
            read.append(text.part(copied..at));
            match inside.strip_prefix('!').filter(|_| dialect == Dialect::Sub) {
                Some(literal) => {
                    let mut spelled = Text::spelled(text.map.spelling_at(at));
                    spelled.push_escape(&format!("${{{literal}}}"), place);
                    read.append(spelled);
                }
                None => match value(inside.trim()) {
                    Some(known) => read.push_foreign(&known, place),
                    None => read.push_hole(place),
                },
            }
            at += length;
            copied = at;
        } else {
            at += 1;
        }
    }
    read.append(text.part(copied..source.len()));
    if copied == 0 {
        read = text.clone();
    }
    match dialect {
        Dialect::Terraform => read.map.within(Layer::Template),
        Dialect::Sub => read.map.within(Layer::Sub),
        Dialect::Serverless => read.map.within(Layer::Serverless),
    }
    read
}

/// The length of a variable up to the brace that closes it; braces inside of it and of strings in it are passed.
fn closed(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
