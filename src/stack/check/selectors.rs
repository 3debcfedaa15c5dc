//! Advanced event selectors (`spec/filter-pattern.md` 7.2 and 7.3).

use super::Checker;
use crate::diagnostic::Diagnostic;
use crate::listing::listed_names;
use crate::stack::places::rewritten;
use crate::stack::{AdvancedEventSelector, FieldSelector, Text, codes};

/// The values of `eventCategory` that a trail takes.
const CATEGORIES: &[&str] = &["Management", "Data", "NetworkActivity"];
/// What only event data stores record.
const STORE_CATEGORIES: &[&str] = &["Insight", "ConfigurationItem", "Evidence", "ActivityAuditLog"];

/// All values of all selectors of a trail.
const MOST_VALUES: usize = 500;
const LONGEST_VALUE: usize = 2048;

/// Which operators a field takes.
#[derive(Clone, Copy, PartialEq)]
enum Operators {
    Equals,
    EqualsAndNot,
    NotEquals,
    Any,
    /// The field is not there for this category.
    Absent,
}

/// A field and the operators that it takes for management, data and network activity events of a trail.
const FIELDS: &[(&str, [Operators; 3])] = {
    use Operators::{Absent, Any, Equals, EqualsAndNot, NotEquals};
    &[
        ("eventCategory", [Equals, Equals, Equals]),
        ("resources.type", [Absent, Equals, Absent]),
        ("eventSource", [NotEquals, Any, Equals]),
        ("eventName", [Absent, Any, Any]),
        ("eventType", [Absent, Any, Absent]),
        ("readOnly", [Equals, Equals, Absent]),
        ("resources.ARN", [Absent, Any, Absent]),
        ("errorCode", [Absent, Absent, Equals]),
        ("vpcEndpointId", [Absent, Absent, Any]),
        ("sessionCredentialFromConsole", [Absent, EqualsAndNot, Absent]),
        ("userIdentity.arn", [Absent, Any, Absent]),
    ]
};

