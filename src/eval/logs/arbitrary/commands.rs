//! Commands of a query, and the pipelines that they make.

use arbitrary::{Result, Unstructured};

/// With `#` for an expression.
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

pub(super) struct Text<'u, 'a> {
    pub(super) u: &'u mut Unstructured<'a>,
    pub(super) out: String,
    /// Names that the query has defined, spelled as they are to be.
    pub(super) names: Vec<String>,
    pub(super) raw: bool,
    /// Behind a `stats` by `bin`.
    pub(super) binned: bool,
    pub(super) joined: bool,
    pub(super) nested: bool,
    pub(super) windowed: bool,
    pub(super) fresh: usize,
}

impl<'u, 'a> Text<'u, 'a> {
    pub(super) fn new(u: &'u mut Unstructured<'a>, windowed: bool) -> Self {
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

    pub(super) fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(super) fn pipeline(&mut self, most: usize) -> Result<()> {
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
                        if index > 0 && self.u.ratio(1, 3)? {
                            self.push("concat(k0, \"!\")");
                        } else {
                            self.expression(1)?;
                        }
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
}
