//! Expressions in plain words: conditions as clauses, values as nouns.

use crate::listing::listed;

use super::super::ast::{
    Argument, Arguments, BinaryOp, Call, Expr, ExprKind, Field, InSet, LikePattern, Literal, LiteralKind,
    LogsQuery, Name, Period, PeriodUnit, UnaryOp,
};
use super::super::functions::{Function, Signature};

/// What was met on the way and is told elsewhere.
#[derive(Default)]
pub(super) struct Phrases<'q> {
    /// Pipelines that a phrase calls "the query below".
    pub(super) nested: Vec<&'q LogsQuery>,
    /// Whether there was a negative test of a value.
    pub(super) negative: bool,
    /// Periods above their cap, as written and as taken.
    pub(super) capped: Vec<(String, String)>,
    /// Whether the keys of groups are told.
    pub(super) grouping: bool,
}

/// How closely a phrase hangs together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Clause,
    Sum,
    Product,
    Sign,
    Power,
    Phrase,
    Atom,
}

impl<'q> Phrases<'q> {
    /// A clause that says when the expression holds.
    pub(super) fn condition(&mut self, expr: &'q Expr) -> String {
        self.clause(expr, true)
    }

    /// A noun for the value of the expression.
    pub(super) fn value(&mut self, expr: &'q Expr) -> String {
        self.noun(expr).0
    }

    /// `5 minutes`, and a note where the service lowers it.
    pub(super) fn period(&mut self, of: &Period) -> String {
        self.note(of);
        period(of.capped_count(), of.unit)
    }

    fn note(&mut self, of: &Period) {
        let taken = of.capped_count();
        if taken != of.count {
            let spelled = |count: u64| format!("{count}{}", of.unit.as_str());
            let note = (spelled(of.count), spelled(taken));
            if !self.capped.contains(&note) {
                self.capped.push(note);
            }
        }
    }

