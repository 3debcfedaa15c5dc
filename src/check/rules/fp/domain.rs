//! Which values fulfil several tests of one field at once. What cannot be decided counts as possible.

use crate::json::Decimal;
use crate::plan::glob::Glob;
use crate::syntax::filter::{Ordering, RegexLiteral, Value};

use super::clause::{Clause, Subject, Test};
use super::texts;

/// Kinds of value that a field can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub(super) const NONE: Kinds = Kinds(0);
    pub(super) const ABSENT: Kinds = Kinds(1);
    pub(super) const NULL: Kinds = Kinds(2);
    pub(super) const TRUE: Kinds = Kinds(4);
    pub(super) const FALSE: Kinds = Kinds(8);
    pub(super) const NUMBER: Kinds = Kinds(16);
    pub(super) const STRING: Kinds = Kinds(32);
    pub(super) const ARRAY: Kinds = Kinds(64);
    pub(super) const ARRAY_WITH_NULL: Kinds = Kinds(128);
    pub(super) const OBJECT: Kinds = Kinds(256);

    pub(super) fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    pub(super) fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    pub(super) fn overlaps(self, other: Kinds) -> bool {
        self.and(other) != Kinds::NONE
    }
}

const PLAIN: [Kinds; 7] = [
    Kinds::ABSENT,
    Kinds::NULL,
    Kinds::TRUE,
    Kinds::FALSE,
    Kinds::ARRAY,
    Kinds::ARRAY_WITH_NULL,
    Kinds::OBJECT,
];

/// A test that holds, or one that does not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literal<'a> {
    test: Test<'a>,
    holds: bool,
}

impl<'a> Literal<'a> {
    pub(super) fn holds(clause: &Clause<'a>) -> Self {
        Literal { test: clause.test, holds: true }
    }

    pub(super) fn fails(clause: &Clause<'a>) -> Self {
        Literal { test: clause.test, holds: false }
    }

    /// The value that is asked for, and whether it is (`true`) or is excluded.
    fn operand(&self) -> Option<(&'a Value, bool)> {
        match self.test {
            Test::Equal(value) => Some((value, self.holds)),
            Test::NotEqual(value) => Some((value, !self.holds)),
            _ => None,
        }
    }

    /// The order that a number must have.
    fn order(&self) -> Option<(Ordering, Decimal<'a>)> {
        let Test::Order(ordering, number) = self.test else { return None };
        let ordering = if self.holds { ordering } else { opposite(ordering) };
        Some((ordering, Decimal::parse(number.as_str())?))
    }
}

/// The kinds of value with which all of `literals`, which test `subject`, may be as they say.
pub(super) fn possible(subject: Subject<'_>, literals: &[Literal<'_>]) -> Kinds {
    if matches!(subject, Subject::Field(_)) {
        return if line_texts(literals) { Kinds::STRING } else { Kinds::NONE };
    }
    let mut kinds = PLAIN
        .into_iter()
        .filter(|kind| literals.iter().all(|literal| holds_on(literal.test, *kind) == literal.holds))
        .fold(Kinds::NONE, Kinds::or);
    if strings(literals) {
        kinds = kinds.or(Kinds::STRING);
    }
    if numbers(literals) {
        kinds = kinds.or(Kinds::NUMBER);
    }
    kinds
}

/// Whether what fulfils `narrow` surely fulfils `wide`, which tests the same.
pub(super) fn implies(narrow: &Clause<'_>, wide: &Clause<'_>) -> bool {
    let exact = |clause: &Clause<'_>| match clause.test {
        Test::Equal(Value::Text(text)) => matches!(Glob::new(&text.text), Glob::Exact(_)),
        _ => false,
    };
    if exact(narrow) && exact(wide) {
        return narrow.text_value() == wide.text_value();
    }
    possible(narrow.subject, &[Literal::holds(narrow), Literal::fails(wide)]) == Kinds::NONE
}

fn holds_on(test: Test<'_>, kind: Kinds) -> bool {
    match test {
        Test::NotExists => kind == Kinds::ABSENT,
        Test::IsNull => kind.overlaps(Kinds::NULL.or(Kinds::ARRAY_WITH_NULL)),
        Test::IsBool(value) => kind == if value { Kinds::TRUE } else { Kinds::FALSE },
        Test::Equal(_) | Test::NotEqual(_) | Test::Order(..) => false,
    }
}

fn is_scalar_test(literal: &Literal<'_>) -> bool {
    matches!(literal.test, Test::Equal(_) | Test::NotEqual(_) | Test::Order(..))
}

