//! Saved queries: texts with placeholders, called as `$Name(parameter = literal)` (`spec/logs-insights.md` 2.3).

mod error;
mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde_json::Value;

use super::{Command, LogsQuery};

pub use error::SavedError;
use scan::{Placeholders, has_call, is_parameter_name};

/// Saved queries by name.
///
/// ```
/// use trailql::syntax::logs::{SavedQueries, SavedQuery};
///
/// let mut saved = SavedQueries::default();
/// saved.insert("Errors", SavedQuery::new("filter level = {{level}} | limit 5"))?;
/// assert_eq!(saved.expand("Errors", [("level", "\"WARN\"")])?, "filter level = \"WARN\" | limit 5");
/// # Ok::<(), trailql::syntax::logs::SavedError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct SavedQueries {
    queries: BTreeMap<String, SavedQuery>,
    /// Queries in other languages, and which; they cannot be called.
    foreign: BTreeMap<String, String>,
}

/// A saved query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedQuery {
    /// Its text, with placeholders such as `{{level}}`.
    pub text: String,
    /// Its parameters. A placeholder that no parameter declares is one without default.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a saved query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// What stands between the braces.
    pub name: String,
    /// The literal that a call without this parameter means, with its quotes if it has any.
    pub default: Option<String>,
}

const MAX_CHARACTERS: usize = 10_000;
const MAX_PARAMETERS: usize = 20;
const MAX_NAME: usize = 255;
const MAX_DEFAULT: usize = 1_024;
/// How many names a message lists.
const LISTED: usize = 20;

impl SavedQuery {
    /// A query whose parameters are its placeholders, none with a default.
    pub fn new(text: impl Into<String>) -> Self {
        SavedQuery { text: text.into(), parameters: Vec::new() }
    }
}

impl SavedQueries {
    /// The query of this name.
    pub fn get(&self, name: &str) -> Option<&SavedQuery> {
        self.queries.get(name)
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.queries.keys().map(String::as_str)
    }

    /// Adds a query. Placeholders that it does not declare are declared.
    ///
    /// # Errors
    ///
    /// What the service refuses: a bad or taken name, a text of no or more than 10,000 characters, more than 20
    /// parameters, a parameter twice or with a bad name or not in the text.
    pub fn insert(&mut self, name: impl Into<String>, mut query: SavedQuery) -> Result<(), SavedError> {
        let name = self.free_name(name.into())?;
        query.complete(&name)?;
        self.queries.insert(name, query);
        Ok(())
    }

    fn free_name(&self, name: String) -> Result<String, SavedError> {
        let characters = name.chars().count();
        let is_good = (1..=MAX_NAME).contains(&characters)
            && !name.contains([':', '*'])
            && name.split('/').all(|folder| !folder.is_empty());
        if !is_good {
            return Err(SavedError::BadName { name });
        }
        if self.queries.contains_key(&name) || self.foreign.contains_key(&name) {
            return Err(SavedError::DuplicateName { name });
        }
        Ok(name)
    }

    /// Reads what `aws logs describe-query-definitions` prints: `{"queryDefinitions": […]}`, or the array alone. A
    /// definition has a `name`, a `queryString`, perhaps `parameters` of `name` and `defaultValue`; CloudFormation's
    /// spelling with large first letters is read too.
    ///
    /// Definitions in other languages than `CWLI` are kept by name only, and cannot be called.
    ///
    /// # Errors
    ///
    /// Where the text is no such JSON, and for each fault that [`insert`](Self::insert) finds.
    pub fn from_json(text: &str) -> Result<Self, SavedError> {
        let bad = |reason: String| SavedError::Json { reason };
        let root: Value = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
        let definitions = match &root {
            Value::Array(definitions) => definitions,
            root => member(root, "queryDefinitions")
                .and_then(Value::as_array)
                .ok_or_else(|| bad("there is neither an array nor `queryDefinitions`".into()))?,
        };
        let mut saved = SavedQueries::default();
        for (index, definition) in definitions.iter().enumerate() {
            let place = format!("definition {}", index + 1);
            let name = text_member(definition, "name", &place)?;
            let place = format!("the definition `{name}`");
            match member(definition, "queryLanguage").and_then(Value::as_str) {
                Some(language) if language != "CWLI" => {
                    let name = saved.free_name(name)?;
                    saved.foreign.insert(name, language.to_owned());
                }
                _ => {
                    let query = SavedQuery {
                        text: text_member(definition, "queryString", &place)?,
                        parameters: parameters(definition, &place)?,
                    };
                    saved.insert(name, query)?;
                }
            }
        }
        Ok(saved)
    }

