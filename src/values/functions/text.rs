//! Functions on text (`spec/logs-insights.md` 3.6).

use std::borrow::Cow;

use super::regex::{Template, compile};
use super::{Arguments, BadArgument, LONGEST_TEXT, Ready};
use crate::values::value::Value;

/// The text that `f` makes of a text.
pub(super) fn of<'e>(value: &Value<'e>, f: impl FnOnce(&str) -> Option<String>) -> Value<'e> {
    value.text().and_then(|text| f(&text)).map_or(Value::Missing, Value::text_of)
}

/// The part of a text that `f` picks, borrowed where the text is.
fn part<'e>(value: &Value<'e>, f: impl for<'t> FnOnce(&'t str) -> &'t str) -> Value<'e> {
    match value {
        Value::Text(Cow::Borrowed(text)) => Value::text_of(f(text)),
        _ => of(value, |text| Some(f(text).to_owned())),
    }
}

/// A number that tells of a text.
pub(super) fn count(value: &Value<'_>, f: impl FnOnce(&str) -> usize) -> Value<'static> {
    value.text().map_or(Value::Missing, |text| Value::number_of(f(&text) as f64))
}

/// `isempty`, `isblank`: 1 for what is no text at all.
pub(super) fn lacks(value: &Value<'_>, test: impl FnOnce(&str) -> bool) -> Value<'static> {
    Value::bool(value.text().is_none_or(|text| test(&text)))
}

/// Whether a test of two texts holds.
pub(super) fn both(arguments: Arguments<'_, '_>, test: impl FnOnce(&str, &str) -> bool) -> Value<'static> {
    match (arguments.text(0), arguments.text(1)) {
        (Some(text), Some(other)) => Value::bool(test(&text, &other)),
        _ => Value::Missing,
    }
}

/// What is missing adds nothing.
pub(super) fn concat<'e>(arguments: &[Value<'e>]) -> Value<'e> {
    let mut joined = String::new();
    for text in arguments.iter().filter_map(Value::text) {
        if joined.len() + text.len() > LONGEST_TEXT {
            return Value::Missing;
        }
        joined.push_str(&text);
    }
    Value::text_of(joined)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
    Both,
}

/// Removes white space, or the characters of the second argument, at the ends.
pub(super) fn trim<'e>(arguments: Arguments<'_, 'e>, side: Side) -> Value<'e> {
    let set = arguments.text(1);
    if arguments.has(1) && set.is_none() {
        return Value::Missing;
    }
    let removed = |c: char| set.as_ref().map_or(c.is_whitespace(), |set| set.contains(c));
    part(arguments.at(0), |text| {
        let text = if side == Side::Right { text } else { text.trim_start_matches(removed) };
        if side == Side::Left { text } else { text.trim_end_matches(removed) }
    })
}

/// `substr(s, i)`, `substr(s, i, n)`, in characters.
pub(super) fn substr<'e>(arguments: Arguments<'_, 'e>) -> Value<'e> {
    // A negative number becomes 0, one too large the largest.
    let characters = |at: usize| arguments.number(at).map(|number| number as usize);
    let length = if arguments.has(2) { characters(2) } else { Some(usize::MAX) };
    let (Some(start), Some(length)) = (characters(1), length) else { return Value::Missing };
    part(arguments.at(0), |text| {
        let tail = behind(text, start).1;
        behind(tail, length).0
    })
}

