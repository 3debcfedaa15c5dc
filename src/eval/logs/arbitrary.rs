//! Random queries over random log events, for property tests and fuzzing: few names and values, so that much agrees.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::memory::{MemoryGroups, MemoryRecord};
use super::run::QueryWindow;
use crate::EpochMillis;
use crate::plan::logs::{CompileOptions, MissingNegation};
use crate::values::{LookupTable, Value};

/// A query, mostly one that compiles, and events, mostly such that the query says something about them.
#[derive(Clone)]
pub struct ArbitraryRun {
    /// The text of the query.
    pub query: String,
    /// With two lookup tables, `t` and `nets`.
    pub options: CompileOptions,
    /// When and over which time it is run.
    pub window: QueryWindow,
    /// Log groups; that without a name is the default.
    pub groups: Vec<(Option<String>, Vec<MemoryRecord>)>,
}

/// 2026-03-01 10:00 UTC.
const START: i64 = 1_772_359_200_000;
const TABLE: &str = "a,name,n\n1,one,5\nx,ex,\n2,two,7\n1,again,9\n";
const NETS: &str = "cidr,zone\n10.0.0.0/8,inner\n10.0.0.0/24,inmost\n2001:db8::/32,six\n";

const FIELDS: &[&str] = &[
    "a",
    "b",
    "n",
    "m.x",
    "m.y",
    "l.0",
    "l.1.x",
    "d.e",
    "m.x.y",
    "s",
    "t",
    "`odd-key`",
    "@message",
    "@timestamp",
    "@@s",
    "@@s.x",
    "@logStream",
    "@type",
    "eventTime",
    "l.00",
    "d.e.0",
    "@ingestionTime",
    "@duration",
];
const KEYS: &[&str] = &[
    "a",
    "a",
    "a",
    "b",
    "n",
    "n",
    "m",
    "l",
    "s",
    "s",
    "t",
    "x",
    "y",
    "d.e",
    "d",
    "e",
    "m.x",
    "@s",
    "odd-key",
    "0",
    "1",
    "eventTime",
    "timestamp",
    "@timestamp",
    "l.0",
];
const NUMBERS: &[&str] = &[
    "1",
    "2",
    "1.0",
    "1e0",
    "-3",
    "0.5",
    "10",
    "007",
    "9007199254740993",
    "-0",
    "1e999",
    "1772359200000",
    "3",
    "0",
];
const WORDS: &[&str] = &[
    "x",
    "y",
    "abc",
    "true",
    "",
    "1",
    "2.0",
    "10.0.0.7",
    "2001:db8::1",
    "k=v w=\"q r\" z",
    "1,2,\"a,b\"",
    "[1,\"x\",null]",
    "[{\"x\":1},{\"x\":2}]",
    "{\"x\":1,\"y\":[1,2]}",
    "ab/cd",
    "é",
    "a b  c",
    "2026-03-01T10:05:00Z",
    "aGk=",
    "0xff",
    "%41",
    "x1y22",
    "ERROR in 12 ms",
    "i-9",
    "i-10",
    "ABC",
    "NaN",
    "\"",
    "\\",
    "user=al, took 5",
    "1e999",
];
const REGEXES: &[&str] = &["x", "^a", "[0-9]+", "(?i)ABC", "b|y", "", "^$", "\\\\", "e.*r"];
const FUNCTIONS: &[&str] = &[
    "abs(#)",
    "concat(#, \"-\", #)",
    "coalesce(#, #)",
    "if(?, #, #)",
    "case(?, #, ?, #, #)",
    "case(?, #)",
    "jsonParse(#)",
    "jsonParse(#).x",
    "jsonParse(#)[0]",
    "jsonStringify(#)",
    "jsonArraySize(#)",
    "jsonArrayContains(#, #)",
    "strlen(#)",
    "toupper(#)",
    "tolower(#)",
    "substr(#, 1, 2)",
    "replace(#, \"a\", #)",
    "regexReplace(#, \"[0-9]+\", \"<$0>\")",
    "strcontains(#, #)",
    "startsWith(#, \"1\")",
    "endsWith(#, #)",
    "trim(#)",
    "ltrim(#, \"x\")",
    "split(#, \",\")",
    "isempty(#)",
    "isblank(#)",
    "urlencode(#)",
    "urldecode(#)",
    "base64encode(#)",
    "base64decode(#)",
    "decToHex(#)",
    "hexToDec(#)",
    "isValidIp(#)",
    "isIpInSubnet(#, \"10.0.0.0/8\")",
    "ipv4ToNumber(#)",
    "isPrivateIP(#)",
    "bin(5m)",
    "bin(1h)",
    "datefloor(#, 1h)",
    "dateceil(#, 5m)",
    "fromMillis(#)",
    "toMillis(#)",
    "formatDate(#, \"%Y-%m-%d\")",
    "parseDate(#, \"yyyy-MM-dd\")",
    "unmask(#)",
    "ispresent(#)",
    "now()",
    "isNumeric(#)",
    "messageSize(#)",
    "md5(#)",
    "round(#, 1)",
    "ceil(#)",
    "floor(#)",
    "greatest(#, #)",
    "least(#, #)",
    "sqrt(#)",
    "log(#)",
    "toNumber(#)",
    "toInt(#)",
    "toLong(#)",
    "haversine(#, #, #, #)",
    "queryStartTime()",
    "queryTimeRange()",
    "-(#)",
    "+(#)",
    "(#)",
    "sha256(#)",
    "hexToAscii(#)",
    "isPublicIP(#)",
    "isReservedIP(#)",
    "not (?)",
    "(?)",
];
const AGGREGATES: &[&str] = &[
    "count(*)",
    "count()",
    "count(#)",
    "countDistinct(#)",
    "sum(#)",
    "avg(#)",
    "min(#)",
    "max(#)",
    "pct(#, 50)",
    "pct(#, 90)",
    "stddev(#)",
    "variance(#)",
    "values(#)",
    "earliest(#)",
    "latest(#)",
    "sortsFirst(#)",
    "sortsLast(#)",
    "rate(#, 1m)",
    "histogram(#, 2)",
    "sum(#) / count(*)",
    "ceil(avg(#))",
    "max(#) - min(#)",
    "if(count(*) > 1, \"many\", \"one\")",
    "sum(?)",
    "countOverTime(#)",
    "sumOverTime(#)",
    "concat(max(#), \"!\")",
];

