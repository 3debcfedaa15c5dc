//! What must hold of every picture.

use roxmltree::{Document, Node};
use unicode_width::UnicodeWidthStr;

/// Left, top, right and bottom.
type Place = (f64, f64, f64, f64);

/// The place a text takes, by a rougher estimate than the layout's own: six tenths of the font's size a cell.
fn text_box(node: Node) -> Place {
    let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let (x, y, font) = (number("x"), number("y"), number("font-size"));
    let width = node.text().unwrap_or_default().width() as f64 * font * 0.6;
    let left = match node.attribute("text-anchor").unwrap() {
        "start" => x,
        "middle" => x - width / 2.0,
        "end" => x - width,
        other => panic!("{other}"),
    };
    (left, y - font * 0.8, left + width, y + font * 0.25)
}

/// Checks that a picture is well-formed, that all of it is inside of its frame, and that no text lies over another.
pub(crate) fn check(name: &str, picture: &str) {
    let document = Document::parse(picture).unwrap_or_else(|error| panic!("{name}: {error}\n{picture}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let frame: Vec<f64> =
        root.attribute("viewBox").unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
    let is_inside = |x: f64, y: f64| {
        (0.0..=frame[2]).contains(&x) && (0.0..=frame[3]).contains(&y)
            || panic!("{name}: {x}, {y} in {frame:?}")
    };
    let mut texts: Vec<(Place, &str)> = Vec::new();
    for node in root.descendants().filter(Node::is_element) {
        let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
        match node.tag_name().name() {
            "path" => {
                for place in
                    node.attribute("d").unwrap().split(['M', 'L', 'Z']).filter(|place| !place.is_empty())
                {
                    let (x, y) = place.split_once(',').unwrap();
                    is_inside(x.parse().unwrap(), y.parse().unwrap());
                }
            }
            "line" => {
                is_inside(number("x1"), number("y1"));
                is_inside(number("x2"), number("y2"));
            }
            "rect" => {
                is_inside(number("x"), number("y"));
                is_inside(number("x") + number("width"), number("y") + number("height"));
            }
            "circle" => {
                is_inside(number("cx") - number("r"), number("cy") - number("r"));
                is_inside(number("cx") + number("r"), number("cy") + number("r"));
            }
            "text" => {
                let (left, top, right, bottom) = text_box(node);
                is_inside(left, top);
                is_inside(right, bottom);
                texts.push(((left, top, right, bottom), node.text().unwrap_or_default()));
            }
            "svg" | "title" | "desc" | "style" | "g" => {}
            other => panic!("{name}: what is a {other}?"),
        }
    }
    for (index, (a, first)) in texts.iter().enumerate() {
        for (b, second) in &texts[index + 1..] {
            let apart = a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
            assert!(apart, "{name}: `{first}` {a:?} lies over `{second}` {b:?}");
        }
    }
}
