//! A template in JSON.

use super::node::{Entry, Node};

/// The whole template.
pub(super) fn text(root: &[Entry]) -> String {
    let mut out = String::new();
    map(root, 0, &mut out);
    out.push('\n');
    out
}

fn value(node: &Node, depth: usize, out: &mut String) {
    match node {
        Node::Text(text) | Node::Code(text) => string(text, out),
        Node::Plain(written) => out.push_str(written),
        Node::List(nodes) => list(nodes, depth, out),
        Node::Map(entries) => map(entries, depth, out),
        Node::Ref(id) => call("Ref", &Node::Text(id.clone()), depth, out),
        Node::GetAtt(id, attribute) => {
            out.push_str("{ \"Fn::GetAtt\": [");
            string(id, out);
            out.push_str(", ");
            string(attribute, out);
            out.push_str("] }");
        }
        Node::Sub(text, variables) if variables.is_empty() => {
            call("Fn::Sub", &Node::Text(text.clone()), depth, out);
        }
        Node::Sub(text, variables) => {
            let arguments = vec![Node::Text(text.clone()), Node::Map(variables.clone())];
            call("Fn::Sub", &Node::List(arguments), depth, out);
        }
    }
}

fn call(name: &str, argument: &Node, depth: usize, out: &mut String) {
    out.push_str("{ ");
    string(name, out);
    out.push_str(": ");
    value(argument, depth, out);
    out.push_str(" }");
}

fn list(nodes: &[Node], depth: usize, out: &mut String) {
    if nodes.is_empty() {
        out.push_str("[]");
        return;
    }
    out.push('[');
    for (index, node) in nodes.iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        indent(depth + 1, out);
        value(node, depth + 1, out);
    }
    out.push('\n');
    indent(depth, out);
    out.push(']');
}

fn map(entries: &[Entry], depth: usize, out: &mut String) {
    if entries.is_empty() {
        out.push_str("{}");
        return;
    }
    out.push('{');
    for (index, entry) in entries.iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        indent(depth + 1, out);
        string(&entry.key, out);
        out.push_str(": ");
        value(&entry.value, depth + 1, out);
    }
    out.push('\n');
    indent(depth, out);
    out.push('}');
}

fn indent(depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
}

fn string(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
