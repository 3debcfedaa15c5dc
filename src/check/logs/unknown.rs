//! Functions that are not in the language, and what to write instead.

use crate::syntax::logs::{
    Argument, Arguments, Call, Expr, ExprKind, FUNCTIONS, FunctionName, Level, LiteralKind, PeriodUnit,
    Signature, codes,
};
use crate::{Diagnostic, Edit, Fix, Span};

use super::arguments::span_of;

/// What to do about a name of another language.
enum Remedy {
    /// The same function has this name here.
    Name(&'static str),
    /// This says the same, in words.
    Advice(&'static str),
}

use Remedy::{Advice, Name};

/// Names of other languages, looked up as function names are: lower case, no `_`.
const FOREIGN: &[(&str, Remedy)] = &[
    ("approxcountdistinct", Name("countDistinct")),
    ("average", Name("avg")),
    ("bucket", Advice("`bin(5m)` cuts `@timestamp` to periods, `floor(x / n) * n` numbers to steps")),
    ("cast", Advice("take it out: texts that are numbers count as numbers, or write `toNumber(x)`")),
    ("ceiling", Name("ceil")),
    ("charlength", Name("strlen")),
    ("cidrmatch", Advice("`isIpInSubnet(address, \"10.0.0.0/8\")`")),
    ("collect", Name("values")),
    ("collectset", Name("values")),
    ("contains", Name("strcontains")),
    ("countdistinctapprox", Name("countDistinct")),
    ("countunique", Name("countDistinct")),
    ("currenttimestamp", Advice("`now()`, in seconds since 1970")),
    ("dateadd", Advice("`fromMillis(toMillis(@timestamp) + 3600000)` is an hour later")),
    ("datebin", Advice("`bin(5m)`, or `datefloor(time, 5m)`")),
    ("datediff", Advice("`toMillis(b) - toMillis(a)`, in milliseconds")),
    ("dateformat", Advice("`formatDate(time, \"%Y-%m-%d\")`")),
    ("dc", Name("countDistinct")),
    ("dcount", Name("countDistinct")),
    ("exists", Name("ispresent")),
    ("first", Advice("`earliest(x)` by time, `sortsFirst(x)` by value")),
    ("fromunixtime", Advice("`fromMillis(x * 1000)`")),
    ("ifelse", Name("if")),
    ("iff", Name("if")),
    ("ifnull", Name("coalesce")),
    ("iif", Name("if")),
    ("isnotnull", Name("ispresent")),
    ("isnull", Advice("`not ispresent(x)`")),
    ("jsonextract", Advice("`jsonParse(x).key`")),
    ("last", Advice("`latest(x)` by time, `sortsLast(x)` by value")),
    ("lcase", Name("tolower")),
    ("len", Name("strlen")),
    ("length", Name("strlen")),
    ("like", Advice("`like` is an operator: `x like \"text\"`")),
    ("list", Name("values")),
    ("ln", Name("log")),
    ("log10", Advice("`log(x) / log(10)`")),
    ("log2", Advice("`log(x) / log(2)`")),
    ("lower", Name("tolower")),
    ("makeset", Name("values")),
    ("match", Advice("`x like /regex/`")),
    ("matches", Advice("`x like /regex/`")),
    ("mean", Name("avg")),
    ("mod", Advice("`a % b`")),
    ("nvl", Name("coalesce")),
    ("parsejson", Name("jsonParse")),
    ("pow", Advice("`a ^ b`")),
    ("power", Advice("`a ^ b`")),
    ("regexmatch", Advice("`x like /regex/`")),
    ("regexpreplace", Name("regexReplace")),
    ("span", Advice("`bin(5m)`")),
    ("std", Name("stddev")),
    ("stdev", Name("stddev")),
    ("strcat", Name("concat")),
    ("strptime", Advice("`parseDate(text, \"yyyy-MM-dd\")`")),
    ("substring", Advice("`substr(text, start, length)`; the start counts from 0")),
    ("sumif", Advice("`sum(if(condition, x, 0))`")),
    ("timebucket", Advice("`bin(5m)`, or `datefloor(time, 5m)`")),
    ("todate", Advice("`parseDate(text, \"yyyy-MM-dd\")`")),
    ("tojson", Name("jsonStringify")),
    ("tostring", Advice("take it out, or write `concat(x)`")),
    ("totimestamp", Advice("`parseDate(text, \"yyyy-MM-dd\")` for a text, `fromMillis(x)` for a number")),
    ("ucase", Name("toupper")),
    ("uniq", Name("countDistinct")),
    ("unixtimestamp", Advice("`toMillis(time) / 1000`")),
    ("upper", Name("toupper")),
    ("var", Name("variance")),
];

/// What to say about a call of a function that does not exist.
pub(super) fn finding(call: &Call, level: Level) -> Diagnostic {
    let name = &call.function;
    let found = Diagnostic::error(
        codes::UNKNOWN_FUNCTION,
        name.span.0,
        format!("no function is called `{}`", name.text),
    );
    let given = match &call.arguments {
        Arguments::List(given) => given.as_slice(),
        Arguments::Star => &[],
    };
    let key = name.key();
    if let Some(percentage) = percentile(&key) {
        return percentile_finding(found, name, given, percentage);
    }
    match key.as_str() {
        "countif" => return countif(found, name, given, level),
        "datetrunc" => return datetrunc(found, name, given),
        _ => {}
    }
    match FOREIGN.iter().find(|(foreign, _)| *foreign == key) {
        Some((_, Name(known))) => renamed(found, name, known, level).label("of another language"),
        Some((_, Advice(advice))) => found.label("of another language").help(format!("write {advice}")),
        None => misspelled(found, name, &key, level),
    }
}

fn renamed(found: Diagnostic, name: &FunctionName, known: &str, level: Level) -> Diagnostic {
    let found = found.help(format!("write `{known}`"));
    match Signature::find(known) {
        Some(signature) if signature.level > level => found,
        _ => found.fix(Fix::replace(format!("write `{known}`"), name.span.0, known)),
    }
}

/// The percentage that a name such as `p95` or `percentile99` speaks of; three nines are 99.9.
fn percentile(key: &str) -> Option<String> {
    if key == "median" {
        return Some("50".to_owned());
    }
    let digits = key.trim_start_matches(|character: char| !character.is_ascii_digit());
    let word = key.strip_suffix(digits)?;
    let digital = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !digital || !matches!(word, "p" | "pct" | "perc" | "percentile") {
        return None;
    }
    match digits.split_at_checked(2) {
        _ if digits == "100" => Some("100".to_owned()),
        None => Some(digits.to_owned()),
        Some((_, "")) => Some(digits.trim_start_matches('0').to_owned()).filter(|digits| !digits.is_empty()),
        Some((whole, fraction)) if digits.len() <= 4 => Some(format!("{whole}.{fraction}")),
        Some(_) => None,
    }
}

fn percentile_finding(
    found: Diagnostic,
    name: &FunctionName,
    given: &[Argument],
    percentage: String,
) -> Diagnostic {
    let found = found.label("not in the language").help(format!("write `pct(x, {percentage})`"));
    match given {
        [Argument::Expr(x)] => found.fix(Fix {
            title: format!("write `pct(…, {percentage})`"),
            edits: vec![
                Edit { span: name.span.0, replacement: "pct".to_owned() },
                behind(x, format!(", {percentage}")),
            ],
        }),
        _ => found,
    }
}

fn countif(found: Diagnostic, name: &FunctionName, given: &[Argument], level: Level) -> Diagnostic {
    let found = found.label("not in the language");
    if level < Level::L2 {
        return found.help("write `sum(condition)`: a condition is 1 or 0");
    }
    let found = found.help("write `sum(if(condition, 1, 0))`");
    match given {
        [Argument::Expr(condition)] => found.fix(Fix {
            title: "write `sum(if(…, 1, 0))`".to_owned(),
            edits: vec![
                Edit { span: name.span.0, replacement: "sum(if".to_owned() },
                behind(condition, ", 1, 0)".to_owned()),
            ],
        }),
        _ => found,
    }
}

fn datetrunc(found: Diagnostic, name: &FunctionName, given: &[Argument]) -> Diagnostic {
    let found = found.label("of another language").help("write `datefloor(time, 1h)`");
    let [unit, Argument::Expr(time)] = given else { return found };
    let known = match unit {
        Argument::Expr(Expr { kind: ExprKind::Literal(literal), .. }) => match &literal.kind {
            LiteralKind::Text(text) => PeriodUnit::from_spelling(&text.to_ascii_lowercase()),
            _ => None,
        },
        _ => None,
    };
    match known {
        Some(unit_known) => found.fix(Fix {
            title: format!("write `datefloor(…, 1{})`", unit_known.as_str()),
            edits: vec![
                Edit { span: name.span.0, replacement: "datefloor".to_owned() },
                Edit {
                    span: Span { start: span_of(unit).start, end: time.span.0.start },
                    replacement: String::new(),
                },
                behind(time, format!(", 1{}", unit_known.as_str())),
            ],
        }),
        None => found,
    }
}

fn behind(expr: &Expr, replacement: String) -> Edit {
    Edit { span: Span::at(expr.span.0.end as usize), replacement }
}

fn misspelled(found: Diagnostic, name: &FunctionName, key: &str, level: Level) -> Diagnostic {
    const LONGEST: usize = 32;
    let found = found.label("not in the language");
    let length = key.chars().count();
    if length > LONGEST {
        return found;
    }
    let mut near: Vec<(usize, &str)> = FUNCTIONS
        .iter()
        .map(|signature| {
            (strsim::osa_distance(key, &signature.name.replace('_', "").to_ascii_lowercase()), signature.name)
        })
        .filter(|(distance, _)| *distance <= (length / 3).clamp(1, 3))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    match near.as_slice() {
        [] => found,
        [(1, known), rest @ ..] if length >= 5 && rest.iter().all(|(distance, _)| *distance > 1) => {
            renamed(found, name, known, level)
        }
        [(_, known), ..] => found.help(format!("did you mean `{known}`?")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_percentiles_tell_the_percentage() {
        let told = |key: &str| percentile(key);
        assert_eq!(told("p95").as_deref(), Some("95"));
        assert_eq!(told("p5").as_deref(), Some("5"));
        assert_eq!(told("p05").as_deref(), Some("5"));
        assert_eq!(told("p999").as_deref(), Some("99.9"));
        assert_eq!(told("p100").as_deref(), Some("100"));
        assert_eq!(told("percentile90").as_deref(), Some("90"));
        assert_eq!(told("median").as_deref(), Some("50"));
        for other in ["p", "pct", "sp95", "p95x", "95", "p99999"] {
            assert_eq!(told(other), None, "{other}");
        }
    }

    #[test]
    fn foreign_names_are_in_order_foreign_and_their_remedies_known() {
        assert!(FOREIGN.is_sorted_by(|(left, _), (right, _)| left < right));
        for (foreign, remedy) in FOREIGN {
            assert!(Signature::find(foreign).is_none(), "{foreign} is in the language");
            if let Name(known) = remedy {
                assert!(Signature::find(known).is_some(), "{known} is not in the language");
            }
        }
    }
}
