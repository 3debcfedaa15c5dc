//! What a plan takes from each event, and the paths where it may stand (`spec/logs-insights.md` 5).

use super::node::Reg;
use crate::json::Step;

/// A field of the events, and the register it goes to.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) reg: Reg,
    pub(crate) field: InputField,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InputField {
    Message,
    Timestamp,
    IngestionTime,
    LogStream,
    Log,
    Ptr,
    /// Another field of the service's own, as it comes with the event.
    System(String),
    /// A field discovered in JSON, by its flattened name.
    Json(JsonField),
}

/// The name of a discovered field and the paths that spell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonField {
    pub(crate) name: String,
    /// The same as it is called once it is discovered: a name that begins with `@` has two of them.
    pub(crate) discovered: String,
    /// Members and elements by the segments of the name; none if there are too many segments to try them all.
    pub(crate) nested: Vec<Vec<Step>>,
    /// Paths through a key that itself holds a dot. If one of them leads somewhere, the order of the document decides.
    pub(crate) dotted: Vec<Vec<Step>>,
}

/// With more segments the paths would be too many.
const MOST_SEGMENTS: usize = 6;

impl InputField {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "@message" => InputField::Message,
            "@timestamp" => InputField::Timestamp,
            "@ingestionTime" => InputField::IngestionTime,
            "@logStream" => InputField::LogStream,
            "@log" => InputField::Log,
            "@ptr" => InputField::Ptr,
            _ => match name.strip_prefix("@@") {
                Some(rest) => {
                    let field = JsonField::new(&format!("@{rest}"));
                    InputField::Json(JsonField { discovered: name.to_owned(), ..field })
                }
                None if name.starts_with('@') => InputField::System(name.to_owned()),
                None => InputField::Json(JsonField::new(name)),
            },
        }
    }
}

impl JsonField {
    fn new(name: &str) -> Self {
        let segments: Vec<&str> = name.split('.').collect();
        let mut field = JsonField {
            name: name.to_owned(),
            discovered: name.to_owned(),
            nested: Vec::new(),
            dotted: Vec::new(),
        };
        if segments.len() > MOST_SEGMENTS {
            return field;
        }
        // Each bit says whether the dot behind a segment is part of a key.
        for joined in 0..1_u32 << (segments.len() - 1) {
            let mut keys: Vec<String> = Vec::new();
            for (index, segment) in segments.iter().enumerate() {
                match keys.last_mut() {
                    Some(last) if joined >> (index - 1) & 1 == 1 => {
                        last.push('.');
                        last.push_str(segment);
                    }
                    _ => keys.push((*segment).to_owned()),
                }
            }
            let paths = spellings(&keys);
            if joined == 0 { field.nested = paths } else { field.dotted.extend(paths) }
        }
        field
    }
}

/// The keys as steps; a key of digits may be the index of an element too.
fn spellings(keys: &[String]) -> Vec<Vec<Step>> {
    keys.iter().enumerate().fold(vec![Vec::new()], |paths, (place, key)| {
        // As a number is printed: `007` is no index.
        let index = key.parse::<usize>().ok().filter(|index| place > 0 && index.to_string() == *key);
        let with = |step: Step| {
            paths
                .iter()
                .map(move |path| [path.as_slice(), std::slice::from_ref(&step)].concat())
                .collect::<Vec<_>>()
        };
        let mut longer = with(Step::Key(key.as_str().into()));
        longer.extend(index.into_iter().flat_map(|index| with(Step::Index(index))));
        longer
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_may_be_part_of_a_key_and_digits_an_index() {
        let field = JsonField::new("a.0");
        let key = |name: &str| Step::Key(name.into());
        assert_eq!(field.nested, [vec![key("a"), key("0")], vec![key("a"), Step::Index(0)]]);
        assert_eq!(field.dotted, [[key("a.0")]]);
        assert_eq!(JsonField::new("a.007").nested.len(), 1);
        assert!(JsonField::new("a.b.c.d.e.f.g").nested.is_empty());
    }
}