    /// The text of a query with its parameters filled in: what stands for a call of it. An argument is the text of a
    /// literal, quotes included, and goes into the query as it is.
    ///
    /// # Errors
    ///
    /// Where there is no such query, it is written in another language, a parameter is unknown, given twice or
    /// missing, the result has more than 10,000 characters or calls a saved query itself.
    pub fn expand<'a, L: Display>(
        &self,
        name: &str,
        arguments: impl IntoIterator<Item = (&'a str, L)>,
    ) -> Result<String, SavedError> {
        if let Some(language) = self.foreign.get(name) {
            return Err(SavedError::OtherLanguage { name: name.to_owned(), language: language.clone() });
        }
        let query = self.get(name).ok_or_else(|| SavedError::UnknownQuery {
            name: name.to_owned(),
            names: self.names().take(LISTED).map(str::to_owned).collect(),
        })?;
        query.expand(name, arguments)
    }

    /// The text of a query with every call of a saved query replaced by what stands for it. `query` is what `text` was
    /// parsed to.
    ///
    /// ```
    /// use trailql::LogsQuery;
    /// use trailql::syntax::logs::{SavedQueries, SavedQuery};
    ///
    /// let mut saved = SavedQueries::default();
    /// saved.insert("First", SavedQuery::new("sort @timestamp | limit {{n}}"))?;
    /// let text = "filter a = 1 | $First(n = 5)";
    /// let expanded = saved.expand_calls(text, &LogsQuery::parse(text)?)?;
    /// assert_eq!(expanded, "filter a = 1 | sort @timestamp | limit 5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As of [`expand`](Self::expand).
    pub fn expand_calls(&self, text: &str, query: &LogsQuery) -> Result<String, SavedError> {
        let mut expanded = String::new();
        let mut copied = 0;
        for stage in &query.stages {
            let Command::Saved(call) = &stage.command else { continue };
            let arguments =
                call.arguments.iter().map(|(name, literal)| (name.text.as_str(), literal.span.0.slice(text)));
            let range = stage.span.0.range();
            expanded.push_str(text.get(copied..range.start).unwrap_or_default());
            expanded.push_str(&self.expand(&call.name.text, arguments)?);
            copied = range.end;
        }
        expanded.push_str(text.get(copied..).unwrap_or_default());
        Ok(expanded)
    }
}

fn member<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let object = object.as_object()?;
    object.get(name).or_else(|| object.get(&capitalised(name))).filter(|value| !value.is_null())
}

fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

fn text_member(object: &Value, name: &str, place: &str) -> Result<String, SavedError> {
    match member(object, name) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(SavedError::Json { reason: format!("`{name}` of {place} is no text") }),
        None => Err(SavedError::Json { reason: format!("{place} has no `{name}`") }),
    }
}

fn parameters(definition: &Value, place: &str) -> Result<Vec<Parameter>, SavedError> {
    let listed = match member(definition, "parameters") {
        None => return Ok(Vec::new()),
        Some(Value::Array(listed)) => listed,
        Some(_) => return Err(SavedError::Json { reason: format!("`parameters` of {place} is no array") }),
    };
    listed
        .iter()
        .map(|parameter| {
            let place = format!("a parameter of {place}");
            let default = member(parameter, "defaultValue");
            Ok(Parameter {
                name: text_member(parameter, "name", &place)?,
                default: default.map(|_| text_member(parameter, "defaultValue", &place)).transpose()?,
            })
        })
        .collect()
}