impl fmt::Debug for ArbitraryRun {
    /// The query, the window and the events, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let negation = self.options.missing_negation;
        write!(f, "{}\n  {:?}, {negation:?}", self.query, self.window.range)?;
        for (group, records) in &self.groups {
            for record in records {
                let (name, time) = (group.as_deref().unwrap_or("-"), record.timestamp.map(|time| time.0));
                write!(f, "\n  {name} {time:?} {}", record.message)?;
                if !record.system.is_empty() {
                    write!(f, " {:?}", record.system)?;
                }
            }
        }
        Ok(())
    }
}

impl<'a> Arbitrary<'a> for ArbitraryRun {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let window = if u.ratio(2, 3)? {
            let start = START + 60_000 * u.int_in_range(-20..=20)?;
            Some((EpochMillis(start), EpochMillis(start + 60_000 * u.int_in_range(5..=90)?)))
        } else {
            None
        };
        let mut text = Text::new(u, window.is_some());
        text.pipeline(6)?;
        let query = text.out;
        let mut groups = vec![(None, records(u, 10)?)];
        for name in ["g", "h"] {
            groups.push((Some(name.to_owned()), records(u, 4)?));
        }
        let missing_negation = if u.ratio(1, 4)? { MissingNegation::NoMatch } else { MissingNegation::Match };
        let window = QueryWindow { now: EpochMillis(START + 7_200_000), range: window };
        Ok(ArbitraryRun { query, options: ArbitraryRun::options(missing_negation), window, groups })
    }
}