/// The first characters of a text, and the others.
fn behind(text: &str, characters: usize) -> (&str, &str) {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// All occurrences, as written; of an empty text there are none.
pub(super) fn replace<'e>(arguments: Arguments<'_, 'e>) -> Value<'e> {
    let (Some(text), Some(old), Some(new)) = (arguments.text(0), arguments.text(1), arguments.text(2)) else {
        return Value::Missing;
    };
    if old.is_empty() || !text.contains(&*old) {
        return part(arguments.at(0), |text| text);
    }
    if new.len() > old.len() {
        let growth = text.matches(&*old).count().saturating_mul(new.len() - old.len());
        if text.len().saturating_add(growth) > LONGEST_TEXT {
            return Value::Missing;
        }
    }
    Value::text_of(text.replace(&*old, &new))
}

/// Compiles the literals of `regexReplace`.
pub(super) fn replacement(pattern: Option<&str>, template: Option<&str>) -> Result<Ready, BadArgument> {
    let regex = match pattern {
        Some(pattern) => Some(Box::new(compile(pattern).map_err(|fault| {
            let help = "write a regex in RE2's syntax: no look-around, no back-references";
            BadArgument::new(1, format!("`{pattern}` is no regex: {fault}"), help)
        })?)),
        None => None,
    };
    let template = template.map(Template::new);
    if let (Some(regex), Some(template)) = (&regex, &template)
        && let Some(group) = template.unknown_group(regex)
    {
        let message = format!("the regex has no group for `{group}`");
        return Err(BadArgument::new(
            2,
            message,
            "write `$$` for a dollar sign, or add the group to the regex",
        ));
    }
    Ok(Ready::Replacement { regex, template })
}

pub(super) fn regex_replace<'e>(arguments: Arguments<'_, 'e>, ready: &Ready) -> Value<'e> {
    let (Some(text), Some(pattern), Some(new)) = (arguments.text(0), arguments.text(1), arguments.text(2))
    else {
        return Value::Missing;
    };
    let (regex, template) = match ready {
        Ready::Replacement { regex, template } => (regex.as_deref(), template.as_ref()),
        _ => (None, None),
    };
    let compiled;
    let regex = match regex {
        Some(regex) => regex,
        None => match compile(&pattern) {
            Ok(regex) => {
                compiled = regex;
                &compiled
            }
            Err(_) => return Value::Missing,
        },
    };
    let read;
    let template = match template {
        Some(template) => template,
        None => {
            read = Template::new(&new);
            &read
        }
    };
    match template.replace_all(regex, &text, LONGEST_TEXT) {
        Some(Some(replaced)) => Value::text_of(replaced),
        Some(None) => part(arguments.at(0), |text| text),
        None => Value::Missing,
    }
}

/// `strcontains(s, a)`, or without regard to case where the third argument holds.
pub(super) fn contains(arguments: Arguments<'_, '_>) -> Value<'static> {
    let any_case = arguments.at(2).truthy();
    both(arguments, |text, wanted| match any_case {
        true => text.to_lowercase().contains(&wanted.to_lowercase()),
        false => text.contains(wanted),
    })
}