impl SavedQuery {
    /// Refuses what the service refuses, and declares the placeholders that are left.
    fn complete(&mut self, name: &str) -> Result<(), SavedError> {
        let query = || name.to_owned();
        let characters = self.text.chars().count();
        if !(1..=MAX_CHARACTERS).contains(&characters) {
            return Err(SavedError::Length { query: query(), characters });
        }
        let used: BTreeSet<&str> = Placeholders::of(&self.text).map(|placeholder| placeholder.name).collect();
        let mut declared = BTreeSet::new();
        for parameter in &self.parameters {
            let name = || parameter.name.clone();
            if !is_parameter_name(&parameter.name) {
                return Err(SavedError::BadParameterName { query: query(), name: name() });
            }
            if !declared.insert(parameter.name.as_str()) {
                return Err(SavedError::DuplicateParameter { query: query(), name: name() });
            }
            if !used.contains(parameter.name.as_str()) {
                return Err(SavedError::UnusedParameter { query: query(), name: name() });
            }
            if parameter.default.as_ref().is_some_and(|default| default.chars().count() > MAX_DEFAULT) {
                return Err(SavedError::LongDefault { query: query(), name: name() });
            }
        }
        let undeclared: Vec<Parameter> = used
            .difference(&declared)
            .map(|name| Parameter { name: (*name).to_owned(), default: None })
            .collect();
        self.parameters.extend(undeclared);
        match self.parameters.len() {
            count if count > MAX_PARAMETERS => Err(SavedError::TooManyParameters { query: query(), count }),
            _ => Ok(()),
        }
    }

    fn expand<'a, L: Display>(
        &self,
        name: &str,
        arguments: impl IntoIterator<Item = (&'a str, L)>,
    ) -> Result<String, SavedError> {
        let query = || name.to_owned();
        let mut given = BTreeMap::new();
        for (parameter, literal) in arguments {
            let name = || parameter.to_owned();
            if !self.parameters.iter().any(|declared| declared.name == parameter) {
                let names = self.parameters.iter().map(|declared| declared.name.clone()).collect();
                return Err(SavedError::UnknownParameter { query: query(), name: name(), names });
            }
            if given.insert(parameter, literal.to_string()).is_some() {
                return Err(SavedError::DuplicateParameter { query: query(), name: name() });
            }
        }
        for Parameter { name, default } in &self.parameters {
            if !given.contains_key(name.as_str()) {
                let default = default
                    .clone()
                    .ok_or_else(|| SavedError::MissingParameter { query: query(), name: name.clone() })?;
                given.insert(name, default);
            }
        }
        let expanded = self.filled(&given).ok_or_else(|| SavedError::LongExpansion { query: query() })?;
        if has_call(&expanded) {
            return Err(SavedError::Nested { query: query() });
        }
        Ok(expanded)
    }

