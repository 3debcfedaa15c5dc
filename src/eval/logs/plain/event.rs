//! A log event with all its fields, by a parser of JSON that goes through the text from left to right
//! (`spec/logs-insights.md` 5).

use super::super::lambda;
use super::super::memory::MemoryRecord;
use crate::EpochMillis;
use crate::values::{Number, Value};

/// Deeper JSON is not judged, for the parser recurses.
const DEEPEST: usize = 200;
const MOST_FIELDS: usize = 200;

/// A log event.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) message: String,
    pub(super) time: Option<EpochMillis>,
    /// The fields discovered, in order.
    pub(super) fields: Vec<(String, Value<'static>)>,
    ingestion_time: Option<EpochMillis>,
    log_stream: Option<String>,
    log: Option<String>,
    ptr: String,
    system: Vec<(String, Value<'static>)>,
}

impl Event {
    /// `None` for JSON that is nested too deeply.
    pub(super) fn of(record: &MemoryRecord, place: usize) -> Option<Self> {
        let json = object_in(&record.message)?;
        let mut fields = Vec::new();
        let mut time = record.timestamp;
        if let Some(Json::Object(members)) = &json {
            flatten("", members, &mut fields);
            let named = |name: &str| members.iter().find(|(key, _)| key == name).map(|(_, value)| value);
            let told = ["eventTime", "timestamp", "@timestamp"].into_iter().filter_map(named);
            time = time.or_else(|| told.into_iter().find_map(time_of));
        }
        Some(Event {
            message: record.message.clone(),
            time,
            fields,
            ingestion_time: record.ingestion_time,
            log_stream: record.log_stream.clone(),
            log: record.log.clone(),
            ptr: format!("memory@{place}"),
            system: record.system.clone(),
        })
    }

    /// The value of a field of the service's own, or of one that was discovered.
    pub(super) fn field(&self, name: &str) -> Value<'static> {
        let text = |text: &Option<String>| text.clone().map_or(Value::Missing, Value::text_of);
        let time = |time: Option<EpochMillis>| time.map_or(Value::Missing, Value::Time);
        match name {
            "@message" => Value::text_of(self.message.clone()),
            "@timestamp" => time(self.time),
            "@ingestionTime" => time(self.ingestion_time),
            "@logStream" => text(&self.log_stream),
            "@log" => text(&self.log),
            "@ptr" => Value::text_of(self.ptr.clone()),
            _ if name.starts_with('@') && !name.starts_with("@@") => {
                match self.system.iter().find(|(known, _)| known == name) {
                    Some((_, value)) => value.clone(),
                    None => lambda::field(&self.message, name).into_owned(),
                }
            }
            _ => {
                let found = self.fields.iter().find(|(known, _)| known == name);
                found.map_or(Value::Missing, |(_, value)| value.clone())
            }
        }
    }
}

/// A leaf under each name, up to the most that are discovered.
fn flatten(prefix: &str, members: &[(String, Json)], fields: &mut Vec<(String, Value<'static>)>) {
    for (key, value) in members {
        let name = match prefix {
            "" if key.starts_with('@') => format!("@{key}"),
            "" => key.clone(),
            _ => format!("{prefix}.{key}"),
        };
        let leaf = match value {
            Json::Null => continue,
            Json::Bool(holds) => Value::bool(*holds),
            Json::Number(text) => match Number::spelled(text.clone()) {
                Some(number) => Value::Number(number),
                None => Value::text_of(text.clone()),
            },
            Json::Text(text) => Value::text_of(text.clone()),
            Json::Array(elements) => {
                let elements: Vec<(String, Json)> =
                    elements.iter().enumerate().map(|(at, value)| (at.to_string(), value.clone())).collect();
                flatten(&name, &elements, fields);
                continue;
            }
            Json::Object(members) => {
                flatten(&name, members, fields);
                continue;
            }
        };
        if fields.len() < MOST_FIELDS && fields.iter().all(|(known, _)| *known != name) {
            fields.push((name, leaf));
        }
    }
}

fn time_of(value: &Json) -> Option<EpochMillis> {
    let of_number = |text: &str| {
        text.parse::<i64>().ok().or_else(|| {
            let millis = text.parse::<f64>().ok().filter(|millis| millis.abs() <= 9_007_199_254_740_992.0)?;
            Some(millis.floor() as i64)
        })
    };
    match value {
        Json::Number(text) => of_number(text).map(EpochMillis),
        Json::Text(text) => match text.parse::<jiff::Timestamp>() {
            Ok(time) => Some(EpochMillis(time.as_millisecond())),
            Err(_) => of_number(text).map(EpochMillis),
        },
        _ => None,
    }
}

#[derive(Clone, Debug)]
enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Json>),
    /// Of equal keys the last.
    Object(Vec<(String, Json)>),
}

