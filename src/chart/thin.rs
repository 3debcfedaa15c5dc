//! Fewer points where many share a column of pixels, without losing a spike; and runs, so that gaps stay gaps.

use super::BandPoint;
use crate::EpochMillis;
use crate::series::Point;

/// A place in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dot {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A piece of a band: its two edges at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slice {
    pub(super) x: f64,
    pub(super) upper: f64,
    pub(super) lower: f64,
}

/// A value at a time.
pub(super) trait Timed {
    fn at(&self) -> EpochMillis;
}

impl Timed for Point {
    fn at(&self) -> EpochMillis {
        self.at
    }
}

impl Timed for BandPoint {
    fn at(&self) -> EpochMillis {
        self.at
    }
}

/// The stretches without a missing period, of items in order of time.
pub(super) fn runs<T: Timed>(items: &[T], period_millis: i64) -> impl Iterator<Item = &[T]> {
    // Half a period of tolerance, for data that are not aligned to periods.
    let most = period_millis.saturating_add(period_millis / 2);
    items.chunk_by(move |a, b| b.at().0.saturating_sub(a.at().0) <= most)
}

/// At most four places a column: the first, the lowest, the highest and the last, in their order.
pub(super) fn columns(dots: &[Dot], width: f64) -> Vec<Dot> {
    let mut thinned: Vec<Dot> = Vec::new();
    for column in dots.chunk_by(|a, b| (a.x / width).floor() == (b.x / width).floor()) {
        if column.len() <= 4 {
            thinned.extend(column);
            continue;
        }
        let places = || column.iter().enumerate();
        let low = places().min_by(|(_, a), (_, b)| a.y.total_cmp(&b.y)).map_or(0, |(index, _)| index);
        let high = places().max_by(|(_, a), (_, b)| a.y.total_cmp(&b.y)).map_or(0, |(index, _)| index);
        let mut kept = [0, low.min(high), low.max(high), column.len() - 1].to_vec();
        kept.dedup();
        thinned.extend(kept.into_iter().filter_map(|index| column.get(index)));
    }
    thinned
}

/// At most two slices a column, as wide apart as the widest; `upper` is above, so smaller, in a picture.
pub(super) fn band_columns(slices: &[Slice], width: f64) -> Vec<Slice> {
    let mut thinned = Vec::new();
    for column in slices.chunk_by(|a, b| (a.x / width).floor() == (b.x / width).floor()) {
        match column {
            [first, .., last] if column.len() > 2 => {
                let upper = column.iter().map(|slice| slice.upper).fold(f64::INFINITY, f64::min);
                let lower = column.iter().map(|slice| slice.lower).fold(f64::NEG_INFINITY, f64::max);
                thinned.extend([first.x, last.x].map(|x| Slice { x, upper, lower }));
            }
            few => thinned.extend(few),
        }
    }
    thinned
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_missing_period_ends_a_run() {
        let points = [0, 60, 120, 240, 300].map(|at| Point { at: EpochMillis(at), value: 1.0 });
        let lengths: Vec<usize> = runs(&points, 60).map(<[Point]>::len).collect();
        assert_eq!(lengths, [3, 2]);
        assert_eq!(runs(&[] as &[Point], 60).count(), 0);
    }

    proptest! {
        #[test]
        fn extremes_ends_and_order_survive(values in prop::collection::vec(-1e6..1e6, 1..400), width in 1.0..50.0) {
            let dots: Vec<Dot> = values.iter().enumerate().map(|(x, &y)| Dot { x: x as f64, y }).collect();
            let thinned = columns(&dots, width);
            let extremes = |dots: &[Dot]| {
                let ys = dots.iter().map(|dot| dot.y);
                (ys.clone().fold(f64::INFINITY, f64::min), ys.fold(f64::NEG_INFINITY, f64::max))
            };
            for column in dots.chunk_by(|a, b| (a.x / width).floor() == (b.x / width).floor()) {
                let of_column: Vec<Dot> =
                    thinned.iter().filter(|dot| dot.x >= column[0].x && dot.x <= column[column.len() - 1].x).copied().collect();
                prop_assert!(of_column.len() <= 4);
                prop_assert_eq!(extremes(column), extremes(&of_column));
            }
            prop_assert_eq!((thinned.first(), thinned.last()), (dots.first(), dots.last()));
            prop_assert!(thinned.windows(2).all(|pair| pair[0].x < pair[1].x));
        }
    }
}