impl ArbitraryRun {
    /// A run of this text over these messages.
    pub fn of_text(query: &str, messages: &[&str]) -> Self {
        let record =
            |message: &&str| MemoryRecord { message: (*message).to_owned(), ..MemoryRecord::default() };
        ArbitraryRun {
            query: query.to_owned(),
            options: ArbitraryRun::options(MissingNegation::Match),
            window: QueryWindow {
                now: EpochMillis(START + 7_200_000),
                range: Some((EpochMillis(START), EpochMillis(START + 3_600_000))),
            },
            groups: vec![
                (None, messages.iter().map(record).collect()),
                (Some("g".to_owned()), messages.iter().rev().map(record).collect()),
            ],
        }
    }

    /// The groups, read in parts of so many events.
    pub fn memory(&self, part_events: usize) -> MemoryGroups {
        let unnamed = self.groups.iter().find(|(name, _)| name.is_none());
        let events = unnamed.map(|(_, records)| records.clone()).unwrap_or_default();
        let mut groups = MemoryGroups::of_events(events).in_parts_of(part_events);
        for (name, records) in &self.groups {
            if let Some(name) = name {
                groups = groups.with_group(name, records.clone());
            }
        }
        groups
    }

    fn options(missing_negation: MissingNegation) -> CompileOptions {
        let table = |name: &str, csv: &str| {
            Some((name.to_owned(), Arc::new(LookupTable::from_csv(csv.as_bytes()).ok()?)))
        };
        let tables: BTreeMap<String, Arc<LookupTable>> =
            [table("t", TABLE), table("nets", NETS)].into_iter().flatten().collect();
        CompileOptions { missing_negation, tables, ..CompileOptions::default() }
    }
}

fn records(u: &mut Unstructured<'_>, most: usize) -> Result<Vec<MemoryRecord>> {
    let mut records = Vec::new();
    for _ in 0..u.int_in_range(0..=most)? {
        let time = |u: &mut Unstructured<'_>| Ok(EpochMillis(START + 30_000 * u.int_in_range(0..=100)?));
        let mut message = String::new();
        match u.int_in_range(0..=9)? {
            0 => message.push_str(u.choose(WORDS)?),
            1 => {
                message.push_str(u.choose(&["[ERROR] disk ", "a=1 b=", "took ", "Exception: ", "x "])?);
                message.push_str(u.choose(NUMBERS)?);
                if u.arbitrary()? {
                    message.push_str(" ms ");
                    object(u, &mut message, 2)?;
                    message.push_str(" end");
                }
            }
            2 => message.push_str(
                "REPORT RequestId: r1\tDuration: 12.5 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB",
            ),
            _ => object(u, &mut message, 0)?,
        }
        records.push(MemoryRecord {
            message,
            timestamp: if u.ratio(3, 4)? { Some(time(u)?) } else { None },
            ingestion_time: if u.ratio(1, 8)? { Some(time(u)?) } else { None },
            log_stream: if u.ratio(1, 8)? { Some("s1".to_owned()) } else { None },
            log: None,
            system: if u.ratio(1, 8)? { vec![("@type".into(), Value::text_of("END"))] } else { Vec::new() },
        });
    }
    Ok(records)
}

fn object(u: &mut Unstructured<'_>, out: &mut String, depth: usize) -> Result<()> {
    out.push('{');
    // So many that what follows is perhaps not discovered any more.
    let before = if depth == 0 && u.ratio(1, 24)? { u.int_in_range(194..=202)? } else { 0 };
    (0..before).for_each(|at| out.push_str(&format!("{}\"f{at}\":{at}", if at > 0 { "," } else { "" })));
    for index in 0..u.int_in_range(0..=if depth == 0 { 6 } else { 2 })? {
        out.push_str(if index + before > 0 { "," } else { "" });
        let key = u.choose(KEYS)?;
        string(u, out, key)?;
        out.push_str(u.choose(&[":", " : "])?);
        value(u, out, depth + 1)?;
    }
    out.push('}');
    Ok(())
}

