//! Calls of functions: which there are, where they may stand, what they take (`spec/logs-insights.md` 3).

use crate::syntax::logs::{
    Argument, Arguments, Call, Expr, ExprKind, Function, Level, LiteralKind, Signature, Stats, codes,
};
use crate::{Diagnostic, Edit, Fix, Span};

use super::walk::Role;
use super::{arguments, levels, unknown, walk};

const MOST_BRANCHES: usize = 10;
const MOST_TOP: u64 = 10_000;

/// Checks one call; its arguments' own calls are visited by themselves.
pub(super) fn check(call: &Call, expr: &Expr, role: Role<'_>, level: Level, findings: &mut Vec<Diagnostic>) {
    let Some(signature) = Signature::find(&call.function.text) else {
        findings.push(unknown::finding(call, level));
        return;
    };
    findings.extend(levels::function(call, signature, level));
    if let Some(finding) = misplaced(call, expr, signature, role) {
        findings.push(finding);
    } else if let Some(finding) = miscounted(call, expr, signature) {
        findings.push(finding);
    } else {
        arguments::check(call, signature, findings);
        findings.extend(doubtful(call, expr, signature));
    }
}

fn misplaced(call: &Call, expr: &Expr, signature: &Signature, role: Role<'_>) -> Option<Diagnostic> {
    if !signature.aggregate {
        return None;
    }
    let name = &call.function.text;
    let error = |message: String| Diagnostic::error(codes::MISUSED_FUNCTION, expr.span.0, message);
    match role {
        Role::Result | Role::Reported => None,
        Role::Key if signature.function == Function::Histogram => None,
        Role::Row => Some(
            error(format!("`{name}` stands outside of `stats`"))
                .label("needs many rows, and here is one")
                .help(format!("compute it in a `stats` before: `stats {name}(…) as n`")),
        ),
        Role::Key => Some(
            error(format!("`{name}` cannot make groups"))
                .label("needs the rows of a group, and the groups are made here")
                .help("move it before `by`"),
        ),
        Role::Within(outer) => Some(
            error(format!("`{name}` stands within `{}`", outer.text))
                .label("one aggregate cannot take another")
                .also(outer.span.0, "the outer one")
                .help(format!("compute `{name}` in a first `stats` and `{}` in a second", outer.text)),
        ),
    }
}

fn miscounted(call: &Call, expr: &Expr, signature: &Signature) -> Option<Diagnostic> {
    let name = &call.function.text;
    let error = |message: String| Diagnostic::error(codes::MISUSED_FUNCTION, expr.span.0, message);
    let given = match &call.arguments {
        Arguments::Star if matches!(signature.function, Function::Count | Function::CountOverTime) => {
            return None;
        }
        Arguments::Star => {
            return Some(
                error(format!("`{name}` takes no `*`"))
                    .label("only `count(*)` does")
                    .help(format!("name what it is to take: `{}`", arguments::usage(signature))),
            );
        }
        Arguments::List(given) => given,
    };
    if (signature.min..=signature.max).contains(&given.len()) {
        return None;
    }
    if signature.function == Function::Case && given.len() > signature.max {
        return Some(
            error(format!("`{name}` takes {MOST_BRANCHES} branches at most"))
                .label(format!("{} branches", given.len() / 2))
                .help("put a second `case` into the last place, the value for all others"),
        );
    }
    let found = error(format!("`{name}` takes {}", counted(signature)))
        .label(match given.len() {
            0 => "there are none".to_owned(),
            1 => "there is 1".to_owned(),
            count => format!("there are {count}"),
        })
        .help(format!("write `{}`", arguments::usage(signature)));
    Some(match (signature.function, given.as_slice()) {
        (Function::Bin, [Argument::Expr(time), Argument::Period(period)]) if is_timestamp(time) => {
            let surplus = Span { start: time.span.0.start, end: period.span.0.start };
            found.help("`bin` always means `@timestamp`; `datefloor` takes any time").fix(Fix::replace(
                "take `@timestamp` out",
                surplus,
                "",
            ))
        }
        (Function::Bin, [Argument::Expr(_), Argument::Period(_)]) => {
            let fix = Fix::replace("write `datefloor`", call.function.span.0, "datefloor");
            found.help("`bin` always means `@timestamp`; `datefloor` takes any time").fix(fix)
        }
        _ => found,
    })
}

fn counted(signature: &Signature) -> String {
    let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
    match (signature.min, signature.max) {
        (0, 0) => "no arguments".to_owned(),
        (0, 1) => "one argument at most".to_owned(),
        (min, max) if min == max => format!("{min} {}", plural(min)),
        (min, max) if max == min.saturating_add(1) => format!("{min} or {max} arguments"),
        (min, _) => format!("at least {min} {}", plural(min)),
    }
}