    fn clause(&mut self, expr: &'q Expr, holds: bool) -> String {
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, operand) => self.clause(operand, !holds),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), ..) => self.junction(expr, *op, holds),
            ExprKind::Binary(op, left, right) if is_comparison(*op) => {
                self.comparison(*op, left, right, holds)
            }
            ExprKind::Like { operand, negated, pattern } => {
                let holds = holds != *negated;
                self.negative |= !holds;
                let subject = self.subject(operand);
                let (verb, object) = match pattern {
                    LikePattern::Substring(text) => {
                        (["contains", "does not contain"], format!("\"{}\"", text.text))
                    }
                    LikePattern::Regex(regex) => {
                        (["matches", "does not match"], format!("`/{}/`", regex.source))
                    }
                    LikePattern::RegexInQuotes(text) => {
                        (["matches", "does not match"], format!("the regex \"{}\"", text.text))
                    }
                };
                format!("{subject} {} {object}", choose(verb, holds))
            }
            ExprKind::In { operand, negated, set } => {
                let holds = holds != *negated;
                self.negative |= !holds;
                let subject = self.subject(operand);
                match set {
                    InSet::List(values) => {
                        let values: Vec<String> = values.iter().map(literal).collect();
                        match values.as_slice() {
                            [] => format!("{subject} {} one of none", choose(["is", "is not"], holds)),
                            [one] => format!("{subject} {} {one}", choose(["is", "is not"], holds)),
                            _ if holds => format!("{subject} is one of {}", listed(&values, "or")),
                            _ => format!("{subject} is none of {}", listed(&values, "or")),
                        }
                    }
                    InSet::Pipeline(pipeline) => {
                        self.nested.push(pipeline);
                        let verb = choose(["is among", "is not among"], holds);
                        format!("{subject} {verb} the results of the query below")
                    }
                }
            }
            ExprKind::Call(call) => self.test(call, holds).unwrap_or_else(|| self.truth(expr, holds)),
            _ => self.truth(expr, holds),
        }
    }

    fn truth(&mut self, expr: &'q Expr, holds: bool) -> String {
        self.negative |= !holds;
        format!("{} {} true", self.subject(expr), choose(["is", "is not"], holds))
    }

    /// The value with parentheses around a clause.
    pub(super) fn subject(&mut self, expr: &'q Expr) -> String {
        let (words, bond) = self.noun(expr);
        if bond == Bond::Clause { format!("({words})") } else { words }
    }

    fn junction(&mut self, expr: &'q Expr, op: BinaryOp, holds: bool) -> String {
        let mut legs = Vec::new();
        let mut open = vec![expr];
        while let Some(expr) = open.pop() {
            match &expr.kind {
                ExprKind::Binary(same, left, right) if *same == op => open.extend([&**right, &**left]),
                _ => legs.push(expr),
            }
        }
        let legs: Vec<String> = legs
            .into_iter()
            .map(|leg| {
                let words = self.clause(leg, true);
                match &leg.kind {
                    ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..) => format!("({words})"),
                    _ => words,
                }
            })
            .collect();
        let joined = legs.join(if op == BinaryOp::And { " and " } else { " or " });
        if holds {
            return joined;
        }
        self.negative = true;
        format!("not ({joined})")
    }

    fn comparison(&mut self, op: BinaryOp, left: &'q Expr, right: &'q Expr, holds: bool) -> String {
        let verb = match op {
            BinaryOp::Equal => ["is", "is not"],
            BinaryOp::NotEqual => ["is not", "is"],
            BinaryOp::Less => ["is below", "is not below"],
            BinaryOp::LessOrEqual => ["is at most", "is not at most"],
            BinaryOp::Greater => ["is above", "is not above"],
            _ => ["is at least", "is not at least"],
        };
        self.negative |= holds == (op == BinaryOp::NotEqual);
        let words = format!("{} {} {}", self.subject(left), choose(verb, holds), self.subject(right));
        let null = |expr: &Expr| matches!(&expr.kind, ExprKind::Literal(literal) if literal.kind == LiteralKind::Null);
        if null(left) || null(right) { format!("{words} (nothing compares with null)") } else { words }
    }

    /// The clause of a function that tests something.
    fn test(&mut self, call: &'q Call, holds: bool) -> Option<String> {
        let function = Signature::find(&call.function.text)?.function;
        let Arguments::List(arguments) = &call.arguments else { return None };
        let Argument::Expr(first) = arguments.first()? else { return None };
        let verb = match function {
            Function::IsPresent => ["is present", "is missing"],
            Function::IsEmpty => ["is missing or empty", "is neither missing nor empty"],
            Function::IsBlank => ["is missing, empty or blank", "is not missing, empty or blank"],
            Function::IsNumeric => ["is a number", "is no number"],
            Function::IsValidIp => ["is an IP address", "is no IP address"],
            Function::IsValidIpV4 => ["is an IPv4 address", "is no IPv4 address"],
            Function::IsValidIpV6 => ["is an IPv6 address", "is no IPv6 address"],
            Function::IsPrivateIp => ["is a private address", "is no private address"],
            Function::IsPublicIp => ["is a public address", "is no public address"],
            Function::IsReservedIp => ["is a reserved address", "is no reserved address"],
            Function::IsIpInSubnet | Function::IsIpv4InSubnet | Function::IsIpv6InSubnet => {
                ["is an address in", "is no address in"]
            }
            Function::StrContains => ["contains", "does not contain"],
            Function::StartsWith => ["begins with", "does not begin with"],
            Function::EndsWith => ["ends with", "does not end with"],
            Function::JsonArrayContains => ["is a list with", "is no list with"],
            _ => return None,
        };
        self.negative |=
            !holds && !matches!(function, Function::IsPresent | Function::IsEmpty | Function::IsBlank);
        let subject = self.subject(first);
        Some(match (arguments.get(1), arguments.get(2)) {
            (Some(Argument::Expr(second)), None) => {
                format!("{subject} {} {}", choose(verb, holds), self.subject(second))
            }
            (Some(Argument::Expr(second)), Some(_)) => {
                let verb = choose(verb, holds);
                format!("{subject} {verb} {} in upper or lower case", self.subject(second))
            }
            _ => format!("{subject} {}", choose(verb, holds)),
        })
    }

    fn noun(&mut self, expr: &'q Expr) -> (String, Bond) {
        match &expr.kind {
            ExprKind::Literal(value) => (literal(value), Bond::Atom),
            ExprKind::Field(named) => (field(named), Bond::Atom),
            ExprKind::Member(..) | ExprKind::Index(..) => (self.path(expr), Bond::Phrase),
            ExprKind::Unary(UnaryOp::Minus, operand) => {
                (format!("-{}", self.operand(operand, Bond::Sign)), Bond::Sign)
            }
            ExprKind::Unary(UnaryOp::Plus, operand) => self.noun(operand),
            ExprKind::Binary(op, ..) if arithmetic(*op).is_some() => self.arithmetic(expr),
            ExprKind::Call(call) => match self.phrase(call) {
                Some(phrase) => phrase,
                None => match self.test(call, true) {
                    Some(test) => (format!("whether {test}"), Bond::Clause),
                    None => (self.code(call), Bond::Atom),
                },
            },
            ExprKind::Unary(UnaryOp::Not, _)
            | ExprKind::Binary(..)
            | ExprKind::Like { .. }
            | ExprKind::In { .. } => (format!("whether {}", self.condition(expr)), Bond::Clause),
        }
    }

    /// `x.a[0]` as "element 0 of `a` of `x`".
    fn path(&mut self, expr: &'q Expr) -> String {
        let mut words = String::new();
        let mut inner = expr;
        loop {
            inner = match &inner.kind {
                ExprKind::Member(operand, key) => {
                    words.push_str(&format!("`{key}` of "));
                    operand
                }
                ExprKind::Index(operand, index) => {
                    words.push_str(&format!("element {index} of "));
                    operand
                }
                _ => break,
            };
        }
        words + &self.of(inner)
    }

    fn arithmetic(&mut self, expr: &'q Expr) -> (String, Bond) {
        // Not by recursion to the left: a long sum is as deep as it is long.
        let mut rest = Vec::new();
        let mut first = expr;
        while let ExprKind::Binary(op, left, right) = &first.kind
            && let Some((sign, bond)) = arithmetic(*op)
        {
            rest.push((sign, bond, &**right));
            first = left;
        }
        let (mut words, mut bond) = self.noun(first);
        for (sign, own, right) in rest.into_iter().rev() {
            let (left, tight, loose) = match own {
                Bond::Power => (Bond::Atom, Bond::Sign, Bond::Power),
                Bond::Product => (Bond::Product, Bond::Sign, Bond::Product),
                _ => (Bond::Sum, Bond::Product, Bond::Sum),
            };
            if bond < left || bond == Bond::Phrase {
                words = format!("({words})");
            }
            words.push_str(&format!(" {sign} {}", self.operand(right, tight)));
            bond = loose;
        }
        (words, bond)
    }

    fn operand(&mut self, expr: &'q Expr, least: Bond) -> String {
        let (words, bond) = self.noun(expr);
        if bond < least || bond == Bond::Phrase { format!("({words})") } else { words }
    }

    /// What follows an "of".
    fn of(&mut self, expr: &'q Expr) -> String {
        let (words, bond) = self.noun(expr);
        if bond < Bond::Phrase { format!("({words})") } else { words }
    }

    /// A function that has words for what it does.
    fn phrase(&mut self, call: &'q Call) -> Option<(String, Bond)> {
        let function = Signature::find(&call.function.text)?.function;
        let arguments = match &call.arguments {
            Arguments::Star => &[],
            Arguments::List(arguments) => arguments.as_slice(),
        };
        let words = match (function, arguments) {
            (Function::Count | Function::CountOverTime, []) => "the number of rows".to_owned(),
            (Function::Count | Function::CountOverTime, [Argument::Expr(x)]) => {
                format!("the number of rows with {}", self.of(x))
            }
            (Function::Sum | Function::SumOverTime, [Argument::Expr(x)]) => match &x.kind {
                ExprKind::Call(test) => match self.test(test, true) {
                    Some(test) => format!("the number of rows in which {test}"),
                    None => format!("the sum of {}", self.of(x)),
                },
                ExprKind::Binary(op, ..) if arithmetic(*op).is_none() => {
                    format!("the number of rows in which {}", self.condition(x))
                }
                ExprKind::Like { .. } | ExprKind::In { .. } | ExprKind::Unary(UnaryOp::Not, _) => {
                    format!("the number of rows in which {}", self.condition(x))
                }
                _ => format!("the sum of {}", self.of(x)),
            },
            (Function::Pct, [Argument::Expr(x), Argument::Expr(p)]) => {
                format!("the value that {} % of {} do not exceed", self.value(p), self.of(x))
            }
            (Function::TopK, [Argument::Expr(k), Argument::Expr(x)]) => {
                format!("the {} most frequent values of {}", self.value(k), self.of(x))
            }
            (Function::Earliest, [Argument::Expr(x)]) => format!("{} of the earliest row", self.of(x)),
            (Function::Latest, [Argument::Expr(x)]) => format!("{} of the latest row", self.of(x)),
            (Function::Rate, [Argument::Expr(x), Argument::Period(p)]) => {
                self.note(p);
                format!("the change of {} in {}", self.of(x), period(p.capped_count(), p.unit))
            }
            (Function::Histogram, [Argument::Expr(x), Argument::Expr(n)]) if self.grouping => {
                format!("{} in steps of {}", self.of(x), self.value(n))
            }
            (Function::Histogram, [Argument::Expr(x), Argument::Expr(n)]) => {
                format!("the numbers of rows in {} equal ranges of {}", self.value(n), self.of(x))
            }
            (Function::Bin, [Argument::Period(p)]) => {
                self.note(p);
                format!("the {} of `@timestamp`", bin(p))
            }
            (Function::DateFloor, [Argument::Expr(x), Argument::Period(p)]) => {
                self.note(p);
                format!("the {} of {}", bin(p), self.of(x))
            }
            (Function::DateCeil, [Argument::Expr(x), Argument::Period(p)]) => {
                self.note(p);
                format!("the end of the {} of {}", bin(p), self.of(x))
            }
            (Function::Coalesce, several) => {
                let values: Vec<String> = self.arguments(several);
                format!("the first that is present of {}", listed(&values, "and"))
            }
            (Function::If | Function::Case, branches) => {
                return Some((self.branches(branches), Bond::Clause));
            }
            (function, [Argument::Expr(x)]) => format!("{} {}", of_one(function)?, self.of(x)),
            _ => return None,
        };
        Some((words, Bond::Phrase))
    }

    fn branches(&mut self, arguments: &'q [Argument]) -> String {
        // `if(c, a, b)` reads as `case(c, a, b)` does.
        let mut parts = Vec::new();
        let mut pairs = arguments.chunks_exact(2);
        for pair in &mut pairs {
            if let [Argument::Expr(condition), Argument::Expr(value)] = pair {
                let value = self.subject(value);
                parts.push(format!("{value} if {}", self.condition(condition)));
            }
        }
        match pairs.remainder() {
            [Argument::Expr(default)] => parts.push(format!("else {}", self.subject(default))),
            _ => parts.push("else nothing".to_owned()),
        }
        parts.join(", ")
    }

    fn code(&mut self, call: &'q Call) -> String {
        let arguments = match &call.arguments {
            Arguments::Star => "*".to_owned(),
            Arguments::List(arguments) => self.arguments(arguments).join(", "),
        };
        let name =
            Signature::find(&call.function.text).map_or(call.function.text.as_str(), |known| known.name);
        format!("{name}({arguments})")
    }

    fn arguments(&mut self, arguments: &'q [Argument]) -> Vec<String> {
        arguments
            .iter()
            .map(|argument| match argument {
                Argument::Expr(expr) => self.subject(expr),
                Argument::Period(period) => self.period(period),
            })
            .collect()
    }
}

