//! What an expression of HCL is worth, as far as one file says.

use std::cell::Cell;
use std::collections::HashMap;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::Body;

use crate::host::node::Node;
use crate::host::text::Text;

/// Expressions that are looked at for one file; constants that stand for constants could otherwise be without end.
const MOST_STEPS: usize = 200_000;
/// Constants that stand for constants.
const DEEPEST: usize = 16;

/// The constants of a file.
pub(super) struct Values<'f> {
    pub(super) file: &'f str,
    locals: HashMap<&'f str, &'f Expression>,
    /// What `for_each` of the block goes over.
    each: Option<Node>,
    steps: &'f Cell<usize>,
    depth: Cell<usize>,
}

/// What is counted for one file.
#[derive(Default)]
pub(super) struct Budget(Cell<usize>);

impl<'f> Values<'f> {
    pub(super) fn new(file: &'f str, body: &'f Body, budget: &'f Budget) -> Self {
        let blocks = body.get_blocks("locals").flat_map(|block| block.body.attributes());
        let locals = blocks.map(|attribute| (attribute.key.as_str(), &attribute.value)).collect();
        Values { file, locals, each: None, steps: &budget.0, depth: Cell::new(0) }
    }

    /// The same in a block that stands for each of something.
    pub(super) fn with_each(&self, each: Option<Node>) -> Values<'f> {
        Values { file: self.file, locals: self.locals.clone(), each, steps: self.steps, depth: Cell::new(0) }
    }

    /// The value of an expression.
    pub(super) fn node(&self, expression: &Expression) -> Node {
        let range = expression.span();
        let span = super::place(range.clone());
        let unknown = Node::Unknown(span);
        let Some(range) = range else { return unknown };
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS || self.depth.get() > DEEPEST {
            return unknown;
        }
        match expression {
            Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) => {
                Node::Plain(span.slice(self.file).to_owned(), span)
            }
            Expression::String(_) => Node::Text(self.quoted(range)),
            Expression::StringTemplate(template) => Node::Text(self.template(template)),
            Expression::HeredocTemplate(heredoc) => Node::Text(self.heredoc(heredoc, range)),
            Expression::Array(array) => Node::List(array.iter().map(|item| self.node(item)).collect(), span),
            Expression::Object(object) => self.object(object, span),
            Expression::Parenthesis(inner) => self.node(inner.inner()),
            Expression::Conditional(choice) => {
                Node::Either(vec![self.node(&choice.true_expr), self.node(&choice.false_expr)], span)
            }
            Expression::FuncCall(call) => self.call(call, span).unwrap_or(unknown),
            Expression::Traversal(traversal) => self.traversal(traversal).unwrap_or(unknown),
            _ => unknown,
        }
    }

    fn object(&self, object: &Object, span: crate::Span) -> Node {
        let members = object.iter().map(|(key, value)| {
            let key = match key {
                ObjectKey::Ident(name) => Text::verbatim(name.as_str(), super::start(name.span())),
                ObjectKey::Expression(Expression::Variable(name)) => {
                    Text::verbatim(name.as_str(), super::start(name.span()))
                }
                ObjectKey::Expression(expression) => {
                    let node = self.node(expression);
                    let place = node.span();
                    node.into_text().unwrap_or_else(|| Text::hole(place))
                }
            };
            (key, self.node(value.expr()))
        });
        Node::Map(members.collect(), span)
    }

    /// `local.name`, `each.value`, and what is inside of them.
    fn traversal(&self, traversal: &Traversal) -> Option<Node> {
        let Expression::Variable(root) = &traversal.expr else { return None };
        let names: Option<Vec<String>> =
            traversal.operators.iter().map(|step| self.name(step.value())).collect();
        let names = names?;
        let (first, rest) = names.split_first()?;
        let values = match (root.as_str(), first.as_str()) {
            ("local", name) => {
                let expression = self.locals.get(name)?;
                self.depth.set(self.depth.get() + 1);
                let node = self.node(expression);
                self.depth.set(self.depth.get() - 1);
                vec![node]
            }
            ("each", "value") => match self.each.as_ref()? {
                Node::Map(members, _) => members.iter().map(|(_, value)| value.clone()).collect(),
                Node::List(items, _) => items.clone(),
                _ => return None,
            },
            ("each", "key") => match self.each.as_ref()? {
                Node::Map(members, _) => members.iter().map(|(key, _)| Node::Text(key.clone())).collect(),
                Node::List(items, _) => items.clone(),
                _ => return None,
            },
            _ => return None,
        };
        let inside = |value: Node| {
            rest.iter().try_fold(value, |value, name| match value.get(name) {
                Some(found) => Some(found.clone()),
                None => Some(value.item(name)?.clone()),
            })
        };
        let span = super::place(traversal.expr.span());
        let mut found: Vec<Node> = values.into_iter().filter_map(inside).collect();
        match found.len() {
            0 => None,
            1 => found.pop(),
            _ => Some(Node::Either(found, span)),
        }
    }

    /// The name or number of a step.
    fn name(&self, step: &TraversalOperator) -> Option<String> {
        match step {
            TraversalOperator::GetAttr(name) => Some(name.as_str().to_owned()),
            TraversalOperator::LegacyIndex(index) => Some(index.value().to_string()),
            TraversalOperator::Index(expression) => {
                self.node(expression).into_text().and_then(|text| text.known().map(str::to_owned))
            }
            _ => None,
        }
    }
}
