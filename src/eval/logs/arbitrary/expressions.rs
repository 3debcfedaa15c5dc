//! Expressions and conditions of a query, and the names and literals in them.

use arbitrary::Result;

use super::commands::Text;
use super::words::{FIELDS, NUMBERS, WORDS};

const REGEXES: &[&str] = &["x", "^a", "[0-9]+", "(?i)ABC", "b|y", "", "^$", "\\\\", "e.*r"];
/// With `#` for an expression and `?` for a condition.
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

impl Text<'_, '_> {
    pub(super) fn list(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        for index in 0..self.u.int_in_range(1..=most)? {
            self.push(if index > 0 { ", " } else { "" });
            one(self)?;
        }
        Ok(())
    }

    pub(super) fn items(&mut self, may_define: bool) -> Result<()> {
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
    pub(super) fn new_name(&mut self) -> Result<()> {
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

    pub(super) fn field(&mut self) -> Result<()> {
        let of_query = !self.names.is_empty() && (!self.raw || self.u.ratio(2, 5)?);
        if of_query { self.alias() } else { self.raw_field() }
    }

    pub(super) fn alias(&mut self) -> Result<()> {
        if self.names.is_empty() {
            return self.raw_field();
        }
        let name = self.u.choose(&self.names)?.clone();
        self.push(&name);
        Ok(())
    }

    pub(super) fn raw_field(&mut self) -> Result<()> {
        let field = *self.u.choose(FIELDS)?;
        self.push(field);
        Ok(())
    }

    pub(super) fn literal(&mut self) -> Result<()> {
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

    pub(super) fn expression(&mut self, depth: usize) -> Result<()> {
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
    pub(super) fn filled(&mut self, text: &str, depth: usize) -> Result<()> {
        for c in text.chars() {
            match c {
                '#' => self.expression(depth)?,
                '?' => self.condition(depth)?,
                c => self.out.push(c),
            }
        }
        Ok(())
    }

    pub(super) fn condition(&mut self, depth: usize) -> Result<()> {
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
