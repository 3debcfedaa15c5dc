//! What kinds of arguments a function takes (`spec/logs-insights.md` 3).

use std::net::IpAddr;

use crate::syntax::logs::{
    Argument, ArgumentKind, Arguments, Call, Expr, ExprKind, Function, LiteralKind, Period, PeriodUnit,
    Signature, UnaryOp, codes,
};
use crate::{Diagnostic, Fix, Span};

use super::periods;

/// Checks the arguments of a call that has the right number of them.
pub(super) fn check(call: &Call, signature: &Signature, findings: &mut Vec<Diagnostic>) {
    let Arguments::List(given) = &call.arguments else { return };
    let name = &call.function.text;
    if let [Argument::Period(period), Argument::Expr(expr)] = given.as_slice()
        && signature.kind(0) != ArgumentKind::Period
        && signature.kind(1) == ArgumentKind::Period
    {
        findings.push(
            bad(period.span.0.to(expr.span.0), format!("the arguments of `{name}` are in the wrong order"))
                .label("the period comes second")
                .help(format!("write `{}`", usage(signature))),
        );
        return;
    }
    for (place, argument) in given.iter().enumerate() {
        findings.extend(match (signature.kind(place), argument) {
            (ArgumentKind::Period, Argument::Period(period)) => periods::check(period),
            (ArgumentKind::Period, Argument::Expr(expr)) => Some(no_period(name, expr, signature)),
            (_, Argument::Period(period)) => Some(
                bad(period.span.0, format!("`{name}` takes no period here"))
                    .label("a length of time")
                    .help(format!("write `{}`", usage(signature))),
            ),
            (ArgumentKind::Integer, Argument::Expr(expr)) if whole_number(expr).is_none() => Some(
                bad(expr.span.0, format!("`{name}` needs a whole number here"))
                    .label("written out, not computed")
                    .help(format!("write `{}`", usage(signature))),
            ),
            (ArgumentKind::Cidr, Argument::Expr(expr)) => network(expr, signature.function),
            (ArgumentKind::Any, Argument::Expr(expr))
                if signature.function == Function::Pct && place == 1 =>
            {
                no_percentage(name, expr)
            }
            _ => None,
        });
    }
}

fn bad(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(codes::BAD_ARGUMENT, span, message)
}

fn no_period(name: &str, expr: &Expr, signature: &Signature) -> Diagnostic {
    let found = bad(expr.span.0, format!("`{name}` needs a period here, such as `5m`"));
    match &expr.kind {
        ExprKind::Literal(literal) => match &literal.kind {
            LiteralKind::Number(number) => found
                .label("a unit is missing")
                .help(format!("write `{number}m` for minutes, `{number}s` for seconds")),
            LiteralKind::Text(text) if is_period(text) => {
                let fix = Fix::replace("take the quotes away", expr.span.0, text.trim());
                found.label("a text").help("write it without quotes").fix(fix)
            }
            _ => found.label("no length of time").help(format!("write `{}`", usage(signature))),
        },
        _ => found
            .label("no length of time")
            .help("a period is written out, a number and a unit; it cannot be computed"),
    }
}

fn is_period(text: &str) -> bool {
    let text = text.trim();
    let unit = text.trim_start_matches(|character: char| character.is_ascii_digit());
    unit.len() < text.len() && PeriodUnit::from_spelling(unit.trim_start()).is_some()
}

/// The value of a whole number that is written out.
pub(super) fn whole_number(expr: &Expr) -> Option<i128> {
    match &expr.kind {
        ExprKind::Literal(literal) => match &literal.kind {
            LiteralKind::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(number.parse().unwrap_or(i128::MAX))
            }
            _ => None,
        },
        ExprKind::Unary(UnaryOp::Minus, operand) => whole_number(operand).map(|number| -number),
        ExprKind::Unary(UnaryOp::Plus, operand) => whole_number(operand),
        _ => None,
    }
}

fn number(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Literal(literal) => match &literal.kind {
            LiteralKind::Number(number) => number.parse().ok(),
            _ => None,
        },
        ExprKind::Unary(UnaryOp::Minus, operand) => number(operand).map(|number| -number),
        ExprKind::Unary(UnaryOp::Plus, operand) => number(operand),
        _ => None,
    }
}

