//! The functions of the language: names, numbers and kinds of arguments, levels (`spec/logs-insights.md` 3).

use super::Level;

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the function of its name in section 3 of the specification")]
pub enum Function {
    Abs,
    Ceil,
    Floor,
    Greatest,
    Least,
    Log,
    Round,
    Sqrt,
    Haversine,
    ToNumber,
    ToInt,
    ToLong,
    ToDouble,
    IsPresent,
    Coalesce,
    If,
    Case,
    IsNumeric,
    MessageSize,
    QueryStartTime,
    QueryEndTime,
    QueryTimeRange,
    JsonParse,
    JsonStringify,
    JsonArraySize,
    JsonArrayContains,
    Md5,
    Sha256,
    Unmask,
    Bin,
    DateFloor,
    DateCeil,
    FromMillis,
    ToMillis,
    Now,
    ParseDate,
    FormatDate,
    IsValidIp,
    IsValidIpV4,
    IsValidIpV6,
    IsIpInSubnet,
    IsIpv4InSubnet,
    IsIpv6InSubnet,
    Ipv4ToNumber,
    IsPrivateIp,
    IsPublicIp,
    IsReservedIp,
    IsEmpty,
    IsBlank,
    Concat,
    LTrim,
    RTrim,
    Trim,
    StrLen,
    ToUpper,
    ToLower,
    Substr,
    Replace,
    RegexReplace,
    StrContains,
    StartsWith,
    EndsWith,
    UrlEncode,
    UrlDecode,
    Base64Encode,
    Base64Decode,
    Split,
    HexToAscii,
    HexToDec,
    DecToHex,
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
    Pct,
    StdDev,
    Variance,
    Values,
    TopK,
    Earliest,
    Latest,
    SortsFirst,
    SortsLast,
    Rate,
    CountOverTime,
    SumOverTime,
    Histogram,
}

/// What an argument must be where that can be told before a row is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArgumentKind {
    /// Any expression.
    Any,
    /// A length of time: `5m`.
    Period,
    /// A network as a literal: `"10.0.0.0/8"`; an expression is taken too.
    Cidr,
    /// A regex in quotes; an expression is taken too.
    Regex,
    /// A whole number as a literal.
    Integer,
}

/// What is known of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Which function.
    pub function: Function,
    /// Its name in the reference.
    pub name: &'static str,
    /// Fewest arguments.
    pub min: usize,
    /// Most arguments.
    pub max: usize,
    /// What the arguments must be, in order; the last kind holds for those that follow.
    pub kinds: &'static [ArgumentKind],
    /// Whether it stands for many rows, in `stats` only.
    pub aggregate: bool,
    /// The first level that has it.
    pub level: Level,
}

const MANY: usize = usize::MAX;
const CASE: usize = 21;

macro_rules! functions {
    ($($function:ident $name:literal $min:literal..$max:tt $level:ident $kind:ident [$($argument:ident),*];)*) => {
        /// Every function, by section of the reference.
        pub const FUNCTIONS: &[Signature] = &[
            $(Signature {
                function: Function::$function,
                name: $name,
                min: $min,
                max: $max,
                kinds: &[$(ArgumentKind::$argument),*],
                aggregate: functions!(@aggregate $kind),
                level: Level::$level,
            },)*
        ];
    };
    (@aggregate scalar) => { false };
    (@aggregate aggregate) => { true };
}

