//! The widgets of a dashboard's body, each part with its place in it (`spec/metrics-insights.md` 7.1).

use crate::Span;
use crate::json::{Member, Node, RawString, members};
use crate::series::{MetricIdentity, Statistic};
use crate::stack::Dashboard;
use crate::syntax::Expression;

/// A dashboard, read.
pub(super) struct Board<'s> {
    /// As it is written.
    pub(super) written: &'s Dashboard,
    /// Its widgets, in order.
    pub(super) widgets: Vec<Widget>,
}

/// A part of the body, and its bytes there, quotes included.
#[derive(Clone, Debug)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// A widget.
pub(super) struct Widget {
    /// The widget as a whole.
    pub(super) span: Span,
    /// `type`
    pub(super) kind: Placed<String>,
    /// Whether there are `properties`.
    pub(super) has_properties: bool,
    /// `region`
    pub(super) region: Option<Placed<String>>,
    /// `query`, of a log widget.
    pub(super) query: Option<Placed<String>>,
    /// `metrics`
    pub(super) entries: Vec<Entry>,
}

/// One of the `metrics` of a widget.
pub(super) struct Entry {
    /// Where it stands.
    pub(super) span: Span,
    /// `id`
    pub(super) id: Option<Placed<String>>,
    /// What it draws.
    pub(super) drawn: Drawn,
}

/// What an entry of a widget draws.
pub(super) enum Drawn {
    /// A metric.
    Metric {
        /// Which.
        metric: MetricIdentity,
        /// Where its namespace stands; none where it is repeated.
        namespace: Option<Span>,
        /// Where its name stands, or what repeats it.
        name: Span,
        /// Its statistic, where it is said and known.
        statistic: Option<Statistic>,
        /// Whether it is in the widget's own Region and account.
        is_local: bool,
    },
    /// A query or metric math.
    Expression {
        /// Its text.
        text: Placed<String>,
        /// The same, parsed.
        parsed: Option<Expression>,
    },
    /// A list that is no entry.
    Misshapen,
    /// Anything else, of which nothing is known.
    Unknown,
}

/// The widgets of a body that is a JSON object with a list of them.
pub(super) fn read(body: &str) -> Option<Vec<Widget>> {
    let reader = Reader { body };
    let Node::Array(widgets) = reader.member(body, "widgets")?.value else { return None };
    Some(members(widgets).map(|widget| reader.widget(&widget)).collect())
}

struct Reader<'b> {
    body: &'b str,
}

impl<'b> Reader<'b> {
    fn member(&self, object: &'b str, key: &str) -> Option<Member<'b>> {
        members(object).find(|member| member.key.is_some_and(|known| known.eq_str(key)))
    }

    /// The bytes of a part of the body.
    fn span(&self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).saturating_sub(self.body.as_ptr() as usize);
        Span::new(start, start + part.len())
    }

    fn span_of(&self, node: Node<'b>) -> Span {
        match node {
            Node::String(text) => {
                let inside = self.span(text.raw()).range();
                Span::new(inside.start.saturating_sub(1), inside.end + 1)
            }
            Node::Number(text) | Node::Array(text) | Node::Object(text) => self.span(text),
            _ => Span::default(),
        }
    }

    fn text(&self, text: RawString<'b>) -> Placed<String> {
        Placed { value: text.decode().into_owned(), span: self.span_of(Node::String(text)) }
    }

    fn text_of(&self, object: &'b str, key: &str) -> Option<Placed<String>> {
        match self.member(object, key)?.value {
            Node::String(text) => Some(self.text(text)),
            _ => None,
        }
    }

    fn widget(&self, widget: &Member<'b>) -> Widget {
        let span = self.span_of(widget.value);
        let object = match widget.value {
            Node::Object(object) => object,
            _ => "{}",
        };
        let properties = match self.member(object, "properties").map(|member| member.value) {
            Some(Node::Object(properties)) => Some(properties),
            _ => None,
        };
        let of = |key: &str| properties.and_then(|properties| self.text_of(properties, key));
        let unknown = Placed { value: String::new(), span };
        let statistic = of("stat").and_then(|stat| stat.value.parse().ok());
        let entries = match properties.and_then(|properties| self.member(properties, "metrics")) {
            Some(Member { value: Node::Array(metrics), .. }) => self.entries(metrics, statistic),
            _ => Vec::new(),
        };
        Widget {
            span,
            kind: self.text_of(object, "type").unwrap_or(unknown),
            has_properties: properties.is_some(),
            region: of("region"),
            query: of("query"),
            entries,
        }
    }

    fn entries(&self, metrics: &'b str, statistic: Option<Statistic>) -> Vec<Entry> {
        let mut before: Option<Vec<Placed<String>>> = None;
        members(metrics)
            .map(|entry| {
                let span = self.span_of(entry.value);
                let Node::Array(parts) = entry.value else {
                    return Entry { span, id: None, drawn: Drawn::Misshapen };
                };
                self.entry(span, parts, statistic, &mut before)
            })
            .collect()
    }

    fn entry(
        &self,
        span: Span,
        parts: &'b str,
        statistic: Option<Statistic>,
        before: &mut Option<Vec<Placed<String>>>,
    ) -> Entry {
        let mut options = None;
        let mut names = Vec::new();
        for part in members(parts) {
            match part.value {
                Node::Object(object) => options = Some(object),
                Node::String(text) => names.push(self.text(text)),
                _ => {}
            }
        }
        let of = |key: &str| options.and_then(|options| self.text_of(options, key));
        let id = of("id");
        if let Some(text) = of("expression") {
            let parsed = Expression::parse(&text.value).ok();
            return Entry { span, id, drawn: Drawn::Expression { text, parsed } };
        }
        let is_spelled = |name: &&Placed<String>| !matches!(name.value.as_str(), "." | "...");
        let first = names.first().filter(is_spelled).map(|name| name.span);
        let names = spelled_out(names, before.as_deref());
        before.clone_from(&names);
        let drawn = match names.as_deref() {
            Some([namespace, name, dimensions @ ..]) if dimensions.len() % 2 == 0 => {
                let pairs = dimensions.chunks_exact(2).filter_map(|pair| match pair {
                    [name, value] => Some((name.value.as_str(), value.value.as_str())),
                    _ => None,
                });
                let metric = MetricIdentity::new(namespace.value.as_str(), name.value.as_str());
                Drawn::Metric {
                    metric: metric.with(pairs.collect()),
                    namespace: first,
                    name: name.span,
                    statistic: of("stat").map_or(statistic, |stat| stat.value.parse().ok()),
                    is_local: of("region").is_none() && of("accountId").is_none(),
                }
            }
            _ => Drawn::Unknown,
        };
        Entry { span, id, drawn }
    }
}

/// Names with what `.` and `...` repeat of the entry before; none where that cannot be told.
fn spelled_out(names: Vec<Placed<String>>, before: Option<&[Placed<String>]>) -> Option<Vec<Placed<String>>> {
    let repeated = |at: usize, own: &Placed<String>| {
        let known = before?.get(at)?;
        Some(Placed { value: known.value.clone(), span: own.span })
    };
    let mut found = Vec::with_capacity(names.len());
    let behind = names.len().saturating_sub(1);
    for (at, own) in names.into_iter().enumerate() {
        match own.value.as_str() {
            "." => found.push(repeated(found.len(), &own)?),
            "..." if at == 0 => {
                for known in 0..before?.len().checked_sub(behind)? {
                    found.push(repeated(known, &own)?);
                }
            }
            "..." => return None,
            _ => found.push(own),
        }
    }
    Some(found)
}