/// The object that the message is, or the first text in braces within it that is one; `None` where it is nested too deeply to tell.
fn object_in(message: &str) -> Option<Option<Json>> {
    let mut reader = Reader { rest: message, too_deep: false };
    let mut object = reader.value(0).filter(|_| {
        reader.blanks();
        reader.rest.is_empty()
    });
    if !matches!(object, Some(Json::Object(_))) {
        object = None;
        let mut rest = message;
        while let (None, Some(group)) = (&object, braces(rest)) {
            reader.rest = group;
            object = reader.value(0).filter(|_| reader.rest.is_empty());
            rest = rest.split_once(group).map_or("", |(_, behind)| behind);
        }
    }
    (!reader.too_deep).then_some(object)
}

/// From the first brace on up to the one that closes it; braces in quotes do not count.
fn braces(text: &str) -> Option<&str> {
    let from = text.get(text.find('{')?..)?;
    let (mut depth, mut quoted, mut chars) = (0, false, from.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => {
                chars.next();
            }
            '{' if !quoted => depth += 1,
            '}' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return from.get(..=at);
        }
    }
    None
}

struct Reader<'t> {
    rest: &'t str,
    too_deep: bool,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn eat(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.too_deep |= depth > DEEPEST;
        if self.too_deep {
            return None;
        }
        self.blanks();
        match self.rest.chars().next()? {
            'n' => self.eat("null").map(|()| Json::Null),
            't' => self.eat("true").map(|()| Json::Bool(true)),
            'f' => self.eat("false").map(|()| Json::Bool(false)),
            '"' => self.text().map(Json::Text),
            '[' => self.array(depth),
            '{' => self.object(depth),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        self.eat("[")?;
        let mut elements = Vec::new();
        self.blanks();
        if self.eat("]").is_some() {
            return Some(Json::Array(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            self.blanks();
            if self.eat(",").is_none() {
                return self.eat("]").map(|()| Json::Array(elements));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.eat("{")?;
        let mut members: Vec<(String, Json)> = Vec::new();
        self.blanks();
        if self.eat("}").is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.blanks();
            let key = self.text()?;
            self.blanks();
            self.eat(":")?;
            let value = self.value(depth + 1)?;
            members.retain(|(known, _)| *known != key);
            members.push((key, value));
            self.blanks();
            if self.eat(",").is_none() {
                return self.eat("}").map(|()| Json::Object(members));
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let from = self.rest;
        let _ = self.eat("-");
        if self.eat("0").is_none() {
            self.digits()?;
        }
        if self.eat(".").is_some() {
            self.digits()?;
        }
        if self.eat("e").or_else(|| self.eat("E")).is_some() {
            let _ = self.eat("+").or_else(|| self.eat("-"));
            self.digits()?;
        }
        let length = from.len() - self.rest.len();
        from.get(..length).map(|text| Json::Number(text.to_owned()))
    }

    fn digits(&mut self) -> Option<()> {
        let behind = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let some = behind.len() < self.rest.len();
        self.rest = behind;
        some.then_some(())
    }

    fn text(&mut self) -> Option<String> {
        self.eat("\"")?;
        let mut text = String::new();
        loop {
            let c = self.rest.chars().next()?;
            self.rest = self.rest.get(c.len_utf8()..)?;
            match c {
                '"' => return Some(text),
                '\\' => text.push(self.escape()?),
                c if c < ' ' => return None,
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..)?;
        Some(match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.unit()?;
                if !(0xd800..0xe000).contains(&unit) {
                    return char::from_u32(unit);
                }
                self.eat("\\u")?;
                let units = [u16::try_from(unit).ok()?, u16::try_from(self.unit()?).ok()?];
                char::decode_utf16(units).next()?.ok()?
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let digits =
            self.rest.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.rest = self.rest.get(4..)?;
        u32::from_str_radix(digits, 16).ok()
    }
}