fn no_percentage(name: &str, expr: &Expr) -> Option<Diagnostic> {
    match number(expr) {
        Some(percentage) if (0.0..=100.0).contains(&percentage) => None,
        Some(_) => Some(
            bad(expr.span.0, format!("`{name}` takes a percentage from 0 to 100"))
                .label("out of range")
                .help("write `95` for the value that 95 % of the rows do not exceed"),
        ),
        None => Some(
            bad(expr.span.0, format!("`{name}` needs its percentage written out"))
                .label("no number from 0 to 100")
                .help(format!("write `{name}(…, 95)`")),
        ),
    }
}

fn network(expr: &Expr, function: Function) -> Option<Diagnostic> {
    let ExprKind::Literal(literal) = &expr.kind else { return None };
    let LiteralKind::Text(text) = &literal.kind else {
        return Some(
            bad(expr.span.0, "a network is a text such as `\"10.0.0.0/8\"`".to_owned())
                .label("no text")
                .help("put it in quotes"),
        );
    };
    let found = |label: &str| bad(expr.span.0, format!("`{text}` is no network")).label(label);
    let Some((address, prefix)) = text.split_once('/') else {
        let found = found("the length of the prefix is missing");
        return Some(match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => found.help(format!("write `\"{text}/32\"` for this one address")),
            Ok(IpAddr::V6(_)) => found.help(format!("write `\"{text}/128\"` for this one address")),
            Err(_) => found.help("write an address and a length, such as `\"10.0.0.0/8\"`"),
        });
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return Some(found("no address before the slash").help("write all four numbers: `\"10.0.0.0/8\"`"));
    };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let length = prefix.parse::<u8>().ok().filter(|length| *length <= longest && !prefix.starts_with('+'));
    if length.is_none() {
        return Some(found("no length behind the slash").help(format!("write a length from 0 to {longest}")));
    }
    let (right, other) = match function {
        Function::IsIpv4InSubnet => (address.is_ipv4(), "isIpv6InSubnet"),
        Function::IsIpv6InSubnet => (address.is_ipv6(), "isIpv4InSubnet"),
        _ => return None,
    };
    (!right).then(|| {
        bad(expr.span.0, format!("`{text}` is of the other family of addresses"))
            .label("no address can be in it here")
            .help(format!("write `{other}` or `isIpInSubnet`"))
    })
}

/// How a function is called, for messages.
pub(super) fn usage(signature: &Signature) -> String {
    let arguments = match signature.function {
        Function::Round => "x, digits",
        Function::Haversine => "lat1, lon1, lat2, lon2",
        Function::If => "condition, then, else",
        Function::Case => "condition, value, …, default",
        Function::JsonArrayContains => "list, value",
        Function::Bin => "5m",
        Function::DateFloor | Function::DateCeil => "time, 5m",
        Function::ParseDate => "text, \"yyyy-MM-dd\", \"UTC\"",
        Function::FormatDate => "time, \"%Y-%m-%d\", \"UTC\"",
        Function::IsIpInSubnet | Function::IsIpv4InSubnet => "address, \"10.0.0.0/8\"",
        Function::IsIpv6InSubnet => "address, \"2001:db8::/32\"",
        Function::LTrim | Function::RTrim | Function::Trim => "text, characters",
        Function::Substr => "text, start, length",
        Function::Replace => "text, old, new",
        Function::RegexReplace => "text, \"regex\", new",
        Function::StrContains => "text, part",
        Function::StartsWith => "text, start",
        Function::EndsWith => "text, end",
        Function::Split => "text, delimiter",
        Function::Count => "*",
        Function::Pct => "x, 95",
        Function::TopK => "10, x",
        Function::Rate => "x, 1m",
        Function::Histogram => "x, 10",
        _ => match (signature.min, signature.max) {
            (_, 0) => "",
            (_, 1) => "x",
            _ => "a, b, …",
        },
    };
    format!("{}({arguments})", signature.name)
}

/// Where an argument stands.
pub(super) fn span_of(argument: &Argument) -> Span {
    match argument {
        Argument::Expr(expr) => expr.span.0,
        Argument::Period(Period { span, .. }) => span.0,
    }
}