    /// The text with these literals in it; `None` where that is too long.
    fn filled(&self, literals: &BTreeMap<&str, String>) -> Option<String> {
        let mut out = String::new();
        let mut left = MAX_CHARACTERS;
        let mut push = |piece: &str| {
            left = left.checked_sub(piece.chars().count())?;
            out.push_str(piece);
            Some(())
        };
        let mut at = 0;
        for placeholder in Placeholders::of(&self.text) {
            push(self.text.get(at..placeholder.range.start)?)?;
            push(literals.get(placeholder.name)?)?;
            at = placeholder.range.end;
        }
        push(self.text.get(at..)?)?;
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [(&str, &str); 0] = [];

    fn saved(text: &str) -> SavedQueries {
        let mut saved = SavedQueries::default();
        saved.insert("Q", SavedQuery::new(text)).unwrap();
        saved
    }

    fn declared(parameters: &[(&str, Option<&str>)]) -> Vec<Parameter> {
        parameters
            .iter()
            .map(|(name, default)| Parameter {
                name: (*name).to_owned(),
                default: default.map(str::to_owned),
            })
            .collect()
    }

    fn refused(text: &str, parameters: &[(&str, Option<&str>)]) -> SavedError {
        let query = SavedQuery { text: text.into(), parameters: declared(parameters) };
        SavedQueries::default().insert("Q", query).unwrap_err()
    }

    #[test]
    fn the_published_example_expands_to_the_published_text() {
        let saved = SavedQueries::from_json(
            r#"{"queryDefinitions": [
                {"queryDefinitionId": "1", "name": "ErrorsByLevel", "queryLanguage": "CWLI",
                 "queryString": "filter level = {{logLevel}} | filter applicationName = {{applicationName}}",
                 "parameters": [{"name": "logLevel", "defaultValue": "\"ERROR\"", "description": "d"},
                                {"name": "applicationName"}]},
                {"name": "RecentN", "queryString": "sort @timestamp desc | limit {{count}}"}
            ]}"#,
        )
        .unwrap();
        assert_eq!(saved.names().collect::<Vec<_>>(), ["ErrorsByLevel", "RecentN"]);
        assert_eq!(
            saved
                .expand("ErrorsByLevel", [("logLevel", "\"WARN\""), ("applicationName", "\"OrderService\"")]),
            Ok("filter level = \"WARN\" | filter applicationName = \"OrderService\"".into())
        );
        assert_eq!(
            saved.expand("ErrorsByLevel", [("applicationName", "'x'")]),
            Ok("filter level = \"ERROR\" | filter applicationName = 'x'".into())
        );
        assert_eq!(saved.expand("RecentN", [("count", 10)]), Ok("sort @timestamp desc | limit 10".into()));
    }

    #[test]
    fn a_placeholder_is_a_name_in_double_braces_wherever_it_stands() {
        let saved = saved("fields {{{a}}}, '{{a}}', {{ a }}, {{1a}}, {{}}, {{*}}, {{b_1}}{{a}} # {{a}} {{");
        assert_eq!(saved.get("Q").unwrap().parameters, declared(&[("a", None), ("b_1", None)]));
        assert_eq!(
            saved.expand("Q", [("a", "1"), ("b_1", "{{a}}")]),
            Ok("fields {1}, '1', {{ a }}, {{1a}}, {{}}, {{*}}, {{a}}1 # 1 {{".into()),
            "what is filled in is not looked at again"
        );
    }

    #[test]
    fn a_call_names_each_parameter_once() {
        let saved = saved("limit {{n}}");
        let (query, name) = (|| "Q".to_owned(), || "n".to_owned());
        assert_eq!(
            saved.expand("Q", NONE),
            Err(SavedError::MissingParameter { query: query(), name: name() })
        );
        assert_eq!(
            saved.expand("Q", [("n", "1"), ("n", "2")]),
            Err(SavedError::DuplicateParameter { query: query(), name: name() })
        );
        assert_eq!(
            saved.expand("Q", [("n", "1"), ("N", "2")]),
            Err(SavedError::UnknownParameter { query: query(), name: "N".into(), names: vec![name()] })
        );
        let unknown = saved.expand("q", NONE).unwrap_err();
        assert_eq!(unknown.to_string(), "there is no saved query `q`; there is `Q`");
    }

    #[test]
    fn what_the_service_refuses_is_refused() {
        let (query, name) = (|| "Q".to_owned(), || "a".to_owned());
        assert_eq!(refused("", &[]), SavedError::Length { query: query(), characters: 0 });
        assert_eq!(
            refused(&"é".repeat(10_001), &[]),
            SavedError::Length { query: query(), characters: 10_001 }
        );
        assert_eq!(
            refused("limit {{a}}", &[("a", None), ("a", None)]),
            SavedError::DuplicateParameter { query: query(), name: name() }
        );
        assert_eq!(
            refused("limit 1", &[("a", None)]),
            SavedError::UnusedParameter { query: query(), name: name() }
        );
        assert_eq!(
            refused("limit {{a}}", &[("a-b", None)]),
            SavedError::BadParameterName { query: query(), name: "a-b".into() }
        );
        assert_eq!(
            refused("limit {{a}}", &[("a", Some(&"1".repeat(1_025)))]),
            SavedError::LongDefault { query: query(), name: name() }
        );
        let text: String = (0..21).map(|index| format!("{{{{p{index}}}}} ")).collect();
        assert_eq!(refused(&text, &[]), SavedError::TooManyParameters { query: query(), count: 21 });
        assert_eq!(
            refused("limit 1", &[("a", None)]).to_string(),
            "the text of the saved query `Q` does not use its parameter `a`; write `{{a}}` in it"
        );
    }

    #[test]
    fn names_have_folders() {
        let mut saved = SavedQueries::default();
        let mut insert = |name: &str| saved.insert(name, SavedQuery::new("limit 1"));
        for name in ["a", "team/a b/ü", &"x".repeat(255)] {
            assert_eq!(insert(name), Ok(()));
            assert_eq!(insert(name), Err(SavedError::DuplicateName { name: name.into() }));
        }
        for name in ["", "/a", "a/", "a//b", "a:b", "a*", &"x".repeat(256)] {
            assert_eq!(insert(name), Err(SavedError::BadName { name: name.into() }));
        }
    }

    #[test]
    fn an_expansion_has_ten_thousand_characters_at_most() {
        let saved = saved("{{a}}{{a}}");
        assert_eq!(saved.expand("Q", [("a", "é".repeat(5_000))]), Ok("é".repeat(10_000)));
        assert_eq!(
            saved.expand("Q", [("a", "é".repeat(5_001))]),
            Err(SavedError::LongExpansion { query: "Q".into() })
        );
    }

    #[test]
    fn a_saved_query_calls_none() {
        for text in
            ["$R()", "limit 5 | $R(a=1)", "fields a/b | $`R s`()", "filter a like /x/ | $R()", "# c\n$R()"]
        {
            assert_eq!(
                saved(text).expand("Q", NONE),
                Err(SavedError::Nested { query: "Q".into() }),
                "{text}"
            );
        }
        for text in [
            "filter a = '$R()'",
            "filter a = \"it's \\\" $R()\"",
            "filter a like /|$R()/",
            "filter a =~ /\\/$R()/",
            "parse @message /(?<x>a$b)/ | parse /$R/",
            "fields `$R()`",
            "limit 5 # $R()",
            "filter a like /x$/",
            "fields a / b, 'c / $d'",
        ] {
            assert_eq!(saved(text).expand("Q", NONE).as_deref(), Ok(text));
        }
    }

    #[test]
    fn definitions_are_read_in_both_spellings_and_other_languages_are_known_by_name() {
        let saved = SavedQueries::from_json(
            r#"[{"Name": "f/a", "QueryString": "limit {{n}}", "Parameters": [{"Name": "n", "DefaultValue": "3"}]},
                {"name": "s", "queryLanguage": "SQL", "queryString": "SELECT 1"}]"#,
        )
        .unwrap();
        assert_eq!(saved.expand("f/a", NONE), Ok("limit 3".into()));
        let sql = SavedError::OtherLanguage { name: "s".into(), language: "SQL".into() };
        assert_eq!(saved.expand("s", NONE), Err(sql));
    }

    #[test]
    fn other_json_is_refused_with_its_reason() {
        for (text, reason) in [
            ("{}", "there is neither an array nor `queryDefinitions`"),
            ("[1]", "definition 1 has no `name`"),
            (r#"[{"name": "a"}]"#, "the definition `a` has no `queryString`"),
            (r#"[{"name": "a", "queryString": {}}]"#, "`queryString` of the definition `a` is no text"),
            (
                r#"[{"name": "a", "queryString": "x", "parameters": {}}]"#,
                "`parameters` of the definition `a` is no array",
            ),
            (
                r#"[{"name": "a", "queryString": "x", "parameters": [{"name": "p", "defaultValue": 1}]}]"#,
                "`defaultValue` of a parameter of the definition `a` is no text",
            ),
        ] {
            assert_eq!(
                SavedQueries::from_json(text).unwrap_err(),
                SavedError::Json { reason: reason.into() }
            );
        }
        assert!(matches!(SavedQueries::from_json("[").unwrap_err(), SavedError::Json { .. }));
    }
}