/// The parts between delimiters; without a delimiter the whole is one.
pub(super) fn split<'e>(arguments: Arguments<'_, 'e>) -> Value<'e> {
    let (Some(text), Some(delimiter)) = (arguments.text(0), arguments.text(1)) else { return Value::Missing };
    let owned = |part: &str| Value::text_of(part.to_owned());
    let parts: Vec<Value<'static>> = match delimiter.is_empty() {
        true => vec![owned(&text)],
        false => text.split(&*delimiter).map(owned).collect(),
    };
    Value::List(parts.into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, call_literals, number, refuse, text};
    use super::*;
    use crate::EpochMillis;

    fn of_texts(name: &str, arguments: &[&str]) -> Option<String> {
        call(name, &arguments.iter().map(|argument| text(argument)).collect::<Vec<_>>())
    }

    #[test]
    fn functions_of_texts() {
        for (name, arguments, expected) in [
            ("isempty", &[""] as &[&str], "1"),
            ("isempty", &["  "], "0"),
            ("isblank", &["  "], "1"),
            ("isblank", &[" x"], "0"),
            ("trim", &["xyZxyfooxyxyZ", "xyZ"], "foo"),
            ("ltrim", &["xyZxyfooxyZ", "xyZ"], "fooxyZ"),
            ("rtrim", &["xyZxyfooxyZ", "xyZ"], "xyZxyfoo"),
            ("trim", &[" \t a b \u{a0}\n"], "a b"),
            ("ltrim", &[" a "], "a "),
            ("rtrim", &[" a "], " a"),
            ("trim", &[" a ", ""], " a "),
            ("strlen", &["\u{e9}"], "1"),
            ("strlen", &["\u{1f600}a"], "2"),
            ("toupper", &["a\u{e9}"], "A\u{c9}"),
            ("tolower", &["A\u{c9}"], "a\u{e9}"),
            ("replace", &["a.b", ".", "-"], "a-b"),
            ("replace", &["aaa", "a", "bb"], "bbbbbb"),
            ("replace", &["abc", "", "-"], "abc"),
            ("replace", &["abc", "x", "-"], "abc"),
            ("strcontains", &["GET /", "GET"], "1"),
            ("strcontains", &["GET /", "get"], "0"),
            ("strcontains", &["GET /", "get", "true"], "1"),
            ("strcontains", &["GET /", ""], "1"),
            ("startsWith", &["Describe", "Des"], "1"),
            ("startsWith", &["Describe", "des"], "0"),
            ("endsWith", &["Describe", "be"], "1"),
            ("endsWith", &["Describe", "bee"], "0"),
            ("split", &["a,b", ","], "[\"a\",\"b\"]"),
            ("split", &["a,,", ","], "[\"a\",\"\",\"\"]"),
            ("split", &["a.b", "."], "[\"a\",\"b\"]"),
            ("split", &["ab", ""], "[\"ab\"]"),
        ] {
            assert_eq!(of_texts(name, arguments).as_deref(), Some(expected), "{name}{arguments:?}");
        }
    }

    #[test]
    fn parts_by_character() {
        for (whole, start, length, expected) in [
            ("xyZfooxyZ", 3.0, Some(3.0), "foo"),
            ("xyZfooxyZ", 3.0, None, "fooxyZ"),
            ("\u{e9}\u{1f600}b", 1.0, Some(1.0), "\u{1f600}"),
            ("abc", 3.0, None, ""),
            ("abc", 99.0, Some(2.0), ""),
            ("abc", -2.0, Some(2.0), "ab"),
            ("abc", 0.0, Some(1e300), "abc"),
            ("abc", 1.9, Some(1.9), "b"),
            ("abc", 1.0, Some(0.0), ""),
            ("abc", 1.0, Some(-1.0), ""),
        ] {
            let mut arguments = vec![text(whole), number(start)];
            arguments.extend(length.map(number));
            assert_eq!(call("substr", &arguments).as_deref(), Some(expected), "{whole} {start} {length:?}");
        }
        assert_eq!(call("substr", &[text("abc"), text("x")]), None);
        assert_eq!(call("substr", &[number(12345.0), number(1.0), number(2.0)]).as_deref(), Some("23"));
    }

    #[test]
    fn a_part_of_a_borrowed_text_is_borrowed() {
        let value = Value::Text(Cow::Borrowed(" abc "));
        assert!(matches!(part(&value, str::trim), Value::Text(Cow::Borrowed("abc"))));
    }

    #[test]
    fn concat_renders_numbers_and_times() {
        assert_eq!(call("concat", &[text("a"), text("-"), number(1.0)]).as_deref(), Some("a-1"));
        assert_eq!(call("concat", &[number(122.070_312_5), text("s")]).as_deref(), Some("122.0703s"));
        let time = Value::Time(EpochMillis(0));
        assert_eq!(call("concat", &[text("@"), time]).as_deref(), Some("@1970-01-01 00:00:00.000"));
        assert_eq!(call("concat", &[text("a"), Value::Missing, text("b")]).as_deref(), Some("ab"));
        assert_eq!(call("concat", &[Value::Missing]).as_deref(), Some(""));
    }

    #[test]
    fn nothing_and_lists_are_no_text() {
        let list = call("split", &[text("a,b"), text(",")]).unwrap();
        let list = super::super::json::parse(&list).unwrap();
        for nothing in [Value::Missing, list] {
            assert_eq!(call("isempty", std::slice::from_ref(&nothing)).as_deref(), Some("1"));
            assert_eq!(call("isblank", std::slice::from_ref(&nothing)).as_deref(), Some("1"));
            assert_eq!(call("concat", &[nothing.clone(), text("a")]).as_deref(), Some("a"));
            for name in
                ["trim", "strlen", "toupper", "substr", "replace", "strcontains", "startsWith", "split"]
            {
                assert_eq!(call(name, &[nothing.clone(), text("1"), text("1")]), None, "{name}");
            }
            assert_eq!(call("strcontains", &[text("a"), nothing.clone()]), None);
            assert_eq!(call("trim", &[text("a"), nothing]), None);
        }
    }

    #[test]
    fn regexes_replace_all_matches() {
        for (arguments, expected) in [
            (["a1b22", "[0-9]+", "#"], "a#b#"),
            (["user=al id=7", r"(\w+)=(\w+)", "$2:$1"], "al:user 7:id"),
            (["abc", "x", "y"], "abc"),
            (["abc", "", "-"], "-a-b-c-"),
            (["\u{e9}a", ".", "x"], "xx"),
        ] {
            let arguments = arguments.map(|argument| Value::text_of(argument.to_owned()));
            assert_eq!(call_literals("regexReplace", &arguments).as_deref(), Some(expected));
        }
        assert_eq!(of_texts("regexReplace", &["a", "(", "b"]), None);
        let refused = refuse("regexReplace", &[text("a"), text("("), text("b")]);
        assert_eq!((refused.argument, refused.message.as_str()), (1, "`(` is no regex: unclosed group"));
        assert_eq!(refuse("regexReplace", &[text("a"), text("a"), text("$1")]).argument, 2);
    }
}