functions! {
    Abs "abs" 1..1 L1 scalar [Any];
    Ceil "ceil" 1..1 L1 scalar [Any];
    Floor "floor" 1..1 L1 scalar [Any];
    Greatest "greatest" 1..MANY L1 scalar [Any];
    Least "least" 1..MANY L1 scalar [Any];
    Log "log" 1..1 L1 scalar [Any];
    Round "round" 1..2 L2 scalar [Any];
    Sqrt "sqrt" 1..1 L1 scalar [Any];
    Haversine "haversine" 4..4 L2 scalar [Any];
    ToNumber "toNumber" 1..1 L2 scalar [Any];
    ToInt "toInt" 1..1 L2 scalar [Any];
    ToLong "toLong" 1..1 L2 scalar [Any];
    ToDouble "toDouble" 1..1 L2 scalar [Any];
    IsPresent "ispresent" 1..1 L1 scalar [Any];
    Coalesce "coalesce" 1..MANY L1 scalar [Any];
    If "if" 3..3 L2 scalar [Any];
    Case "case" 2..CASE L2 scalar [Any];
    IsNumeric "isNumeric" 1..1 L2 scalar [Any];
    MessageSize "messageSize" 1..1 L2 scalar [Any];
    QueryStartTime "queryStartTime" 0..0 L2 scalar [];
    QueryEndTime "queryEndTime" 0..0 L2 scalar [];
    QueryTimeRange "queryTimeRange" 0..0 L2 scalar [];
    JsonParse "jsonParse" 1..1 L1 scalar [Any];
    JsonStringify "jsonStringify" 1..1 L1 scalar [Any];
    JsonArraySize "jsonArraySize" 1..1 L2 scalar [Any];
    JsonArrayContains "jsonArrayContains" 2..2 L2 scalar [Any];
    Md5 "md5" 1..1 L2 scalar [Any];
    Sha256 "sha256" 1..1 L2 scalar [Any];
    Unmask "unmask" 1..1 L1 scalar [Any];
    Bin "bin" 1..1 L1 scalar [Period];
    DateFloor "datefloor" 2..2 L1 scalar [Any, Period];
    DateCeil "dateceil" 2..2 L1 scalar [Any, Period];
    FromMillis "fromMillis" 1..1 L1 scalar [Any];
    ToMillis "toMillis" 1..1 L1 scalar [Any];
    Now "now" 0..0 L1 scalar [];
    ParseDate "parseDate" 2..3 L2 scalar [Any];
    FormatDate "formatDate" 2..3 L2 scalar [Any];
    FormatDate "strftime" 2..3 L2 scalar [Any];
    IsValidIp "isValidIp" 1..1 L1 scalar [Any];
    IsValidIpV4 "isValidIpV4" 1..1 L1 scalar [Any];
    IsValidIpV6 "isValidIpV6" 1..1 L1 scalar [Any];
    IsIpInSubnet "isIpInSubnet" 2..2 L1 scalar [Any, Cidr];
    IsIpv4InSubnet "isIpv4InSubnet" 2..2 L1 scalar [Any, Cidr];
    IsIpv6InSubnet "isIpv6InSubnet" 2..2 L1 scalar [Any, Cidr];
    Ipv4ToNumber "ipv4ToNumber" 1..1 L2 scalar [Any];
    IsPrivateIp "isPrivateIP" 1..1 L2 scalar [Any];
    IsPublicIp "isPublicIP" 1..1 L2 scalar [Any];
    IsReservedIp "isReservedIP" 1..1 L2 scalar [Any];
    IsEmpty "isempty" 1..1 L1 scalar [Any];
    IsBlank "isblank" 1..1 L1 scalar [Any];
    Concat "concat" 1..MANY L1 scalar [Any];
    LTrim "ltrim" 1..2 L1 scalar [Any];
    RTrim "rtrim" 1..2 L1 scalar [Any];
    Trim "trim" 1..2 L1 scalar [Any];
    StrLen "strlen" 1..1 L1 scalar [Any];
    ToUpper "toupper" 1..1 L1 scalar [Any];
    ToLower "tolower" 1..1 L1 scalar [Any];
    Substr "substr" 2..3 L1 scalar [Any];
    Replace "replace" 3..3 L1 scalar [Any];
    RegexReplace "regexReplace" 3..3 L2 scalar [Any, Regex, Any];
    StrContains "strcontains" 2..3 L1 scalar [Any];
    StartsWith "startsWith" 2..2 L2 scalar [Any];
    EndsWith "endsWith" 2..2 L2 scalar [Any];
    UrlEncode "urlencode" 1..1 L2 scalar [Any];
    UrlDecode "urldecode" 1..1 L2 scalar [Any];
    Base64Encode "base64encode" 1..1 L2 scalar [Any];
    Base64Decode "base64decode" 1..1 L2 scalar [Any];
    Split "split" 2..2 L2 scalar [Any];
    HexToAscii "hexToAscii" 1..1 L2 scalar [Any];
    HexToDec "hexToDec" 1..1 L2 scalar [Any];
    DecToHex "decToHex" 1..1 L2 scalar [Any];
    Count "count" 0..1 L1 aggregate [Any];
    CountDistinct "countDistinct" 1..1 L1 aggregate [Any];
    Sum "sum" 1..1 L1 aggregate [Any];
    Avg "avg" 1..1 L1 aggregate [Any];
    Min "min" 1..1 L1 aggregate [Any];
    Max "max" 1..1 L1 aggregate [Any];
    Pct "pct" 2..2 L1 aggregate [Any];
    Pct "percentile" 2..2 L1 aggregate [Any];
    StdDev "stddev" 1..1 L1 aggregate [Any];
    Variance "variance" 1..1 L2 aggregate [Any];
    Values "values" 1..1 L2 aggregate [Any];
    Values "collect_values" 1..1 L2 aggregate [Any];
    TopK "topk" 2..2 L2 aggregate [Integer, Any];
    Earliest "earliest" 1..1 L1 aggregate [Any];
    Latest "latest" 1..1 L1 aggregate [Any];
    SortsFirst "sortsFirst" 1..1 L1 aggregate [Any];
    SortsLast "sortsLast" 1..1 L1 aggregate [Any];
    Rate "rate" 2..2 L2 aggregate [Any, Period];
    CountOverTime "countOverTime" 0..1 L2 aggregate [Any];
    SumOverTime "sumOverTime" 1..1 L2 aggregate [Any];
    Histogram "histogram" 2..2 L2 aggregate [Any];
}

impl Signature {
    /// The function of this name: case and `_` do not count.
    ///
    /// ```
    /// use trailql::syntax::logs::{Function, Signature};
    ///
    /// assert_eq!(Signature::find("COUNT_DISTINCT").unwrap().function, Function::CountDistinct);
    /// assert!(Signature::find("p95").is_none());
    /// ```
    pub fn find(name: &str) -> Option<&'static Signature> {
        let same = |known: &str| {
            let significant = |text: &str| -> Vec<u8> {
                text.bytes().filter(|&byte| byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect()
            };
            significant(known) == significant(name)
        };
        FUNCTIONS.iter().find(|signature| same(signature.name))
    }

    /// What the argument at this zero-based place must be.
    pub fn kind(&self, place: usize) -> ArgumentKind {
        let kinds = self.kinds;
        kinds.get(place).or(kinds.last()).copied().unwrap_or(ArgumentKind::Any)
    }
}
