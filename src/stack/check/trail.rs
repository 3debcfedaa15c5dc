//! The log group, the trail and the topics.

use super::Checker;
use super::texts::{ANY, BUCKET, LOG_GROUP, TRAIL};
use crate::diagnostic::Diagnostic;
use crate::stack::{Trail, codes};

/// The retention periods of the service, in days (`spec/provisioning.md` 1).
const RETENTION_DAYS: &[i64] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

impl Checker<'_> {
    pub(super) fn trail(&mut self) {
        let stack = self.stack;
        if let Some(group) = &stack.log_group {
            self.text("log group's name", &group.log_group_name, (1, 512), &LOG_GROUP);
            if let Some(days) = &group.retention_in_days
                && !RETENTION_DAYS.contains(&days.value)
            {
                let nearest = RETENTION_DAYS.iter().min_by_key(|known| known.abs_diff(days.value));
                let message = format!("events cannot be kept for {days} days");
                let finding = Diagnostic::error(codes::NUMBER, days.span, message);
                let help = format!("the nearest retention period is {}", nearest.unwrap_or(&1));
                self.say(finding.help(help));
            }
        }
        if let Some(trail) = &stack.trail {
            self.text("trail's name", &trail.name, (3, 128), &TRAIL);
            self.text("bucket's name", &trail.s3_bucket_name, (3, 63), &BUCKET);
            if let Some(prefix) = &trail.s3_key_prefix {
                self.text("key prefix", prefix, (1, 200), &ANY);
            }
            self.global_events(trail);
            self.selectors(&trail.advanced_event_selectors);
        }
        self.distinct("topics", stack.topics.iter().map(|topic| &topic.name));
        for topic in &stack.topics {
            self.text("topic's name", &topic.name, (1, 256), &super::texts::DASHBOARD);
        }
    }

    fn global_events(&mut self, trail: &Trail) {
        let is_everywhere = trail.is_multi_region_trail.is_some_and(|all| all.value);
        if let Some(global) =
            trail.include_global_service_events.filter(|global| is_everywhere && !global.value)
        {
            let message =
                format!("the trail `{}` is of all Regions and leaves out global services", trail.name);
            let finding = Diagnostic::error(codes::TRAIL_SETTINGS, global.span, message);
            self.say(finding.help("leave out `IncludeGlobalServiceEvents`, which is true by itself"));
        }
    }
}