/// The words before the one argument of a function.
fn of_one(function: Function) -> Option<&'static str> {
    Some(match function {
        Function::CountDistinct => "the number of different values of",
        Function::Avg => "the mean of",
        Function::Min => "the smallest value of",
        Function::Max => "the largest value of",
        Function::StdDev => "the standard deviation of",
        Function::Variance => "the variance of",
        Function::Values => "the different values of",
        Function::SortsFirst => "the first in sort order of",
        Function::SortsLast => "the last in sort order of",
        Function::StrLen => "the length of",
        Function::MessageSize => "the bytes of",
        Function::ToLower => "the lower case of",
        Function::ToUpper => "the upper case of",
        Function::JsonParse => "the JSON in",
        Function::Unmask => "the unmasked",
        _ => return None,
    })
}

fn arithmetic(op: BinaryOp) -> Option<(&'static str, Bond)> {
    Some(match op {
        BinaryOp::Add => ("+", Bond::Sum),
        BinaryOp::Subtract => ("-", Bond::Sum),
        BinaryOp::Multiply => ("*", Bond::Product),
        BinaryOp::Divide => ("/", Bond::Product),
        BinaryOp::Remainder => ("%", Bond::Product),
        BinaryOp::Power => ("^", Bond::Power),
        _ => return None,
    })
}

