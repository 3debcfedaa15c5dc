//! The time zone database that is part of the program. Not the machine's own: results are the same everywhere.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of a name of the IANA database.
pub(crate) fn named(name: &str) -> Option<TimeZone> {
    DATABASE.get(name).ok()
}
