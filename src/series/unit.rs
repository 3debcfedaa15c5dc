//! The units of CloudWatch metrics.

use std::fmt;
use std::str::FromStr;

macro_rules! units {
    ($($name:ident $text:literal),* $(,)?) => {
        /// The unit of a metric sample (`spec/filter-pattern.md` 4.2; AWS: *API_MetricDatum*).
        ///
        /// ```
        /// use trailql::series::Unit;
        ///
        /// assert_eq!("Bytes/Second".parse(), Ok(Unit::BytesPerSecond));
        /// assert_eq!(Unit::ALL.len(), 27);
        /// ```
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Unit {
            $(#[doc = concat!("`", $text, "`")] $name,)*
            /// `None`: the unit of a sample without one.
            #[default]
            None,
        }

        impl Unit {
            /// Every unit that the service knows.
            pub const ALL: &[Unit] = &[$(Unit::$name,)* Unit::None];

            /// The service's spelling.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Unit::$name => $text,)*
                    Unit::None => "None",
                }
            }
        }
    };
}

units! {
    Seconds "Seconds", Microseconds "Microseconds", Milliseconds "Milliseconds",
    Bytes "Bytes", Kilobytes "Kilobytes", Megabytes "Megabytes", Gigabytes "Gigabytes", Terabytes "Terabytes",
    Bits "Bits", Kilobits "Kilobits", Megabits "Megabits", Gigabits "Gigabits", Terabits "Terabits",
    Percent "Percent", Count "Count",
    BytesPerSecond "Bytes/Second", KilobytesPerSecond "Kilobytes/Second", MegabytesPerSecond "Megabytes/Second",
    GigabytesPerSecond "Gigabytes/Second", TerabytesPerSecond "Terabytes/Second",
    BitsPerSecond "Bits/Second", KilobitsPerSecond "Kilobits/Second", MegabitsPerSecond "Megabits/Second",
    GigabitsPerSecond "Gigabits/Second", TerabitsPerSecond "Terabits/Second", CountPerSecond "Count/Second",
}

#[cfg(feature = "serde")]
impl serde::Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no unit of CloudWatch; units are spelled as in `Count`, `Bytes`, `Count/Second`")]
pub struct UnknownUnit(pub String);

impl FromStr for Unit {
    type Err = UnknownUnit;

    fn from_str(text: &str) -> Result<Self, UnknownUnit> {
        Unit::ALL
            .iter()
            .copied()
            .find(|unit| unit.as_str() == text)
            .ok_or_else(|| UnknownUnit(text.to_owned()))
    }
}