/// Whether a JSON string may be as `literals` say.
fn strings(literals: &[Literal<'_>]) -> bool {
    // A string has no order and fulfils no keyword.
    let has_text_tests_only = literals.iter().all(|literal| literal.operand().is_some() || !literal.holds);
    has_text_tests_only
        && match candidates(literals) {
            Some(texts) => texts.iter().any(|text| {
                literals.iter().all(|literal| literal.operand().is_none() || on_text(literal, text))
            }),
            None => text_parts_agree(literals),
        }
}

/// Whether the text of a field of a line may be as `literals` say.
fn line_texts(literals: &[Literal<'_>]) -> bool {
    match candidates(literals) {
        Some(texts) => texts.iter().any(|text| literals.iter().all(|literal| on_text(literal, text))),
        None => {
            let ordered: Vec<Literal<'_>> =
                literals.iter().filter(|literal| literal.holds).copied().collect();
            let must_be_number = ordered.iter().any(|literal| literal.order().is_some());
            text_parts_agree(literals)
                && (!must_be_number || (interval(&ordered).is_some() && could_be_numbers(literals)))
        }
    }
}

/// Whether a JSON number may be as `literals` say.
fn numbers(literals: &[Literal<'_>]) -> bool {
    if literals.iter().any(|literal| literal.holds && !is_scalar_test(literal)) {
        return false;
    }
    if let Some(texts) = candidates(literals.iter().filter(|literal| !is_number(literal))) {
        return texts
            .iter()
            .any(|text| is_json_number(text) && literals.iter().all(|literal| on_number(literal, text)));
    }
    let texts: Vec<Literal<'_>> = literals.iter().filter(|literal| !is_number(literal)).copied().collect();
    if !text_parts_agree(&texts) || !could_be_numbers(&texts) {
        return false;
    }
    let Some(interval) = interval(literals) else { return false };
    let equal = literals.iter().filter_map(|literal| number_operand(literal, true)).next();
    match equal.or(interval.point()) {
        Some(number) => literals.iter().all(|literal| match (literal.order(), literal.operand()) {
            (Some((ordering, bound)), _) => ordering.holds(number.cmp(&bound)),
            (None, Some((Value::Number(other), wanted))) => {
                Decimal::parse(other.as_str()).is_none_or(|other| (other == number) == wanted)
            }
            _ => true,
        }),
        None => true,
    }
}

fn is_number(literal: &Literal<'_>) -> bool {
    matches!(literal.operand(), Some((Value::Number(_), _)))
}

fn number_operand<'a>(literal: &Literal<'a>, wanted: bool) -> Option<Decimal<'a>> {
    match literal.operand() {
        Some((Value::Number(number), asked)) if asked == wanted => Decimal::parse(number.as_str()),
        _ => None,
    }
}

/// The few texts of which one is asked for, where a literal asks for one of a few.
fn candidates<'l, 'a: 'l>(literals: impl IntoIterator<Item = &'l Literal<'a>>) -> Option<Vec<Box<str>>> {
    literals.into_iter().find_map(|literal| {
        let (value, true) = literal.operand()? else { return None };
        texts::globs(value)?
            .into_iter()
            .map(|glob| match glob {
                Glob::Exact(text) => Some(text),
                _ => None,
            })
            .collect()
    })
}