impl Checker<'_> {
    pub(super) fn selectors(&mut self, selectors: &[AdvancedEventSelector]) {
        let fields = || selectors.iter().flat_map(|selector| &selector.field_selectors.value);
        let values: usize = fields().map(|field| field.values().count()).sum();
        if let Some(first) = selectors.first().filter(|_| values > MOST_VALUES) {
            let message = format!("the selectors have {values} values; a trail takes {MOST_VALUES}");
            self.error(codes::SELECTOR_COUNT, first.field_selectors.span, message);
        }
        for selector in selectors {
            self.selector(selector);
        }
    }

    fn selector(&mut self, selector: &AdvancedEventSelector) {
        let fields = &selector.field_selectors.value;
        let place = selector.field_selectors.span;
        for (index, field) in fields.iter().enumerate() {
            let earlier = fields.get(..index).unwrap_or_default();
            if let Some(first) = earlier.iter().find(|earlier| earlier.field == field.field) {
                let message = format!("`{}` stands twice in one selector", field.field);
                let finding = Diagnostic::warning(codes::SELECTOR_REPEATED, field.field.span, message);
                self.say(
                    finding.also(first.field.span, "the first").help("put all operators into one entry"),
                );
            }
            self.values(field);
        }
        let of = |name: &str| fields.iter().find(|field| field.field.as_str() == name);
        let category = of("eventCategory");
        let Some(word) = category.and_then(FieldSelector::sole_equal) else {
            if category.is_some_and(|field| field.values().next().is_none()) {
                return;
            }
            let span = category.map_or(place, |field| field.field.span);
            let finding = Diagnostic::error(
                codes::CATEGORY,
                span,
                "the selector does not say which category of events it records",
            );
            self.say(
                finding.help("add `{ Field = \"eventCategory\", Equals = [\"Data\"] }`, or another category"),
            );
            return;
        };
        let Some(column) = CATEGORIES.iter().position(|known| *known == word.as_str()) else {
            self.category(word);
            return;
        };
        for field in fields {
            self.operators(field, column, word);
        }
        let types = of("resources.type").and_then(FieldSelector::sole_equal);
        if word.as_str() == "Data" && types.is_none() {
            let span = of("resources.type").map_or(place, |field| field.field.span);
            let finding = Diagnostic::error(
                codes::RESOURCE_TYPE,
                span,
                "a selector of data events has exactly one `resources.type`",
            );
            self.say(finding.help(
                "add `{ Field = \"resources.type\", Equals = [\"AWS::S3::Object\"] }`, or another type",
            ));
        }
        if word.as_str() == "NetworkActivity"
            && of("eventSource").and_then(FieldSelector::sole_equal).is_none()
        {
            let span = of("eventSource").map_or(place, |field| field.field.span);
            self.error(
                codes::NETWORK_SOURCE,
                span,
                "a selector of network activity names one `eventSource` by `Equals`",
            );
        }
    }

    fn category(&mut self, word: &Text) {
        let finding = if STORE_CATEGORIES.contains(&word.as_str()) {
            let message = format!("a trail does not record `{word}` events; only an event data store does");
            Diagnostic::error(codes::SELECTOR_VALUE, word.span, message)
        } else {
            let message = format!("there is no category of events `{word}`");
            Diagnostic::error(codes::SELECTOR_VALUE, word.span, message)
        };
        self.say(finding.help("a trail records `Management`, `Data` and `NetworkActivity`"));
    }

    /// Whether a field takes the operators that it is given, for events of this category.
    fn operators(&mut self, field: &FieldSelector, column: usize, category: &Text) {
        let name = field.field.as_str();
        let Some((_, of_categories)) = FIELDS.iter().find(|(known, _)| *known == name) else {
            let message = format!("`{name}` is no field of event selectors that is known in November 2026");
            self.say(Diagnostic::warning(codes::SELECTOR_FIELD, field.field.span, message));
            return;
        };
        let Some(taken) = of_categories.get(column).copied() else { return };
        let others = || field.operators().filter(|(_, values)| !values.is_empty());
        let allows = |operator: &str| match taken {
            Operators::Any => true,
            Operators::Equals => operator == "Equals",
            Operators::NotEquals => operator == "NotEquals",
            Operators::EqualsAndNot => matches!(operator, "Equals" | "NotEquals"),
            Operators::Absent => false,
        };
        let refused: Vec<&str> = others().map(|(operator, _)| operator).filter(|o| !allows(o)).collect();
        if taken == Operators::Absent && name == "resources.type" {
            let message = format!("`{name}` goes with data events, not with `{category}` events");
            self.error(codes::RESOURCE_TYPE, field.field.span, message);
        } else if taken == Operators::Absent {
            let message = format!("a trail does not select `{category}` events by `{name}`");
            self.error(codes::SELECTOR_OPERATOR, field.field.span, message);
        } else if let Some(operator) = refused.first() {
            let message = format!("`{name}` does not take `{operator}` for `{category}` events");
            let taken = match taken {
                Operators::Equals => "`Equals` only",
                Operators::NotEquals => "`NotEquals` only",
                _ => "`Equals` and `NotEquals`",
            };
            let finding = Diagnostic::error(codes::SELECTOR_OPERATOR, field.field.span, message);
            self.say(finding.help(format!("it takes {taken}")));
        }
        if column == 0 && name == "eventSource" {
            self.known_values(field, &["kms.amazonaws.com", "rdsdata.amazonaws.com"]);
        }
    }

    fn values(&mut self, field: &FieldSelector) {
        let name = field.field.as_str();
        if field.values().next().is_none() {
            let message = format!("`{name}` is compared with nothing");
            let finding = Diagnostic::error(codes::SELECTOR_COUNT, field.field.span, message);
            self.say(
                finding.help("give it `Equals`, `StartsWith`, `EndsWith` or their opposites, with a value"),
            );
        }
        for value in field.values() {
            let length = value.chars().count();
            if length == 0 || length > LONGEST_VALUE {
                let message = format!("a value has {length} characters; it takes 1 to {LONGEST_VALUE}");
                self.error(codes::SELECTOR_COUNT, value.span, message);
            }
        }
        if name != "eventCategory" {
            for value in field.values().filter(|value| value.contains('*')) {
                let message = format!("`*` in `{value}` means a star, not anything");
                let finding = Diagnostic::warning(codes::SELECTOR_WILDCARD, value.span, message);
                self.say(finding.help("use `StartsWith` or `EndsWith`"));
            }
        }
        match name {
            "readOnly" | "sessionCredentialFromConsole" => self.known_values(field, &["true", "false"]),
            "errorCode" => self.known_values(field, &["VpceAccessDenied"]),
            "resources.ARN" => self.arns(field),
            _ => {}
        }
        let excluded = |value: &str| {
            field.not_equals.iter().any(|not| not.as_str() == value)
                || field.not_starts_with.iter().any(|not| value.starts_with(not.as_str()))
                || field.not_ends_with.iter().any(|not| value.ends_with(not.as_str()))
        };
        for value in field.equals.iter().filter(|value| excluded(value)) {
            let message = format!("`{value}` is asked for and excluded");
            self.error(codes::SELECTOR_CONTRADICTION, value.span, message);
        }
    }

    fn known_values(&mut self, field: &FieldSelector, known: &[&str]) {
        for value in field.values().filter(|value| !known.contains(&value.as_str())) {
            let message = format!("`{}` is never `{value}`", field.field);
            let finding = Diagnostic::error(codes::SELECTOR_VALUE, value.span, message);
            self.say(finding.help(format!("it takes {}", listed_names(known.iter().copied(), "and"))));
        }
    }

    fn arns(&mut self, field: &FieldSelector) {
        let bucket_of = |value: &str| value.split(":::").nth(1).map(str::to_owned);
        for value in field.equals.iter().chain(&field.not_equals) {
            if bucket_of(value).is_some_and(|bucket| !bucket.contains('/')) {
                let message = format!("`{value}` is a bucket; no object has this ARN");
                let help = format!("write `StartsWith = [\"{value}/\"]` for all of its objects");
                self.arn_warning(value, message, help, None);
            }
        }
        for value in field.starts_with.iter().chain(&field.not_starts_with) {
            if bucket_of(value).is_some_and(|bucket| !bucket.is_empty() && !bucket.contains('/')) {
                let message = format!("`{value}` also begins the ARNs of buckets whose names are longer");
                let mended = format!("{value}/");
                self.arn_warning(value, message, format!("write `{mended}`"), Some(mended));
            }
        }
    }

    fn arn_warning(&mut self, value: &Text, message: String, help: String, mended: Option<String>) {
        let finding = Diagnostic::warning(codes::SELECTOR_ARN, value.span, message).help(help);
        self.say(match mended {
            Some(mended) => rewritten(self.places, value, &mended, finding),
            None => finding,
        });
    }
}

