//! Breaks every limit of the model, one at a time: each operation must refuse with the member's name.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::api::Api;
use super::coverage::OURS;
use super::{Model, valid_text, whole};

/// The pattern of a domain, which the service checks after the other limits, and its message then.
const DOMAIN: &str = "^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$";
const BAD_DOMAIN: &str = "The domain name contains an invalid character.";

/// A way to break a limit: the whole input, the member it is in (as the service spells it), and the error message.
struct Breach {
    input: Value,
    member: String,
    says: String,
}

impl Model {
    /// Returns every breach of `shape`, wherever it is: `place` puts a value for it into a whole input.
    fn breaches(
        &self,
        shape: &Value,
        path: &str,
        place: &dyn Fn(Value) -> Value,
        into: &mut Vec<Breach>,
    ) {
        let mut add = |value: Value, says: String| {
            into.push(Breach {
                input: place(value),
                member: path.to_owned(),
                says,
            });
        };
        for (value, says) in self.broken(shape) {
            add(value, says);
        }
        match shape["type"].as_str().unwrap() {
            "structure" => self.breaches_inside(shape, path, place, into),
            "list" => {
                let element = self.shape(&shape["member"]["shape"]);
                if element["type"] == "structure" {
                    let path = format!("{path}.1.member");
                    self.breaches(element, &path, &|value| place(json!([value])), into);
                } else {
                    // The service reports an entry at its list, with all that an entry must satisfy.
                    for (value, says) in self.broken(element) {
                        add(json!([value]), says);
                    }
                }
            }
            "map" => {
                let (key, value) = (
                    self.shape(&shape["key"]["shape"]),
                    self.shape(&shape["value"]["shape"]),
                );
                let (good, valid) = (valid_text(key), self.valid(value));
                for (broken, says) in self.broken(key) {
                    if let Value::String(broken) = broken {
                        add(json!({broken: valid}), says);
                    }
                }
                if value["type"] == "structure" {
                    let path = format!("{path}.{good}.member");
                    self.breaches(value, &path, &|inner| place(json!({&good: inner})), into);
                } else {
                    for (broken, says) in self.broken(value) {
                        add(json!({&good: broken}), says);
                    }
                }
            }
            _ => {}
        }
    }

    fn breaches_inside(
        &self,
        shape: &Value,
        path: &str,
        place: &dyn Fn(Value) -> Value,
        into: &mut Vec<Breach>,
    ) {
        let valid = self.valid(shape);
        for (name, member) in shape["members"].as_object().unwrap() {
            let path = if path.is_empty() {
                camel(name)
            } else {
                format!("{path}.{}", camel(name))
            };
            let required = shape["required"]
                .as_array()
                .is_some_and(|all| all.contains(&json!(name)));
            if required {
                let mut without = valid.clone();
                without.as_object_mut().unwrap().remove(name);
                into.push(Breach {
                    input: place(without),
                    member: path.clone(),
                    says: "Member must not be null".to_owned(),
                });
            }
            let inside = |value: Value| {
                let mut whole = valid.clone();
                whole[name] = value;
                place(whole)
            };
            self.breaches(self.shape(&member["shape"]), &path, &inside, into);
        }
    }

