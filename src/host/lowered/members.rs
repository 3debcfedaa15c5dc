//! The values of a resource, each only where it is known in full.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::Span;
use crate::host::SpanMap;
use crate::host::node::Node;
use crate::host::text;
use crate::stack::{Located, Text};

/// How a file spells what the service's requests have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `MetricName`, as in the requests.
    CloudFormation,
    /// `metric_name`, with names and shapes of its own here and there.
    Terraform,
    /// `metric_name`, and otherwise as in the requests.
    CloudControl,
}

/// What the resources of Terraform's own provider do not call by the name in the request.
const TERRAFORM: &[(&str, &str)] = &[
    ("AdvancedEventSelectors", "advanced_event_selector"),
    ("CloudWatchLogsLogGroupArn", "cloud_watch_logs_group_arn"),
    ("DataResources", "data_resource"),
    ("EvaluateLowSampleCountPercentile", "evaluate_low_sample_count_percentiles"),
    ("EventSelectors", "event_selector"),
    ("FieldSelectors", "field_selector"),
    ("FilterName", "name"),
    ("FilterPattern", "pattern"),
    ("IsLogging", "enable_logging"),
    ("MetricTransformations", "metric_transformation"),
    ("Metrics", "metric_query"),
    ("TrailName", "name"),
];

impl Dialect {
    /// What the member is called in the file.
    fn spelled(self, name: &str) -> String {
        let own = TERRAFORM.iter().find(|(known, _)| *known == name && self == Dialect::Terraform);
        match (self, own) {
            (_, Some((_, own))) => (*own).to_owned(),
            (Dialect::CloudFormation, _) => name.to_owned(),
            _ => snake(name),
        }
    }
}

/// `S3BucketName` as `s3_bucket_name`, `OKActions` as `ok_actions`.
fn snake(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len() + 4);
    let mut before: Option<char> = None;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || letters.peek().is_some_and(char::is_ascii_lowercase)
            });
        spelled.extend(begins.then_some('_'));
        spelled.push(letter.to_ascii_lowercase());
        before = Some(letter);
    }
    spelled
}

/// Reads values, and keeps where the bytes of texts stand.
#[derive(Debug)]
pub(super) struct Reader<'f> {
    pub(super) file: &'f str,
    /// The texts that were read, by their places.
    pub(super) maps: RefCell<BTreeMap<Span, SpanMap>>,
    /// What references to other resources of the file stand for.
    pub(super) references: BTreeMap<String, String>,
}

impl Reader<'_> {
    pub(super) fn text(&self, node: &Node) -> Option<Text> {
        match node {
            Node::Text(text) => self.known(text).or_else(|| {
                let [hole] = text.holes.as_slice() else { return None };
                self.referred(hole.source).filter(|_| text.value.is_empty())
            }),
            Node::Plain(written, span) => Some(Located { value: written.clone(), span: *span }),
            Node::Unknown(span) => self.referred(*span),
            _ => None,
        }
    }

    pub(super) fn known(&self, text: &text::Text) -> Option<Text> {
        let value = text.known()?.to_owned();
        // An empty heredoc has no bytes that could be pointed at.
        let span = Some(text.source()).filter(|span| *span != Span::default())?;
        self.maps.borrow_mut().insert(span, text.map.clone());
        Some(Located { value, span })
    }

    fn referred(&self, span: Span) -> Option<Text> {
        let value = self.references.get(self.expression(span))?.clone();
        Some(Located { value, span })
    }

    /// The expression of an interpolation, or one that stands without quotes.
    pub(super) fn expression(&self, span: Span) -> &str {
        let written = span.slice(self.file).trim();
        let inside = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        inside.unwrap_or(written).trim()
    }

    fn number(&self, node: &Node) -> Option<Located<f64>> {
        let text = self.text(node)?;
        let value: f64 = text.value.trim().parse().ok()?;
        value.is_finite().then_some(Located { value, span: text.span })
    }

    fn count(&self, node: &Node) -> Option<Located<i64>> {
        let text = self.text(node)?;
        Some(Located { value: text.value.trim().parse().ok()?, span: text.span })
    }

    fn flag(&self, node: &Node) -> Option<Located<bool>> {
        let text = self.text(node)?;
        Some(Located { value: text.value.trim().parse().ok()?, span: text.span })
    }
}

/// A resource, or a block or object in one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Members<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) dialect: Dialect,
    node: &'a Node,
}

impl<'a> Members<'a> {
    /// None where it is not known to be a list of members.
    pub(super) fn new(reader: &'a Reader<'a>, dialect: Dialect, node: &'a Node) -> Option<Self> {
        matches!(node, Node::Map(..)).then_some(Members { reader, dialect, node })
    }

