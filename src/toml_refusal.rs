//! Why a text is no TOML, or has not the shape that is expected, with the name that was probably meant.

use crate::listing::listed_names;
use crate::{Code, Diagnostic, Fix, Span};

/// The finding: under `not_toml` where the syntax is at fault, else under `shape`.
pub(crate) fn refusal(error: &toml::de::Error, not_toml: Code, shape: Code) -> Diagnostic {
    let span = error.span().map(|range| Span::new(range.start, range.end)).unwrap_or_default();
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let is_shape = ["unknown field", "missing field", "invalid type", "duplicate field", "invalid length"]
        .iter()
        .any(|start| message.starts_with(start));
    if !is_shape {
        let first_line = message.lines().next().unwrap_or_default();
        return Diagnostic::error(not_toml, span, format!("this is no TOML: {first_line}"));
    }
    if !message.starts_with("unknown field") {
        return Diagnostic::error(shape, span, message.replace("missing field", "there is no"));
    }
    let unknown = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.collect();
    let finding = Diagnostic::error(shape, span, format!("there is no member `{unknown}` here"));
    let distance = |name: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &unknown.to_lowercase());
    match known.iter().map(|name| (distance(name), *name)).min() {
        Some((distance, name)) if distance <= 1 + unknown.chars().count() / 3 => {
            finding.help(format!("write `{name}`")).fix(Fix::replace(format!("write `{name}`"), span, name))
        }
        _ => finding.help(format!("members are {}", listed_names(known, "and"))),
    }
}
