//! Commands, functions and keywords in one sentence each, for completion and hovering.

/// A name of a language and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Help {
    /// The name.
    pub(super) name: &'static str,
    /// How it is written.
    pub(super) usage: &'static str,
    /// What it does, in a sentence.
    pub(super) summary: &'static str,
}

const fn help(name: &'static str, usage: &'static str, summary: &'static str) -> Help {
    Help { name, usage, summary }
}

/// The entry with this name: case and `_` do not count.
pub(super) fn find(table: &'static [Help], name: &str) -> Option<&'static Help> {
    let same = |known: &str| {
        let significant = |c: &u8| *c != b'_';
        let known = known.bytes().filter(significant).map(|c| c.to_ascii_lowercase());
        known.eq(name.bytes().filter(significant).map(|c| c.to_ascii_lowercase()))
    };
    table.iter().find(|entry| same(entry.name))
}

/// The commands of Logs Insights.
pub(super) const COMMANDS: &[Help] = &[
    help(
        "fields",
        "fields EXPR [as NAME], …",
        "Adds columns to what is shown, and computes expressions; no row and no other field is hidden.",
    ),
    help("display", "display EXPR [as NAME], …", "Chooses what is shown at the end; the last one wins."),
    help("filter", "filter CONDITION", "Keeps the rows for which the condition holds."),
    help("where", "where CONDITION", "Another spelling of `filter`."),
    help(
        "filterIndex",
        "filterIndex FIELD = VALUE",
        "Like `filter`, and reads only log groups that have an index on the field.",
    ),
    help(
        "stats",
        "stats AGGREGATE [as NAME], … [by EXPR [as NAME], …]",
        "Replaces the rows by one a group; afterwards only its keys and results exist.",
    ),
    help("sort", "sort FIELD [asc|desc], …", "Orders the rows; ascending unless said otherwise."),
    help("limit", "limit N", "Keeps the first N rows; 10,000 where no limit is given."),
    help(
        "dedup",
        "dedup FIELD, …",
        "Keeps the first row for each combination of values; rows without a value are all kept.",
    ),
    help(
        "parse",
        "parse FIELD \"GLOB*\" as NAME, …",
        "Takes fields out of a text, by stars or by the named groups of a regex; rows that do not fit stay, without them.",
    ),
    help("json", "json field=FIELD \"PATH\" as NAME", "Takes one value out of a JSON text."),
    help("pattern", "pattern FIELD", "Groups the messages by their common shape."),
    help(
        "diff",
        "diff [previousDay|previousWeek|…]",
        "Compares the patterns with those of an earlier window.",
    ),
    help("anomaly", "anomaly", "Finds patterns that are new, gone, or more frequent than before."),
    help("unmask", "unmask(FIELD)", "Shows masked data to whoever may see it."),
    help("unnest", "unnest LIST into NAME", "Gives one row an element of a list that `jsonParse` made."),
    help("expand", "expand FIELD", "Gives one row an element of a JSON array in a text."),
    help("lookup", "lookup TABLE KEY [as FIELD] OUTPUT FIELD, …", "Adds columns of a lookup table."),
    help(
        "cidrlookup",
        "cidrlookup TABLE …",
        "Adds columns of a lookup table whose key is a network that holds the address.",
    ),
    help("join", "join …", "Adds the columns of another query's rows where the keys are equal."),
    help(
        "appendcols",
        "appendcols ( QUERY )",
        "Pastes the columns of another query beside the rows, one by one.",
    ),
    help("addtotals", "addtotals [row=true] [col=false] [FIELD, …]", "Adds a column or a row of sums."),
    help("accum", "accum FIELD [as NAME]", "The running sum down the rows."),
    help("autoregress", "autoregress FIELD [as NAME] [p=N]", "Copies of the values of earlier rows."),
    help("filldown", "filldown [FIELD …]", "Carries the last value down over missing ones."),
    help(
        "fillmissing",
        "fillmissing [with VALUE for FIELD, …]",
        "Adds rows for the empty bins of `stats … by bin()`.",
    ),
    help(
        "outlier",
        "outlier [action=transform] [param=2.5] FIELD …",
        "Removes or clamps values far outside the quartiles.",
    ),
    help(
        "sessionize",
        "sessionize FIELD, … [maxspan 30m] [as NAME]",
        "Numbers the sessions of each key; a longer gap starts a new one.",
    ),
    help(
        "countFrequent",
        "countFrequent FIELD, …",
        "Counts each combination of values, most frequent first.",
    ),
    help(
        "relevantfields",
        "relevantfields [FIELD, …] where CONDITION",
        "Ranks the fields by how much they tell the rows of the condition apart.",
    ),
    help(
        "logcompare",
        "logcompare timeshift PERIOD",
        "Compares the patterns with those of a window that lies this long before.",
    ),
    help("estimate", "estimate", "Returns how many bytes the query would read, without running it."),
    help("SOURCE", "SOURCE logGroups(…)", "Chooses the log groups; for the API and the command line."),
];

/// The functions of Logs Insights.
pub(super) const FUNCTIONS: &[Help] = &[
    help("abs", "abs(x)", "The value without its sign."),
    help("ceil", "ceil(x)", "The smallest whole number that is not less."),
    help("floor", "floor(x)", "The largest whole number that is not greater."),
    help("greatest", "greatest(a, …)", "The largest argument; missing ones are skipped."),
    help("least", "least(a, …)", "The smallest argument; missing ones are skipped."),
    help("log", "log(x)", "The natural logarithm; nothing for zero and less."),
    help("round", "round(x[, digits])", "Rounds, halves away from zero."),
    help("sqrt", "sqrt(x)", "The square root; nothing for a negative number."),
    help("haversine", "haversine(lat1, lon1, lat2, lon2)", "The distance of two places in kilometres."),
    help("toNumber", "toNumber(x)", "A text as a number; nothing where it is none."),
    help("toInt", "toInt(x)", "A whole number of 32 bits, cut towards zero."),
    help("toLong", "toLong(x)", "A whole number of 64 bits, cut towards zero."),
    help("toDouble", "toDouble(x)", "A text as a floating-point number."),
    help(
        "ispresent",
        "ispresent(field)",
        "Whether the field is there; JSON's null counts as missing, an empty text as present.",
    ),
    help("coalesce", "coalesce(a, …)", "The first argument that is there."),
    help("if", "if(condition, then, else)", "One of two values."),
    help(
        "case",
        "case(condition, value, …[, default])",
        "The value behind the first condition that holds; at most ten.",
    ),
    help("isNumeric", "isNumeric(x)", "Whether the value reads as a number."),
    help("messageSize", "messageSize(field)", "How many bytes the text has in UTF-8."),
    help(
        "queryStartTime",
        "queryStartTime()",
        "Where the query's window starts, in milliseconds since 1970.",
    ),
    help("queryEndTime", "queryEndTime()", "Where the query's window ends, in milliseconds since 1970."),
    help("queryTimeRange", "queryTimeRange()", "How long the query's window is, in milliseconds."),
    help("jsonParse", "jsonParse(text)", "A JSON object or array as a map or list."),
    help("jsonStringify", "jsonStringify(value)", "A map or list as JSON text."),
    help("jsonArraySize", "jsonArraySize(text)", "How many elements a JSON array has."),
    help("jsonArrayContains", "jsonArrayContains(text, value)", "Whether a JSON array has this element."),
    help("md5", "md5(text)", "The MD5 digest in lower-case hexadecimal digits."),
    help("sha256", "sha256(text)", "The SHA-256 digest in lower-case hexadecimal digits."),
    help("unmask", "unmask(field)", "Shows masked data to whoever may see it."),
    help(
        "bin",
        "bin(period)",
        "`@timestamp` cut down to the period; the number before the unit has a cap (60 seconds, 60 minutes, 24 hours).",
    ),
    help("datefloor", "datefloor(time, period)", "A time cut down to the period."),
    help("dateceil", "dateceil(time, period)", "The next multiple of the period."),
    help("fromMillis", "fromMillis(number)", "Milliseconds since 1970 as a time."),
    help("toMillis", "toMillis(time)", "A time as milliseconds since 1970."),
    help(
        "now",
        "now()",
        "When the query started, in seconds since 1970; times of events are in milliseconds.",
    ),
    help(
        "parseDate",
        "parseDate(text, format[, zone])",
        "A text as milliseconds since 1970, by a pattern of Java's DateTimeFormatter.",
    ),
    help("formatDate", "formatDate(time, format[, zone])", "A time as text, by a pattern of strftime."),
    help("strftime", "strftime(time, format[, zone])", "Another name of `formatDate`."),
    help("isValidIp", "isValidIp(text)", "Whether the text is an IP address."),
    help("isValidIpV4", "isValidIpV4(text)", "Whether the text is an IPv4 address."),
    help("isValidIpV6", "isValidIpV6(text)", "Whether the text is an IPv6 address."),
    help("isIpInSubnet", "isIpInSubnet(address, \"10.0.0.0/8\")", "Whether the address lies in the network."),
    help(
        "isIpv4InSubnet",
        "isIpv4InSubnet(address, \"10.0.0.0/8\")",
        "Whether the IPv4 address lies in the network.",
    ),
    help(
        "isIpv6InSubnet",
        "isIpv6InSubnet(address, \"2001:db8::/32\")",
        "Whether the IPv6 address lies in the network.",
    ),
    help("ipv4ToNumber", "ipv4ToNumber(address)", "An IPv4 address as a number."),
    help("isPrivateIP", "isPrivateIP(address)", "Whether the address is of a private network."),
    help("isPublicIP", "isPublicIP(address)", "Whether the address can be routed publicly."),
    help("isReservedIP", "isReservedIP(address)", "Whether the address is of a special-purpose range."),
    help("isempty", "isempty(field)", "Whether the field is missing or an empty text."),
    help("isblank", "isblank(field)", "Whether the field is missing or holds blanks only."),
    help("concat", "concat(a, …)", "The texts joined."),
    help("ltrim", "ltrim(text[, characters])", "Without blanks, or these characters, at the start."),
    help("rtrim", "rtrim(text[, characters])", "Without blanks, or these characters, at the end."),
    help("trim", "trim(text[, characters])", "Without blanks, or these characters, at both ends."),
    help("strlen", "strlen(text)", "How many characters the text has."),
    help("toupper", "toupper(text)", "The text in upper case."),
    help("tolower", "tolower(text)", "The text in lower case."),
    help("substr", "substr(text, start[, length])", "A part of the text; the first character is number 0."),
    help("replace", "replace(text, searched, replacement)", "All occurrences of a text replaced."),
    help("regexReplace", "regexReplace(text, regex, replacement)", "All matches of a regex replaced."),
    help(
        "strcontains",
        "strcontains(text, searched)",
        "Whether the text holds another, case of letters counting.",
    ),
    help("startsWith", "startsWith(text, beginning)", "Whether the text begins so."),
    help("endsWith", "endsWith(text, ending)", "Whether the text ends so."),
    help("urlencode", "urlencode(text)", "The text in percent encoding."),
    help("urldecode", "urldecode(text)", "The text without percent encoding."),
    help("base64encode", "base64encode(text)", "The text in Base64."),
    help("base64decode", "base64decode(text)", "The text behind Base64."),
    help("split", "split(text, delimiter)", "A list of the parts of a text."),
    help("hexToAscii", "hexToAscii(digits)", "Pairs of hexadecimal digits as text."),
    help("hexToDec", "hexToDec(digits)", "A hexadecimal number as a decimal one."),
    help("decToHex", "decToHex(number)", "A number in hexadecimal digits."),
    help("count", "count(*) or count(field)", "How many rows there are, or how many of them have the field."),
    help(
        "countDistinct",
        "countDistinct(field)",
        "How many different values there are; the service approximates large counts.",
    ),
    help("sum", "sum(x)", "The sum of the numbers."),
    help("avg", "avg(x)", "The mean of the numbers."),
    help("min", "min(x)", "The smallest value."),
    help("max", "max(x)", "The largest value."),
    help("pct", "pct(x, percent)", "A percentile: `pct(x, 95)`."),
    help("percentile", "percentile(x, percent)", "Another name of `pct`."),
    help("stddev", "stddev(x)", "The standard deviation."),
    help("variance", "variance(x)", "The variance."),
    help("values", "values(x)", "The different values, as a list."),
    help("collect_values", "collect_values(x)", "Another name of `values`."),
    help("topk", "topk(k, field)", "The k most frequent values; alone and without `by`."),
    help("earliest", "earliest(field)", "The value of the earliest row."),
    help("latest", "latest(field)", "The value of the latest row."),
    help("sortsFirst", "sortsFirst(field)", "The value that sorts first."),
    help("sortsLast", "sortsLast(field)", "The value that sorts last."),
    help("rate", "rate(x, period)", "The change a period."),
    help("countOverTime", "countOverTime(field)", "How many rows each bin has."),
    help("sumOverTime", "sumOverTime(x)", "The sum of each bin."),
    help(
        "histogram",
        "histogram(x, n)",
        "The values in buckets; what `n` means is disputed, see the page of LI136.",
    ),
];

/// The functions and keywords of Metrics Insights.
pub(super) const METRICS: &[Help] = &[
    help("SELECT", "SELECT FUNCTION(metric)", "Which metric, and how its series are put together."),
    help("AVG", "AVG(metric)", "The mean over the series of a group, in each period."),
    help("COUNT", "COUNT(metric)", "How many data points the series of a group have in each period."),
    help("MAX", "MAX(metric)", "The largest value over the series of a group, in each period."),
    help("MIN", "MIN(metric)", "The smallest value over the series of a group, in each period."),
    help("SUM", "SUM(metric)", "The sum over the series of a group, in each period."),
    help("FROM", "FROM namespace", "The namespace; all series of the metric, whatever their dimensions."),
    help(
        "SCHEMA",
        "FROM SCHEMA(namespace, dimension, …)",
        "Only the series that have exactly these dimensions.",
    ),
    help("WHERE", "WHERE dimension = 'value' [AND …]", "Which series take part."),
    help("GROUP BY", "GROUP BY dimension, …", "One series for each combination of values."),
    help(
        "ORDER BY",
        "ORDER BY FUNCTION() [ASC|DESC]",
        "The order of the groups; ascending unless said otherwise.",
    ),
    help("LIMIT", "LIMIT n", "How many groups are returned, 500 at most."),
    help("AND", "AND", "Both conditions hold."),
    help("DESC", "DESC", "The largest first."),
    help("ASC", "ASC", "The smallest first."),
];

/// The functions of metric math.
pub(super) const MATH: &[Help] = &[
    help("ABS", "ABS(m)", "The value without its sign."),
    help(
        "ANOMALY_DETECTION_BAND",
        "ANOMALY_DETECTION_BAND(m[, width])",
        "The band that is expected of the metric.",
    ),
    help("AVG", "AVG(m)", "The mean: of a series a number, of an array a series."),
    help("CEIL", "CEIL(m)", "The next whole number upwards."),
    help("DATAPOINT_COUNT", "DATAPOINT_COUNT(m)", "How many points there are."),
    help("DIFF", "DIFF(m)", "The value less the one before it."),
    help("DIFF_TIME", "DIFF_TIME(m)", "The seconds since the point before."),
    help("FILL", "FILL(m, value|REPEAT|LINEAR)", "The series with its missing points filled."),
    help("FIRST", "FIRST(array)", "The first series of an array."),
    help("FLOOR", "FLOOR(m)", "The next whole number downwards."),
    help("IF", "IF(condition, then[, else])", "One of two values, point by point."),
    help("LAST", "LAST(array)", "The last series of an array."),
    help("LOG", "LOG(m)", "The natural logarithm."),
    help("LOG10", "LOG10(m)", "The logarithm to base 10."),
    help("MAX", "MAX(m)", "The largest: of a series a number, of an array a series."),
    help(
        "METRICS",
        "METRICS([\"text\"])",
        "The metrics of the request, or those whose id holds the text, as an array.",
    ),
    help("METRIC_COUNT", "METRIC_COUNT(array)", "How many series an array has."),
    help("MIN", "MIN(m)", "The smallest: of a series a number, of an array a series."),
    help("PERIOD", "PERIOD(m)", "The period of the metric in seconds."),
    help("RATE", "RATE(m)", "The change a second since the point before."),
    help("REMOVE_EMPTY", "REMOVE_EMPTY(array)", "An array without its series that have no point."),
    help("RUNNING_SUM", "RUNNING_SUM(m)", "The sum up to each point."),
    help("SLICE", "SLICE(array, start[, end])", "A part of an array."),
    help("SORT", "SORT(array, function, ASC|DESC[, n])", "An array in the order of a statistic."),
    help("STDDEV", "STDDEV(m)", "The standard deviation."),
    help("SUM", "SUM(m)", "The sum: of a series a number, of an array a series."),
    help("TIME_SERIES", "TIME_SERIES(number)", "A series of one number throughout."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::logs::FUNCTIONS as SIGNATURES;
    use crate::syntax::math::PlainFunction;

    #[test]
    fn every_function_of_the_languages_has_its_sentence_and_no_other_has() {
        for signature in SIGNATURES {
            assert!(find(FUNCTIONS, signature.name).is_some(), "{}", signature.name);
        }
        for entry in FUNCTIONS {
            assert!(SIGNATURES.iter().any(|signature| signature.name == entry.name), "{}", entry.name);
        }
        for (name, _) in PlainFunction::ALL {
            assert!(find(MATH, name).is_some(), "{name}");
        }
    }
}