fn is_comparison(op: BinaryOp) -> bool {
    arithmetic(op).is_none() && !matches!(op, BinaryOp::And | BinaryOp::Or)
}

fn choose([yes, no]: [&'static str; 2], holds: bool) -> &'static str {
    if holds { yes } else { no }
}

fn bin(of: &Period) -> String {
    format!("{}-{} bin", of.capped_count(), unit_name(of.unit))
}

/// A length of time in words.
fn period(count: u64, unit: PeriodUnit) -> String {
    format!("{count} {}{}", unit_name(unit), if count == 1 { "" } else { "s" })
}

fn unit_name(unit: PeriodUnit) -> &'static str {
    match unit {
        PeriodUnit::Millisecond => "millisecond",
        PeriodUnit::Second => "second",
        PeriodUnit::Minute => "minute",
        PeriodUnit::Hour => "hour",
        PeriodUnit::Day => "day",
        PeriodUnit::Week => "week",
        PeriodUnit::Month => "month",
        PeriodUnit::Quarter => "quarter",
        PeriodUnit::Year => "year",
    }
}

pub(super) fn literal(of: &Literal) -> String {
    match &of.kind {
        LiteralKind::Text(text) => format!("\"{text}\""),
        LiteralKind::Number(number) => number.clone(),
        LiteralKind::Bool(value) => value.to_string(),
        LiteralKind::Null => "null".to_owned(),
    }
}

pub(super) fn field(of: &Field) -> String {
    format!("`{}`", of.name)
}

pub(super) fn name(of: &Name) -> String {
    format!("`{}`", of.text)
}