/// Whether no two of the texts asked for or excluded contradict each other.
fn text_parts_agree(literals: &[Literal<'_>]) -> bool {
    let (mut wanted, mut excluded) = (Vec::new(), Vec::new());
    for literal in literals {
        match literal.operand() {
            Some((value, true)) => wanted.push(value),
            Some((value, false)) => excluded.push(value),
            None => {}
        }
    }
    let contradicts = |one: &Value, other: &Value| {
        let (Some(ones), Some(others)) = (texts::globs(one), texts::globs(other)) else { return false };
        ones.iter().all(|one| others.iter().all(|other| texts::are_disjoint(one, other)))
    };
    let is_excluded = |one: &Value, out: &Value| {
        one == out
            || match (texts::globs(one), texts::globs(out)) {
                (Some(ones), Some(outs)) => {
                    ones.iter().all(|one| outs.iter().any(|out| texts::is_within(one, out)))
                }
                _ => false,
            }
    };
    let excludes_all = |out: &&&Value| texts::globs(out).is_some_and(|outs| outs.contains(&Glob::Any));
    !wanted.iter().enumerate().any(|(index, one)| {
        wanted.iter().take(index).any(|other| contradicts(one, other))
            || excluded.iter().any(|out| is_excluded(one, out))
    }) && excluded.iter().find(excludes_all).is_none()
}

/// Whether every text asked for has only characters that numbers have.
fn could_be_numbers(literals: &[Literal<'_>]) -> bool {
    literals.iter().all(|literal| {
        let Some((value, true)) = literal.operand() else { return true };
        texts::globs(value).is_none_or(|globs| {
            globs.iter().any(|glob| {
                texts::core(glob)
                    .chars()
                    .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'))
            })
        })
    })
}

/// What is left of the numbers between bounds.
struct Interval<'a> {
    low: Option<(Decimal<'a>, bool)>,
    high: Option<(Decimal<'a>, bool)>,
}

impl<'a> Interval<'a> {
    fn point(&self) -> Option<Decimal<'a>> {
        match (self.low, self.high) {
            (Some((low, true)), Some((high, true))) if low == high => Some(low),
            _ => None,
        }
    }
}

/// The numbers that have every order asked for; `None` without any.
fn interval<'a>(literals: &[Literal<'a>]) -> Option<Interval<'a>> {
    let mut found = Interval { low: None, high: None };
    for (ordering, bound) in literals.iter().filter_map(Literal::order) {
        let is_included = matches!(ordering, Ordering::LessOrEqual | Ordering::GreaterOrEqual);
        let side = match ordering {
            Ordering::Less | Ordering::LessOrEqual => &mut found.high,
            Ordering::Greater | Ordering::GreaterOrEqual => &mut found.low,
        };
        let is_tighter = side.is_none_or(|(known, included)| {
            let tighter = match ordering {
                Ordering::Less | Ordering::LessOrEqual => bound < known,
                Ordering::Greater | Ordering::GreaterOrEqual => bound > known,
            };
            tighter || (bound == known && included && !is_included)
        });
        if is_tighter {
            *side = Some((bound, is_included));
        }
    }
    let is_empty = match (found.low, found.high) {
        (Some((low, low_included)), Some((high, high_included))) => {
            low > high || (low == high && !(low_included && high_included))
        }
        _ => false,
    };
    (!is_empty).then_some(found)
}

fn opposite(ordering: Ordering) -> Ordering {
    match ordering {
        Ordering::Less => Ordering::GreaterOrEqual,
        Ordering::LessOrEqual => Ordering::Greater,
        Ordering::Greater => Ordering::LessOrEqual,
        Ordering::GreaterOrEqual => Ordering::Less,
    }
}

/// Whether `text` is as the literal says; `true` where that is not known.
fn on_text(literal: &Literal<'_>, text: &str) -> bool {
    match literal.test {
        Test::Equal(_) | Test::NotEqual(_) => literal
            .operand()
            .is_none_or(|(value, wanted)| is_found(value, text).is_none_or(|found| found == wanted)),
        Test::Order(ordering, number) => {
            let holds = match (Decimal::parse(text), Decimal::parse(number.as_str())) {
                (Some(text), Some(bound)) => ordering.holds(text.cmp(&bound)),
                _ => false,
            };
            holds == literal.holds
        }
        Test::IsNull | Test::IsBool(_) | Test::NotExists => !literal.holds,
    }
}

/// Whether the JSON number spelled `lexeme` is as the literal says; `true` where that is not known.
fn on_number(literal: &Literal<'_>, lexeme: &str) -> bool {
    match literal.operand() {
        Some((Value::Number(number), wanted)) => {
            match (Decimal::parse(lexeme), Decimal::parse(number.as_str())) {
                (Some(one), Some(other)) => (one == other) == wanted,
                _ => true,
            }
        }
        _ => on_text(literal, lexeme),
    }
}

fn is_found(value: &Value, text: &str) -> Option<bool> {
    match value {
        Value::Text(wanted) => Some(Glob::new(&wanted.text).matches(text)),
        Value::Number(number) => Some(number.as_str() == text),
        Value::Regex(regex) => match texts::regex_globs(regex) {
            Some(globs) => Some(globs.iter().any(|glob| glob.matches(text))),
            None => compiled(regex).map(|regex| regex.is_match(text)),
        },
    }
}

fn compiled(regex: &RegexLiteral) -> Option<regex::Regex> {
    regex::RegexBuilder::new(regex.rust_pattern()).size_limit(1 << 20).build().ok()
}

fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let has_leading_zero =
        unsigned.starts_with('0') && unsigned.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    !has_leading_zero && !text.starts_with('+') && Decimal::parse(text).is_some()
}