impl FieldSelector {
    fn operators(&self) -> impl Iterator<Item = (&'static str, &[Text])> {
        [
            ("Equals", self.equals.as_slice()),
            ("NotEquals", &self.not_equals),
            ("StartsWith", &self.starts_with),
            ("NotStartsWith", &self.not_starts_with),
            ("EndsWith", &self.ends_with),
            ("NotEndsWith", &self.not_ends_with),
        ]
        .into_iter()
    }

    fn values(&self) -> impl Iterator<Item = &Text> {
        self.operators().flat_map(|(_, values)| values)
    }

    /// The one value that the field equals, where that is all that is said of it.
    pub(super) fn sole_equal(&self) -> Option<&Text> {
        let only = self.values().count() == 1;
        self.equals.first().filter(|_| only)
    }

    /// Whether the field of an event may have this value.
    pub(super) fn admits(&self, value: &str) -> bool {
        let asks = !(self.equals.is_empty() && self.starts_with.is_empty() && self.ends_with.is_empty());
        let asked = self.equals.iter().any(|one| one.as_str() == value)
            || self.starts_with.iter().any(|one| value.starts_with(one.as_str()))
            || self.ends_with.iter().any(|one| value.ends_with(one.as_str()));
        let excluded = self.not_equals.iter().any(|one| one.as_str() == value)
            || self.not_starts_with.iter().any(|one| value.starts_with(one.as_str()))
            || self.not_ends_with.iter().any(|one| value.ends_with(one.as_str()));
        (asked || !asks) && !excluded
    }
}