    /// Returns values that break the shape's own limits, and a wrong type.
    fn broken(&self, shape: &Value) -> Vec<(Value, String)> {
        let (min, max) = (shape["min"].as_i64(), shape["max"].as_i64());
        let mut broken = Vec::new();
        let kind = shape["type"].as_str().unwrap();
        let measure = if kind == "integer" { "value" } else { "length" };
        let least = |min: i64| format!("Member must have {measure} greater than or equal to {min}");
        let most = |max: i64| format!("Member must have {measure} less than or equal to {max}");
        let sized = |size: i64| -> Value {
            let count = usize::try_from(size).unwrap_or(0);
            match kind {
                "string" => json!("a".repeat(count)),
                "integer" => json!(size),
                "list" => vec![self.valid(self.shape(&shape["member"]["shape"])); count].into(),
                "map" => {
                    let value = self.valid(self.shape(&shape["value"]["shape"]));
                    let keys = (0..count).map(|number| format!("k{number}"));
                    keys.map(|key| (key, value.clone())).collect()
                }
                other => panic!("no size of a {other}"),
            }
        };
        if let Some(min) = min.filter(|min| *min > 0) {
            broken.push((sized(min - 1), least(min)));
        }
        if let Some(max) = max {
            broken.push((sized(max + 1), most(max)));
        }
        if let Some(pattern) = shape["pattern"].as_str()
            && let Some(text) = mismatch(pattern, min)
        {
            let says = match pattern {
                DOMAIN => BAD_DOMAIN.to_owned(),
                pattern => format!("regular expression pattern: {pattern}"),
            };
            broken.push((json!(text), says));
        }
        if let Some(values) = shape["enum"].as_array() {
            let values: Vec<&str> = values.iter().map(|value| value.as_str().unwrap()).collect();
            broken.push((
                json!("NONE_OF_THESE"),
                format!("enum value set: [{}]", values.join(", ")),
            ));
        }
        broken.push((wrong_type(kind), "SerializationException".to_owned()));
        broken
    }
}

fn wrong_type(kind: &str) -> Value {
    match kind {
        "string" | "list" | "structure" | "map" => json!(7),
        "integer" | "boolean" => json!("seven"),
        other => panic!("no wrong value for type {other}"),
    }
}

fn camel(name: &str) -> String {
    name[..1].to_lowercase() + &name[1..]
}

/// Returns a text that only the pattern refuses. Some patterns accept everything.
fn mismatch(pattern: &str, min: Option<i64>) -> Option<String> {
    let length = usize::try_from(min.unwrap_or(1).max(1)).unwrap();
    ["a", " ", "!", "\"", "\u{1}"]
        .into_iter()
        .map(|text| text.repeat(length))
        .find(|text| !whole(pattern).is_match(text))
}

#[tokio::test]
async fn every_limit_of_the_model_is_enforced() {
    let model = Model::read();
    let api = Api::start().await;
    let mut checked: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for operation in OURS.iter().map(String::as_str) {
        let shape = model.input(operation);
        let mut breaches = Vec::new();
        model.breaches_inside(shape, "", &|input| input, &mut breaches);
        for breach in breaches {
            *checked.entry(operation).or_default() += 1;
            let answer = api.call(operation, breach.input.clone()).await;
            let refusal = answer.err().unwrap_or_default();
            let named = if breach.says == "SerializationException" {
                refusal.starts_with("SerializationException: ")
                    && !refusal.contains("has no member")
            } else if breach.says == BAD_DOMAIN {
                refusal.starts_with(&format!("InvalidParameterException: {BAD_DOMAIN}"))
            } else {
                refusal.starts_with("InvalidParameterException: ")
                    && refusal.contains(&format!(
                        "at '{}' failed to satisfy constraint: ",
                        breach.member
                    ))
                    && refusal.contains(breach.says.trim_end_matches(']'))
            };
            if !named {
                failures.push(format!(
                    "{operation} {}: expected {:?}, got {refusal:?}",
                    breach.member, breach.says
                ));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} limits are not enforced:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(
        OURS.iter().all(|operation| checked[operation.as_str()] > 0),
        "{checked:?}"
    );
    assert!(
        checked.values().sum::<usize>() > 500,
        "the walk misses most of the model: {checked:?}"
    );
}

#[tokio::test]
async fn what_the_model_allows_passes_validation() {
    let model = Model::read();
    let api = Api::start().await;
    for operation in OURS.iter().map(String::as_str) {
        let shape = model.input(operation);
        let least = model.valid(shape);
        let mut inputs = vec![least.clone()];
        for (name, member) in shape["members"].as_object().unwrap() {
            let mut input = least.clone();
            input[name] = model.valid(model.shape(&member["shape"]));
            inputs.push(input);
        }
        for input in inputs {
            let refusal = api
                .call(operation, input.clone())
                .await
                .err()
                .unwrap_or_default();
            assert!(
                !refusal.contains("validation error"),
                "{operation} {input}: {refusal}"
            );
            assert!(
                !refusal.starts_with("SerializationException"),
                "{operation} {input}: {refusal}"
            );
        }
    }
}