    /// The line on which it begins.
    pub(super) fn span(&self) -> Span {
        let span = self.node.span();
        let line = span.slice(self.reader.file).lines().next().unwrap_or_default().trim_end();
        Span::new(span.range().start, span.range().start + line.len())
    }

    /// The value of a member; none where it is absent, which `null` says too.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        let found = self.node.get(&self.dialect.spelled(name))?;
        let is_null =
            matches!(found, Node::Plain(written, _) if matches!(written.as_str(), "null" | "~" | ""));
        (!is_null).then_some(found)
    }

    /// Nothing where there is, or may be, a member of another name: it could change what the others mean.
    pub(super) fn has_only(&self, names: &[&str]) -> Option<()> {
        let Node::Map(members, _) = self.node else { return None };
        let known: Vec<String> = names.iter().map(|name| self.dialect.spelled(name)).collect();
        let is_known = |name: &str| known.iter().any(|known| known == name);
        members.iter().all(|(key, _)| key.known().is_some_and(is_known)).then_some(())
    }

    /// Nothing where a function brings members, of any name.
    pub(super) fn has_all(&self) -> Option<()> {
        let Node::Map(members, _) = self.node else { return None };
        let is_own = |name: &str| !name.starts_with("Fn::");
        members.iter().all(|(key, _)| key.known().is_some_and(is_own)).then_some(())
    }

    /// What `read` makes of a member, which may be absent; nothing where it is not known.
    fn optional<T>(&self, name: &str, read: impl FnOnce(&Node) -> Option<T>) -> Option<Option<T>> {
        match self.get(name) {
            Some(node) => read(node).map(Some),
            None => Some(None),
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<Text> {
        self.reader.text(self.get(name)?)
    }

    pub(super) fn optional_text(&self, name: &str) -> Option<Option<Text>> {
        let text = self.optional(name, |node| self.reader.text(node))?;
        // To Terraform's provider an empty text is none.
        Some(text.filter(|text| self.dialect != Dialect::Terraform || !text.is_empty()))
    }

    pub(super) fn optional_number(&self, name: &str) -> Option<Option<Located<f64>>> {
        self.optional(name, |node| self.reader.number(node))
    }

    pub(super) fn optional_count(&self, name: &str) -> Option<Option<Located<i64>>> {
        self.optional(name, |node| self.reader.count(node))
    }

    pub(super) fn optional_flag(&self, name: &str) -> Option<Option<Located<bool>>> {
        self.optional(name, |node| self.reader.flag(node))
    }

    /// The items of a list of texts; none of them where it is absent.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<Text>> {
        let read = |node: &Node| match node {
            Node::List(items, _) => items.iter().map(|item| self.reader.text(item)).collect(),
            _ => None,
        };
        Some(self.optional(name, read)?.unwrap_or_default())
    }

    /// The blocks of a name, or the objects of a list; none of them where it is absent.
    pub(super) fn blocks(&self, name: &str) -> Option<Vec<Members<'a>>> {
        let of = |node| Members::new(self.reader, self.dialect, node);
        match self.get(name) {
            None => Some(Vec::new()),
            Some(Node::List(items, _)) => items.iter().map(of).collect(),
            Some(node) => Some(vec![of(node)?]),
        }
    }

    /// The one block or object of a name.
    pub(super) fn block(&self, name: &str) -> Option<Members<'a>> {
        match self.blocks(name)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Names and values of a map whose names are a matter of the user.
    pub(super) fn pairs(&self, name: &str) -> Option<Vec<(Text, Text)>> {
        match self.get(name) {
            None => Some(Vec::new()),
            Some(Node::Map(members, _)) => {
                let pairs = members.iter();
                pairs.map(|(key, value)| Some((self.reader.known(key)?, self.reader.text(value)?))).collect()
            }
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_the_file_has_them() {
        let spelled = |name: &str| Dialect::Terraform.spelled(name);
        assert_eq!(spelled("S3BucketName"), "s3_bucket_name");
        assert_eq!(spelled("OKActions"), "ok_actions");
        assert_eq!(spelled("IsMultiRegionTrail"), "is_multi_region_trail");
        assert_eq!(spelled("ThresholdMetricId"), "threshold_metric_id");
        assert_eq!(spelled("Metrics"), "metric_query");
        assert_eq!(Dialect::CloudControl.spelled("Metrics"), "metrics");
        assert_eq!(Dialect::CloudFormation.spelled("Metrics"), "Metrics");
    }
}
