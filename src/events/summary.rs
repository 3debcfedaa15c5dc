//! What was read and what was skipped: counts of one unit, and the totals of all.

use super::{Place, Problem, ProblemKind, Source, Unit};

/// How many problems of one file are kept; the rest are counted.
const KEPT_OF_ONE_FILE: usize = 10;
/// How many problems of all units together are kept.
const KEPT_OF_ALL: usize = 1_000;

/// What was read of an input, and what was skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files and streams begun; a byte range that continues a file counts none.
    pub files: u64,
    /// Events handed out.
    pub events: u64,
    /// Lines passed, of the forms that hold one event a line; skipped and blank ones count.
    pub lines: u64,
    /// Bytes passed, counted once decompressed.
    pub bytes: u64,
    /// Events and pieces of text skipped, each for a problem.
    pub skipped: u64,
    /// The problems, in the order of the input; of each file the first ten.
    pub problems: Vec<Problem>,
    /// How many problems there were beyond those kept.
    pub more_problems: u64,
}

impl Summary {
    /// Adds the counts and problems of another input.
    pub fn merge(&mut self, other: Summary) {
        self.files += other.files;
        self.events += other.events;
        self.lines += other.lines;
        self.bytes += other.bytes;
        self.skipped += other.skipped;
        self.more_problems += other.more_problems;
        for problem in other.problems {
            self.keep(problem, KEPT_OF_ALL);
        }
    }

    /// Whether everything that was there was read.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.more_problems == 0
    }

    /// Notes that an event that was handed out could not be used after all, such as one whose wrapper is broken.
    pub fn skip_event(&mut self, problem: Problem) {
        self.skipped += 1;
        self.keep(problem, KEPT_OF_ONE_FILE);
    }

    fn keep(&mut self, problem: Problem, limit: usize) {
        if self.problems.len() < limit {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }
}

/// The summary of a unit while it is read.
#[derive(Debug)]
pub(super) struct Report {
    source: Source,
    pub(super) summary: Summary,
}

impl Report {
    pub(super) fn new(source: Source) -> Self {
        Report { source, summary: Summary::default() }
    }

    /// Notes a fault for which nothing was skipped.
    pub(super) fn problem(&mut self, place: Option<Place>, kind: ProblemKind) {
        if self.summary.problems.len() < KEPT_OF_ONE_FILE {
            self.summary.problems.push(Problem { source: self.source.clone(), place, kind });
        } else {
            self.summary.more_problems += 1;
        }
    }

    /// Notes that one event or piece of text was skipped.
    pub(super) fn skip(&mut self, place: Place, kind: ProblemKind) {
        self.summary.skipped += 1;
        self.problem(Some(place), kind);
    }
}

/// The totals of many units that finish in order, and how far the current file has been read.
///
/// A worker that reads a byte range of a file counts its events and lines from the start of the range. Whoever
/// collects the units in order learns here what to add.
///
/// ```
/// use trailql::events::{InputForm, ReadOptions, Source, Summary, Totals, Unit};
///
/// let mut totals = Totals::new();
/// let unit = Unit::whole(Source::Stdin);
/// totals.begin(&unit);
/// assert_eq!(totals.events_before(), 0);
/// totals.finish(Summary { events: 3, lines: 4, ..Summary::default() });
/// assert_eq!((totals.events_before(), totals.summary().events), (3, 3));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Totals {
    summary: Summary,
    events_before: u64,
    lines_before: u64,
    /// How many problems of the current file have been given out.
    kept: usize,
}

impl Totals {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Call before the first item of each unit.
    pub fn begin(&mut self, unit: &Unit) {
        if !unit.continues() {
            (self.events_before, self.lines_before, self.kept) = (0, 0, 0);
        }
    }

    /// How many events of the current file came in earlier units: what to add to an index within the unit.
    pub fn events_before(&self) -> u64 {
        self.events_before
    }

    /// How many lines of the current file came in earlier units: what to add to a line number of the unit.
    pub fn lines_before(&self) -> u64 {
        self.lines_before
    }

    /// Call after the last item of each unit, with its summary. Gives back that unit's problems, with line numbers
    /// that count from the start of the file; of each file no more than ten in all.
    pub fn finish(&mut self, mut unit: Summary) -> Vec<Problem> {
        let found = unit.problems.len();
        unit.problems.truncate(KEPT_OF_ONE_FILE.saturating_sub(self.kept));
        self.kept += unit.problems.len();
        unit.more_problems += (found - unit.problems.len()) as u64;
        for problem in &mut unit.problems {
            if let Some(line) = problem.place.as_mut().and_then(|place| place.line.as_mut()) {
                *line += self.lines_before;
            }
        }
        self.events_before += unit.events;
        self.lines_before += unit.lines;
        let problems = unit.problems.clone();
        self.summary.merge(unit);
        problems
    }

    /// Counts and problems of all units finished so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
}
