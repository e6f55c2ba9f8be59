//! Calls operations and records which members and values of the model occur in responses.

use std::collections::BTreeSet;

use cognitui::sandbox::Options;
use serde_json::{Value, json};

use super::super::api::{Api, text, with};
use super::Model;
use super::coverage::{OURS, companions, is_left_out};

/// A sandbox, the model, and the parts of the model that occurred.
pub struct Walk {
    pub model: Model,
    pub api: Api,
    seen: BTreeSet<String>,
    pub faults: Vec<String>,
}

impl Walk {
    pub async fn new(model: Model) -> Self {
        Self {
            model,
            api: Api::with(Options {
                seed: Some(1),
                ..Options::default()
            })
            .await,
            seen: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    pub async fn call(&mut self, operation: &str, input: Value) -> Value {
        match self.api.call(operation, input.clone()).await {
            Ok(answer) => {
                if let Some(output) = self.model.output(operation).cloned() {
                    self.note(&output, &answer);
                }
                answer
            }
            Err(refusal) => {
                self.faults
                    .push(format!("{operation} {input} is refused: {refusal}"));
                Value::Null
            }
        }
    }

    /// Records which members and values of the model a response has.
    fn note(&mut self, shape: &Value, answer: &Value) {
        let name = text(shape);
        let of = self.model.shape(shape).clone();
        match (of["type"].as_str().unwrap(), answer) {
            ("structure", Value::Object(members)) => {
                for (member, value) in members {
                    match of["members"].get(member) {
                        Some(inner) => self.note(&inner["shape"].clone(), value),
                        None => self.faults.push(format!("{name} has no {member}")),
                    }
                    self.seen.insert(format!("{name}.{member}"));
                }
            }
            ("list", Value::Array(items)) => {
                for item in items {
                    self.note(&of["member"]["shape"], item);
                }
            }
            ("map", Value::Object(entries)) => {
                for value in entries.values() {
                    self.note(&of["value"]["shape"], value);
                }
            }
            ("string", Value::String(value)) if of.get("enum").is_some() => {
                self.seen.insert(format!("{name}={value}"));
            }
            _ => {}
        }
    }

    /// Sends each setting of the operation alone, and searches for it in the response: `described` names the shape that has it,
    /// and `read` the operation and the place in its response.
    pub async fn stored(
        &mut self,
        operation: &str,
        least: &Value,
        described: &str,
        read: (&str, &str),
    ) {
        let input = self.model.input(operation).clone();
        let told = self.model.shape(&json!(described)).clone();
        for (name, member) in input["members"].as_object().unwrap() {
            if least.get(name).is_some() || told["members"].get(name).is_none() {
                continue;
            }
            let value = self.model.full(self.model.shape(&member["shape"]));
            let request = with(&with(least, &json!({name: value})), &companions(name));
            let value = request[name].clone();
            let mut answer = self.call(operation, request.clone()).await;
            let (reader, place) = read;
            if answer.pointer(place).is_none() {
                let key: Value = ["UserPoolId", "ClientId", "Identifier", "Domain"]
                    .iter()
                    .filter(|key| self.model.input(reader)["members"].get(**key).is_some())
                    .map(|key| ((*key).to_owned(), request[*key].clone()))
                    .collect();
                answer = self.call(reader, key).await;
            }
            let found = answer.pointer(&format!("{place}/{name}"));
            if !found.is_some_and(|found| contains(found, &value)) {
                self.faults.push(format!(
                    "{operation} loses {name}: {value} became {found:?}"
                ));
            }
        }
    }

    /// Returns the shapes of our inputs or outputs, without what is left out.
    fn reachable(&self, side: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<String> = OURS
            .iter()
            .map(|operation| &self.model.0["operations"][operation][side]["shape"])
            .filter_map(|shape| shape.as_str().map(str::to_owned))
            .collect();
        while let Some(name) = open.pop() {
            if is_left_out(&name) || !found.insert(name.clone()) {
                continue;
            }
            let shape = &self.model.0["shapes"][&name];
            let members = shape["members"].as_object().into_iter().flatten();
            let told = members.filter(|(member, _)| !is_left_out(&format!("{name}.{member}")));
            let parts = ["member", "key", "value"].map(|part| &shape[part]);
            let inner = told.map(|(_, member)| member).chain(parts);
            open.extend(inner.filter_map(|part| part["shape"].as_str().map(str::to_owned)));
        }
        found
    }

    /// Returns all of the model that occurred in no response, without what is left out; and what is left out and occurred anyway.
    pub fn missing(&self) -> Vec<String> {
        let mut expected = BTreeSet::new();
        let inputs = self.reachable("input");
        for name in self.reachable("output") {
            let shape = &self.model.0["shapes"][&name];
            for (member, _) in shape["members"].as_object().into_iter().flatten() {
                expected.insert(format!("{name}.{member}"));
            }
            // A value that requests have, too, is told as it was given.
            for value in shape["enum"].as_array().into_iter().flatten() {
                if !inputs.contains(&name) {
                    expected.insert(format!("{name}={}", text(value)));
                }
            }
        }
        let missing = expected
            .iter()
            .filter(|what| !self.seen.contains(*what) && !is_left_out(what))
            .map(|what| format!("never answered: {what}"));
        let stale = self.seen.iter().filter(|what| is_left_out(what));
        let stale = stale.map(|what| format!("answered though left out: {what}"));
        missing.chain(stale).collect()
    }
}

/// Returns whether `found` has all of `given`, possibly with defaults beside it.
fn contains(found: &Value, given: &Value) -> bool {
    match (found, given) {
        (Value::Object(found), Value::Object(given)) => given
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|found| contains(found, value))),
        _ => found == given,
    }
}
