//! Additions to the schema, read from TOML.

use serde::Deserialize;
use toml::Spanned;

use super::codes::{ADDITIONS, KNOWN_ALREADY};
use super::record::FIELDS;
use super::spelling;
use super::{Additions, Field, Kind, Occurrence};
use crate::listing::listed_names;
use crate::toml_refusal::refusal;
use crate::{Diagnostic, Fix, Parsed, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    events: Vec<EventsEntry>,
    #[serde(default)]
    fields: Vec<FieldEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventsEntry {
    source: Spanned<String>,
    #[serde(default)]
    names: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldEntry {
    path: Spanned<String>,
    kind: Spanned<String>,
    occurrence: Option<Spanned<String>>,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    note: String,
}

const KINDS: [(&str, Kind); 6] = [
    (Kind::String.as_str(), Kind::String),
    (Kind::Boolean.as_str(), Kind::Boolean),
    (Kind::Number.as_str(), Kind::Number),
    (Kind::Object.as_str(), Kind::Object),
    (Kind::Array.as_str(), Kind::Array),
    (Kind::Any.as_str(), Kind::Any),
];
const OCCURRENCES: [(&str, Occurrence); 2] =
    [("always", Occurrence::Always), ("sometimes", Occurrence::Sometimes)];

impl Additions {
    /// The additions of a TOML file, or why there are none.
    ///
    /// `[[events]]` has `source` and `names`; a source without names may have any. `[[fields]]` has `path` (joined by
    /// dots, `[]` for the elements of an array) and `kind` (`string`, `boolean`, `number`, `object`, `array` or `any`),
    /// and may have `occurrence` (`always` or `sometimes`), `values` and `note`. Values and notes are kept for the life
    /// of the program, as those of the built-in fields are.
    ///
    /// ```
    /// use trailql::schema::{Additions, Schema};
    ///
    /// let file = r#"
    ///     [[events]]
    ///     source = "orders.example.com"
    ///     names = ["PlaceOrder"]
    ///
    ///     [[fields]]
    ///     path = "tenant.tier"
    ///     kind = "string"
    ///     values = ["free", "paid"]
    /// "#;
    /// let schema = Schema::with(Additions::from_toml(file).ast.expect("it is sound"));
    /// assert!(schema.event_source("orders.example.com").is_some());
    ///
    /// let faulty = Additions::from_toml("[[fields]]\npath = 'tenant'\nkind = 'text'");
    /// assert_eq!(faulty.diagnostics[0].message, "`text` is no kind of field");
    /// ```
    pub fn from_toml(text: &str) -> Parsed<Additions> {
        let file = match toml::from_str::<File>(text) {
            Ok(file) => file,
            Err(error) => {
                return Parsed { ast: None, diagnostics: vec![refusal(&error, text, ADDITIONS, ADDITIONS)] };
            }
        };
        let mut findings = Vec::new();
        let mut additions = Additions::new();
        for entry in &file.events {
            additions = additions.events(entry.source.get_ref(), entry.names.iter().map(Spanned::get_ref));
            for name in entry.names.iter().chain([&entry.source]).filter(|name| name.get_ref().is_empty()) {
                findings.push(Diagnostic::error(ADDITIONS, span(name), "a name is empty"));
            }
        }
        for entry in &file.fields {
            if let Some(field) = field(entry, text, &mut findings) {
                additions = additions.described_field(field);
            }
        }
        let is_sound = !findings.iter().any(Diagnostic::is_error);
        Parsed { ast: is_sound.then_some(additions), diagnostics: findings }
    }
}

fn field(entry: &FieldEntry, text: &str, findings: &mut Vec<Diagnostic>) -> Option<Field> {
    let kind = choice(&entry.kind, &KINDS, "kind of field", text, findings);
    let occurrence = match &entry.occurrence {
        Some(occurrence) => choice(occurrence, &OCCURRENCES, "occurrence", text, findings),
        None => Some(Occurrence::Sometimes),
    };
    let path = entry.path.get_ref();
    if let Some(finding) = fault_of_path(&entry.path, text) {
        findings.push(finding);
        return None;
    }
    if FIELDS.iter().any(|row| row.path == path) {
        let message = format!("`{path}` is a field that the schema has already");
        findings.push(
            Diagnostic::new(KNOWN_ALREADY, crate::Severity::Info, span(&entry.path), message)
                .help("leave it out"),
        );
        return None;
    }
    let values: Vec<&'static str> = entry.values.iter().map(|value| kept(value)).collect();
    Some(Field {
        path: path.clone(),
        kind: kind?,
        occurrence: occurrence?,
        since: None,
        values: if values.is_empty() { &[] } else { Vec::leak(values) },
        note: kept(&entry.note),
    })
}

/// A path is names joined by dots, with `[]` behind those of arrays.
fn fault_of_path(path: &Spanned<String>, text: &str) -> Option<Diagnostic> {
    let written = path.get_ref();
    let finding = |message: String| Diagnostic::error(ADDITIONS, span(path), message);
    if let Some(bare) = written.strip_prefix("$.") {
        let fix = replacing(path, written, bare, text);
        let finding = finding(format!("`{written}` begins with `$.`")).help(format!("write `{bare}`"));
        return Some(match fix {
            Some(fix) => finding.fix(fix),
            None => finding,
        });
    }
    let is_sound = |name: &str| {
        let name = name.trim_end_matches("[]");
        !name.is_empty() && !name.contains(['[', ']'])
    };
    (!written.split('.').all(is_sound)).then(|| {
        finding(format!("`{written}` is no path of a field"))
            .help("join names by dots, and write `[]` for the elements of an array: `tags[].key`")
    })
}

fn choice<T: Copy>(
    word: &Spanned<String>,
    choices: &[(&'static str, T)],
    what: &str,
    text: &str,
    findings: &mut Vec<Diagnostic>,
) -> Option<T> {
    let written = word.get_ref();
    if let Some((_, found)) = choices.iter().find(|(name, _)| name == written) {
        return Some(*found);
    }
    let names = choices.iter().map(|(name, _)| *name);
    let finding = Diagnostic::error(ADDITIONS, span(word), format!("`{written}` is no {what}"));
    findings.push(match spelling::nearest(written, names.clone(), 1).first() {
        Some(near) => match replacing(word, written, near, text) {
            Some(fix) => finding.help(format!("write `{near}`")).fix(fix),
            None => finding.help(format!("write `{near}`")),
        },
        None => finding.help(format!("write one of {}", listed_names(names, "and"))),
    });
    None
}

/// A fix inside the quotes; none where the text is written with escapes.
fn replacing(place: &Spanned<String>, written: &str, right: &str, text: &str) -> Option<Fix> {
    let range = place.span();
    let at = range.start + text.get(range)?.find(written)?;
    Some(Fix::replace(format!("write `{right}`"), Span::new(at, at + written.len()), right))
}

fn span(text: &Spanned<String>) -> Span {
    let range = text.span();
    Span::new(range.start, range.end)
}

fn kept(text: &str) -> &'static str {
    if text.is_empty() { "" } else { String::leak(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::super::codes::RULES;
    use super::*;

    #[test]
    fn each_rule_fires_on_its_example() {
        for rule in RULES {
            let codes = |text: &str| {
                Additions::from_toml(text).diagnostics.iter().map(|one| one.code).collect::<Vec<_>>()
            };
            assert_eq!(codes(rule.bad), [rule.code], "{}", rule.code);
            assert_eq!(codes(rule.good), [], "{}", rule.code);
        }
    }

    #[test]
    fn a_fault_is_shown_at_its_place() {
        for (text, place, message) in [
            ("[[field]]", "field", "there is no member `field` here"),
            ("[[fields]]\npath = 'a'", "[[fields]]", "there is no `kind`"),
            ("[[fields]]\npath = 'a'\nkind = 'strng'", "'strng'", "`strng` is no kind of field"),
            (
                "[[fields]]\npath = 'a'\nkind = 'any'\noccurrence = 'never'",
                "'never'",
                "`never` is no occurrence",
            ),
            ("[[fields]]\npath = '$.a'\nkind = 'any'", "'$.a'", "`$.a` begins with `$.`"),
            ("[[fields]]\npath = 'a[0].b'\nkind = 'any'", "'a[0].b'", "`a[0].b` is no path of a field"),
            ("[[fields]]\npath = 'a..b'\nkind = 'any'", "'a..b'", "`a..b` is no path of a field"),
            ("[[events]]\nsource = ''", "''", "a name is empty"),
        ] {
            let parsed = Additions::from_toml(text);
            assert_eq!(parsed.ast, None, "{text}");
            let [finding] = parsed.diagnostics.as_slice() else { panic!("{:?}", parsed.diagnostics) };
            assert_eq!((finding.span().slice(text), finding.message.as_str()), (place, message));
            if let Some(fix) = &finding.fix {
                let mended = Additions::from_toml(&fix.apply(text)).diagnostics;
                assert!(!mended.contains(finding), "{text}");
            }
        }
    }

    #[test]
    fn values_and_notes_are_kept() {
        let file = "[[fields]]\npath = 'tags[].key'\nkind = 'string'\noccurrence = 'always'\nvalues = ['a', 'b']\nnote = 'n'";
        let additions = Additions::from_toml(file).ast.unwrap();
        let paths: Vec<&str> = additions.fields.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["tags", "tags[]", "tags[].key"]);
        let key = additions.fields.last().unwrap();
        assert_eq!((key.values, key.note, key.occurrence), (["a", "b"].as_slice(), "n", Occurrence::Always));
    }
}