fn is_timestamp(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Field(field) if field.name == "@timestamp")
}

/// What runs and may not do what it says.
fn doubtful(call: &Call, expr: &Expr, signature: &Signature) -> Option<Diagnostic> {
    let Arguments::List(given) = &call.arguments else { return None };
    match (signature.function, given.as_slice()) {
        (Function::Histogram, _) => Some(
            Diagnostic::warning(
                codes::HISTOGRAM,
                expr.span.0,
                "what `histogram` does with its number is disputed",
            )
            .label("how many buckets, by the reference; how wide they are, by observation")
            .help("group by `floor(x / n) * n` for buckets of width n"),
        ),
        (Function::StrContains, [Argument::Expr(text), Argument::Expr(part), Argument::Expr(flag)]) if !matches!(&flag.kind, ExprKind::Literal(literal) if is_off(&literal.kind)) =>
        {
            let found = Diagnostic::warning(
                codes::STRCONTAINS_FLAG,
                flag.span.0,
                "the third argument of `strcontains` had no effect when tried",
            )
            .label("documented to make upper and lower case equal")
            .help("write `strcontains(tolower(…), …)` with the part in lower case");
            let always =
                matches!(&flag.kind, ExprKind::Literal(literal) if literal.kind == LiteralKind::Bool(true));
            Some(if always { found.fix(without_flag(text, part, flag)) } else { found })
        }
        _ => None,
    }
}

fn is_off(literal: &LiteralKind) -> bool {
    match literal {
        LiteralKind::Bool(on) => !on,
        LiteralKind::Number(number) => number == "0",
        LiteralKind::Null => true,
        LiteralKind::Text(_) => false,
    }
}

fn without_flag(text: &Expr, part: &Expr, flag: &Expr) -> Fix {
    let lowered = |expr: &Expr| match &expr.kind {
        ExprKind::Literal(literal) => {
            matches!(&literal.kind, LiteralKind::Text(text) if text.to_lowercase() == *text)
        }
        ExprKind::Call(call) => {
            Signature::find(&call.function.text).is_some_and(|known| known.function == Function::ToLower)
        }
        _ => false,
    };
    let insert = |at: u32, replacement: &str| Edit {
        span: Span { start: at, end: at },
        replacement: replacement.to_owned(),
    };
    let mut edits = Vec::new();
    for expr in [text, part] {
        if !lowered(expr) {
            edits.extend([insert(expr.span.0.start, "tolower("), insert(expr.span.0.end, ")")]);
        }
    }
    let flag = Span { start: part.span.0.end, end: flag.span.0.end };
    edits.push(Edit { span: flag, replacement: String::new() });
    Fix { title: "compare in lower case".to_owned(), edits }
}

/// `topk` stands alone: no keys, no other aggregate, a small number.
pub(super) fn topk(stats: &Stats, findings: &mut Vec<Diagnostic>) {
    let (mut tops, mut others): (Vec<(&Call, Span)>, Vec<Span>) = (Vec::new(), Vec::new());
    for item in &stats.aggregates {
        walk::within(&item.expr, Role::Result, &mut |expr, role| {
            let (ExprKind::Call(call), Role::Result) = (&expr.kind, role) else { return };
            match Signature::find(&call.function.text) {
                Some(known) if known.function == Function::TopK => tops.push((call, expr.span.0)),
                Some(known) if known.aggregate => others.push(expr.span.0),
                _ => {}
            }
        });
    }
    tops.sort_by_key(|(_, span)| *span);
    let Some((_, span)) = tops.first() else { return };
    let beside = others.iter().min().or(tops.get(1).map(|(_, span)| span));
    let alone = Diagnostic::error(codes::TOPK, *span, "`topk` must be the only thing in its `stats`");
    if let Some(key) = stats.by.first() {
        findings.push(
            alone
                .label("takes no groups")
                .also(key.expr.span.0, "makes groups")
                .help("take `by` out; for groups, count in one `stats` and sort"),
        );
    } else if let Some(other) = beside {
        findings.push(
            alone
                .label("takes no other aggregate beside it")
                .also(*other, "another aggregate")
                .help("compute the other in a query of its own"),
        );
    }
    for (top, _) in &tops {
        findings.extend(out_of_range(top));
    }
}

fn out_of_range(topk: &Call) -> Option<Diagnostic> {
    let Arguments::List(given) = &topk.arguments else { return None };
    let [Argument::Expr(k), _] = given.as_slice() else { return None };
    let value = arguments::whole_number(k)?;
    (!(1..=i128::from(MOST_TOP)).contains(&value)).then(|| {
        Diagnostic::error(codes::TOPK, k.span.0, format!("`topk` takes 1 to {MOST_TOP} values"))
            .label("out of range")
            .help(format!("write a number from 1 to {MOST_TOP}"))
    })
}