fn value(u: &mut Unstructured<'_>, out: &mut String, depth: usize) -> Result<()> {
    match u.int_in_range(0..=11)? {
        0 => out.push_str("null"),
        1 => out.push_str(if u.arbitrary()? { "true" } else { "false" }),
        2..=4 => out.push_str(u.choose(NUMBERS)?.trim_start_matches("00")),
        5 if depth < 4 => {
            out.push('[');
            for index in 0..u.int_in_range(0..=3)? {
                out.push_str(if index > 0 { "," } else { "" });
                value(u, out, depth + 1)?;
            }
            out.push(']');
        }
        6..=7 if depth < 4 => object(u, out, depth)?,
        _ => {
            let word = u.choose(WORDS)?;
            string(u, out, word)?;
        }
    }
    Ok(())
}

/// A JSON string, now and then with escapes that are not needed.
fn string(u: &mut Unstructured<'_>, out: &mut String, meant: &str) -> Result<()> {
    out.push('"');
    for c in meant.chars() {
        if c.is_control() || matches!(c, '"' | '\\') || u.ratio(1, 24)? {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else if c == '/' && u.arbitrary()? {
            out.push_str("\\/");
        } else {
            out.push(c);
        }
    }
    out.push('"');
    Ok(())
}

/// The text of a query while it is written.
struct Text<'u, 'a> {
    u: &'u mut Unstructured<'a>,
    out: String,
    /// Names that the query has defined, spelled as they are to be.
    names: Vec<String>,
    raw: bool,
    /// Behind a `stats` by `bin`.
    binned: bool,
    joined: bool,
    nested: bool,
    windowed: bool,
    fresh: usize,
}

impl<'u, 'a> Text<'u, 'a> {
    fn new(u: &'u mut Unstructured<'a>, windowed: bool) -> Self {
        Text {
            u,
            out: String::new(),
            names: Vec::new(),
            raw: true,
            binned: false,
            joined: false,
            nested: false,
            windowed,
            fresh: 0,
        }
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn pipeline(&mut self, most: usize) -> Result<()> {
        let stages = self.u.int_in_range(1..=most)?;
        for stage in 0..stages {
            if stage > 0 {
                self.push(" | ");
            }
            if !self.stage(stage + 1 == stages)? {
                break;
            }
        }
        Ok(())
    }

    /// Whether anything but `limit` may follow.
    fn stage(&mut self, is_last: bool) -> Result<bool> {
        match self.u.int_in_range(0..=45)? {
            0..=4 => {
                self.push("filter ");
                self.condition(2)?;
            }
            5 => {
                let from = *self.u.choose(&["@message", "s", "t", "@message"])?;
                self.push(&format!("fields jsonParse({from}) as j"));
                self.names.extend(["j", "j.x", "j.a", "j.m.x", "j.l", "j[0]"].map(str::to_owned));
                if self.u.arbitrary()? {
                    self.push(", j.x as v0");
                }
            }
            6..=9 => {
                self.push("fields ");
                self.items(true)?;
            }
            10 => {
                self.push("display ");
                self.items(true)?;
            }
            11..=15 => self.stats()?,
            16..=18 => {
                self.push("sort ");
                self.list(2, |text| {
                    text.field()?;
                    let direction = *text.u.choose(&["", " asc", " desc"])?;
                    text.push(direction);
                    Ok(())
                })?;
            }
            19..=20 => {
                let limit =
                    *self.u.choose(&["limit 3", "limit 5", "limit any 2", "head 2", "tail 2", "limit 7"])?;
                self.push(limit);
            }
            21..=24 => self.parse()?,
            25 => {
                let path = *self.u.choose(&["x", "y[1]", "y", "x.y"])?;
                self.push("json field=");
                self.field()?;
                self.push(&format!(" \"{path}\" as "));
                self.new_name()?;
            }
            26..=27 => {
                self.push("unnest ");
                if !self.names.is_empty() && self.u.arbitrary()? {
                    self.alias()?;
                } else {
                    self.push("jsonParse(");
                    self.field()?;
                    self.push(")");
                    if self.u.ratio(1, 3)? {
                        self.push(".y");
                    }
                }
                self.push(" into ");
                self.new_name()?;
            }
            28 => {
                self.push("expand ");
                self.field()?;
            }
            29 => {
                self.push("lookup t a");
                if self.u.ratio(2, 3)? {
                    self.push(" as ");
                    self.field()?;
                }
                let output = *self.u.choose(&[" OUTPUT ", " OUTPUTNEW "])?;
                let columns = *self.u.choose(&["name", "n", "name, n"])?;
                self.push(output);
                self.push(columns);
                self.names.extend(columns.split(", ").map(str::to_owned));
            }
            30 => {
                self.push("cidrlookup nets ");
                self.field()?;
                let output = *self.u.choose(&[" OUTPUT zone as ", " OUTPUTNEW zone as "])?;
                self.push(output);
                self.new_name()?;
            }
            31..=32 => {
                self.push("dedup ");
                self.list(2, Self::field)?;
                if !is_last {
                    self.push(" | limit 4");
                }
                return Ok(false);
            }
            33..=37 => self.windows()?,
            38 => {
                self.push("countFrequent ");
                let from = self.out.len();
                self.list(2, Self::field)?;
                self.replaced(vec!["_approxcount".to_owned()]);
                let fields = self.out.get(from..).unwrap_or_default().to_owned();
                self.names.extend(fields.split(", ").map(str::to_owned));
            }
            39 => {
                self.push("relevantfields ");
                if self.u.arbitrary()? {
                    self.list(3, Self::raw_field)?;
                    self.push(" ");
                }
                self.push("where ");
                self.condition(1)?;
                self.replaced(
                    ["@fieldName", "@relevanceScore", "@conditionalMedian"].map(str::to_owned).to_vec(),
                );
            }
            40..=41 => {
                let what = *self.u.choose(&[
                    "pattern @message",
                    "pattern s",
                    "pattern @message | diff",
                    "pattern @message | diff previousDay",
                    "pattern @message | anomaly",
                    "pattern @message | diff | anomaly",
                    "logcompare timeshift 30m",
                    "pattern concat(a, s)",
                ])?;
                self.push(what);
                let names = ["@pattern", "@ratio", "@sampleCount", "@severityLabel"];
                self.replaced(names.map(str::to_owned).to_vec());
            }
            42 if !self.joined && !self.nested => self.join()?,
            43 if !self.nested => {
                let how = *self.u.choose(&[
                    "",
                    "override=true ",
                    "override=false ",
                    "max=2 ",
                    "override=true max=1 ",
                ])?;
                self.push(&format!("appendcols {how}("));
                self.within(2)?;
                self.push(")");
            }
            44 if is_last && !self.nested && self.u.arbitrary()? => self.push("estimate"),
            _ => {
                self.push("filterIndex ");
                self.field()?;
                self.push(" = ");
                self.literal()?;
            }
        }
        Ok(true)
    }

    fn stats(&mut self) -> Result<()> {
        self.push("stats ");
        let mut names = Vec::new();
        if self.u.ratio(1, 12)? {
            self.push("topk(2, ");
            self.field()?;
            self.push(") as top");
            self.replaced(vec!["top".to_owned()]);
            return Ok(());
        }
        for index in 0..self.u.int_in_range(1..=3)? {
            self.push(if index > 0 { ", " } else { "" });
            let aggregate = *self.u.choose(AGGREGATES)?;
            let from = self.out.len();
            self.filled(aggregate, 1)?;
            if self.u.ratio(3, 4)? {
                let name = format!("r{index}");
                self.push(&format!(" as {name}"));
                names.push(name);
            } else {
                names.push(format!("`{}`", self.out.get(from..).unwrap_or_default()));
            }
            if self.u.ratio(1, 10)? {
                self.push(&format!(", {} + 1 as more", names.last().map(String::as_str).unwrap_or_default()));
                names.push("more".to_owned());
            }
        }
        let mut binned = false;
        if self.u.ratio(3, 4)? {
            self.push(" by ");
            for index in 0..self.u.int_in_range(1..=2)? {
                self.push(if index > 0 { ", " } else { "" });
                let name = format!("k{index}");
                match self.u.int_in_range(0..=5)? {
                    0..=1 if !binned => {
                        let bin = *self.u.choose(&["bin(5m)", "bin(10m)", "bin(1h)"])?;
                        self.push(bin);
                        binned = true;
                        if self.u.arbitrary()? {
                            self.push(&format!(" as {name}"));
                            names.push(name);
                        } else {
                            names.push(format!("`{bin}`"));
                        }
                    }
                    2 => {
                        self.expression(1)?;
                        self.push(&format!(" as {name}"));
                        names.push(name);
                    }
                    3 if self.u.ratio(1, 3)? => {
                        self.push("histogram(n, 2) as ");
                        self.push(&name);
                        names.push(name);
                    }
                    _ => {
                        let from = self.out.len();
                        self.field()?;
                        names.push(self.out.get(from..).unwrap_or_default().to_owned());
                    }
                }
            }
            if binned && self.u.ratio(1, 4)? {
                let offset = *self.u.choose(&[" offset 2m", " offset 30s"])?;
                self.push(offset);
            }
        }
        self.replaced(names);
        self.binned = binned;
        Ok(())
    }

    fn parse(&mut self) -> Result<()> {
        self.push("parse ");
        if self.u.ratio(2, 3)? {
            if self.u.ratio(1, 5)? {
                self.push("concat(");
                self.field()?;
                self.push(", \" \", ");
                self.field()?;
                self.push(")");
            } else {
                self.field()?;
            }
            self.push(" ");
        }
        match self.u.int_in_range(0..=7)? {
            0 => {
                let glob = *self.u.choose(&["* *", "*,*", "a*=*", "**", "[*] *", "*\\**", "x*y*", "=* *"])?;
                self.push(&format!("\"{glob}\" as "));
                self.new_name()?;
                self.push(", ");
                self.new_name()?;
            }
            1 => {
                let glob = *self.u.choose(&["*", "took *", "*x", "a*b", "=*", "\"*\""])?;
                self.push(&format!("'{glob}' as "));
                self.new_name()?;
            }
            2 => {
                self.push("logfmt as lf");
                self.names.extend(["lf".to_owned(), "lf.k".to_owned(), "lf.w".to_owned()]);
            }
            3 => {
                self.push("csv as ");
                self.new_name()?;
                self.push(", ");
                self.new_name()?;
                self.push(", ");
                self.new_name()?;
            }
            kind => {
                let regex = *self.u.choose(&[
                    "/(?<p>[0-9]+)(?<q>[a-z])?/",
                    "/(?<p>x*)/",
                    "/(?<q>\\w+)=(?<p>\\w*)/",
                    "/(?<a>[^,]+)/",
                ])?;
                self.push(regex);
                if kind > 5 {
                    self.push(" multi");
                }
                self.names.extend(
                    ["p", "q"]
                        .into_iter()
                        .filter(|name| regex.contains(&format!("<{name}>")))
                        .map(str::to_owned),
                );
            }
        }
        Ok(())
    }

    fn windows(&mut self) -> Result<()> {
        match self.u.int_in_range(0..=8)? {
            0 => {
                self.push("accum ");
                self.field()?;
                if self.u.ratio(2, 3)? {
                    self.push(" as ");
                    self.new_name()?;
                }
            }
            1 => {
                self.push("autoregress ");
                self.field()?;
                if self.u.arbitrary()? {
                    self.push(" as lag");
                    let lags = *self.u.choose(&["", " p=1", " p=2", " p=2-3", " p=3-3"])?;
                    self.push(lags);
                    let name = if matches!(lags, " p=2" | " p=2-3") { "lag_p2" } else { "lag" };
                    self.names.push(name.to_owned());
                }
            }
            2..=3 => {
                let how = *self.u.choose(&[
                    "",
                    " col=true",
                    " row=false col=true",
                    " fieldname=sum",
                    " col=true fieldname=n",
                ])?;
                self.push(&format!("addtotals{how}"));
                if self.u.ratio(2, 3)? {
                    self.push(" ");
                    self.list(2, Self::field)?;
                }
                if !how.contains("row=false") {
                    let name = how.rsplit_once("fieldname=").map_or("Total", |(_, name)| name);
                    self.names.push(name.to_owned());
                }
            }
            4 => {
                let what = *self.u.choose(&[
                    "filldown",
                    "filldown a n",
                    "filldown m.*",
                    "filldown * n",
                    "filldown r* k*",
                ])?;
                self.push(what);
            }
            5 if self.binned => {
                self.push("fillmissing");
                if self.u.ratio(2, 3)? {
                    self.push(" with 0 for ");
                    self.alias()?;
                }
            }
            6..=7 => {
                let how = *self.u.choose(&[
                    "",
                    " action=remove",
                    " mark=true",
                    " param=0.5 uselower=true",
                    " param=0 action=remove mark=true",
                ])?;
                self.push(&format!("outlier{how} "));
                self.list(2, Self::field)?;
            }
            _ if self.raw => {
                self.push("sessionize ");
                self.list(2, Self::field)?;
                let span = *self.u.choose(&["", " maxspan 1m", " maxspan 5m"])?;
                self.push(span);
                self.push(" as ");
                self.new_name()?;
            }
            _ => {
                self.push("unmask ");
                self.field()?;
            }
        }
        Ok(())
    }

    fn join(&mut self) -> Result<()> {
        let kind = *self.u.choose(&["", "type=inner ", "type=left "])?;
        self.push(&format!("join {kind}left=L right=R where L."));
        self.field()?;
        self.push(" = R.");
        let key = *self.u.choose(&["a", "n", "m.x", "b"])?;
        self.push(key);
        self.push(" (SOURCE 'g'");
        if self.u.arbitrary()? {
            self.push(" | ");
            self.within(2)?;
        }
        self.push(")");
        self.joined = true;
        self.names.extend(["R.a", "R.n", "R.m.x", "L.a", "L.n", "R.@timestamp"].map(str::to_owned));
        Ok(())
    }

    /// A pipeline within this one.
    fn within(&mut self, most: usize) -> Result<()> {
        let mut inner = Text { nested: true, ..Text::new(self.u, self.windowed) };
        inner.pipeline(most)?;
        let text = inner.out;
        self.push(&text);
        Ok(())
    }

    fn replaced(&mut self, names: Vec<String>) {
        self.names = names;
        self.raw = false;
        self.binned = false;
    }

    fn list(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        for index in 0..self.u.int_in_range(1..=most)? {
            self.push(if index > 0 { ", " } else { "" });
            one(self)?;
        }
        Ok(())
    }

    fn items(&mut self, may_define: bool) -> Result<()> {
        self.list(3, |text| {
            if text.u.arbitrary()? {
                return text.field();
            }
            text.expression(2)?;
            if may_define && text.u.ratio(4, 5)? {
                text.push(" as ");
                text.new_name()?;
            }
            Ok(())
        })
    }

    /// A new name; now and then one that there is already.
    fn new_name(&mut self) -> Result<()> {
        let name = match self.u.int_in_range(0..=9)? {
            0 => "a".to_owned(),
            1 => "n".to_owned(),
            2 => "m".to_owned(),
            3 if !self.names.is_empty() => self.u.choose(&self.names)?.clone(),
            4 => "@x".to_owned(),
            _ => {
                self.fresh += 1;
                format!("v{}", self.fresh)
            }
        };
        self.push(&name);
        self.names.push(name.clone());
        if self.u.ratio(1, 4)? {
            self.names.push(format!("{name}.x"));
        }
        Ok(())
    }

    fn field(&mut self) -> Result<()> {
        let of_query = !self.names.is_empty() && (!self.raw || self.u.ratio(2, 5)?);
        if of_query { self.alias() } else { self.raw_field() }
    }

    fn alias(&mut self) -> Result<()> {
        if self.names.is_empty() {
            return self.raw_field();
        }
        let name = self.u.choose(&self.names)?.clone();
        self.push(&name);
        Ok(())
    }

    fn raw_field(&mut self) -> Result<()> {
        let field = *self.u.choose(FIELDS)?;
        self.push(field);
        Ok(())
    }

    fn literal(&mut self) -> Result<()> {
        match self.u.int_in_range(0..=12)? {
            0..=5 => {
                let number = *self.u.choose(NUMBERS)?;
                self.push(number);
            }
            6..=11 => {
                let word = *self.u.choose(WORDS)?;
                self.push(&format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")));
            }
            _ => {
                let word = *self.u.choose(&["null", "true", "false"])?;
                self.push(word);
            }
        }
        Ok(())
    }

    fn expression(&mut self, depth: usize) -> Result<()> {
        match self.u.int_in_range(0..=9)? {
            0..=3 => self.field(),
            4 => self.literal(),
            5..=6 if depth > 0 => {
                let operator = *self.u.choose(&["+", "-", "*", "/", "%", "^"])?;
                self.push("(");
                self.expression(depth - 1)?;
                self.push(&format!(" {operator} "));
                self.expression(depth - 1)?;
                self.push(")");
                Ok(())
            }
            _ if depth > 0 => {
                let function = *self.u.choose(FUNCTIONS)?;
                let misplaced = (function.starts_with("query") && !self.windowed)
                    || (function.starts_with("bin") && !self.raw);
                self.filled(if misplaced { "now()" } else { function }, depth - 1)
            }
            _ => self.field(),
        }
    }

    /// The text with an expression for each `#` and a condition for each `?`.
    fn filled(&mut self, text: &str, depth: usize) -> Result<()> {
        for c in text.chars() {
            match c {
                '#' => self.expression(depth)?,
                '?' => self.condition(depth)?,
                c => self.out.push(c),
            }
        }
        Ok(())
    }

    fn condition(&mut self, depth: usize) -> Result<()> {
        match self.u.int_in_range(0..=18)? {
            15..=16 => {
                // What is likely to hold, also in raw text.
                let likely = *self.u.choose(&[
                    "a = \"abc\" or a = 1 or s = \"ab/cd\"",
                    "a like \"1\" or @message like \"abc\"",
                    "s in [\"abc\", \"true\", \"k=v\", \"a b  c\"]",
                    "ispresent(d.e)",
                    "ispresent(`odd-key`) and `odd-key` != \"abc\"",
                    "@message like \"a\"",
                    "a = \"1e999\" or n = \"1e999\"",
                    "eventTime >= 0",
                    "@@s.x = \"abc\" or @@s like \"abc\"",
                ])?;
                self.push(likely);
            }
            17..=18 => {
                self.push("not ispresent(");
                self.field()?;
                self.push(")");
            }
            0..=1 if depth > 0 => {
                let operator = *self.u.choose(&[" and ", " or "])?;
                self.push("(");
                self.condition(depth - 1)?;
                self.push(operator);
                self.condition(depth - 1)?;
                self.push(")");
            }
            2 if depth > 0 => {
                self.push("not (");
                self.condition(depth - 1)?;
                self.push(")");
            }
            3 => {
                self.field()?;
                let how = *self.u.choose(&[" like ", " not like "])?;
                self.push(how);
                let word = *self.u.choose(WORDS)?;
                self.push(&format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")));
            }
            4 => {
                self.expression(depth)?;
                let how = *self.u.choose(&[" like ", " not like ", " =~ "])?;
                let regex = *self.u.choose(REGEXES)?;
                self.push(&format!("{how}/{regex}/"));
            }
            5 => {
                self.field()?;
                let how = *self.u.choose(&[" in [", " not in ["])?;
                self.push(how);
                self.list(3, Self::literal)?;
                self.push("]");
            }
            6 if !self.nested => {
                self.field()?;
                let how = *self.u.choose(&[" in (", " not in ("])?;
                self.push(how);
                self.push("SOURCE 'h' | ");
                let field = *self.u.choose(&[
                    "fields a",
                    "fields n",
                    "stats count(*) as c by n | display n",
                    "fields l.0 | limit 1",
                ])?;
                self.push(field);
                self.push(")");
            }
            7 => {
                self.push("ispresent(");
                self.field()?;
                self.push(")");
            }
            8 => self.expression(depth)?,
            9 => {
                self.expression(depth)?;
                self.push(" = ");
                self.expression(depth)?;
            }
            _ => {
                self.field()?;
                let operator = *self.u.choose(&[" = ", " != ", " < ", " <= ", " > ", " >= "])?;
                self.push(operator);
                self.literal()?;
            }
        }
        Ok(())
    }
}
