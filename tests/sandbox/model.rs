//! Walks the service model that ships with botocore and breaks every limit it states, one at a time: each operation here must
//! refuse with the member's name. The model is the authority, not the table that the sandbox itself reads.

use std::collections::BTreeMap;
use std::process::Command;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::api::Api;

const OPERATIONS: [&str; 27] = [
    "ListUserPools",
    "DescribeUserPool",
    "CreateUserPool",
    "UpdateUserPool",
    "DeleteUserPool",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
    "ListUserPoolReplicas",
    "CreateResourceServer",
    "UpdateResourceServer",
    "DescribeResourceServer",
    "DeleteResourceServer",
    "ListResourceServers",
    "CreateUserPoolClient",
    "ListUserPoolClients",
    "DescribeUserPoolClient",
    "UpdateUserPoolClient",
    "DeleteUserPoolClient",
    "AddUserPoolClientSecret",
    "ListUserPoolClientSecrets",
    "DeleteUserPoolClientSecret",
    "CreateUserPoolDomain",
    "DescribeUserPoolDomain",
    "UpdateUserPoolDomain",
    "DeleteUserPoolDomain",
    "GetClientToken",
];

/// The service model, as botocore has it.
struct Model(Value);

/// A way to break a limit: the whole input, the member it is in (as the service spells it), and what the refusal says.
struct Breach {
    input: Value,
    member: String,
    says: String,
}

impl Model {
    fn read() -> Self {
        let Ok(botocore) = std::env::var("COGNITUI_BOTOCORE") else {
            panic!(
                "COGNITUI_BOTOCORE must name the directory of an installed botocore package: run ./tests/run, which sets it"
            );
        };
        let path = format!("{botocore}/data/cognito-idp/2016-04-18/service-2.json");
        let script = "import gzip, os, sys\n\
            path = sys.argv[1]\n\
            file = open(path, 'rb') if os.path.exists(path) else gzip.open(path + '.gz')\n\
            sys.stdout.buffer.write(file.read())";
        let output = Command::new("python3")
            .args(["-c", script, &path])
            .output()
            .expect("python3 runs");
        assert!(
            output.status.success(),
            "no service model under {botocore}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self(serde_json::from_slice(&output.stdout).unwrap())
    }

    fn shape(&self, name: &Value) -> &Value {
        &self.0["shapes"][name.as_str().unwrap()]
    }

    fn input(&self, operation: &str) -> &Value {
        self.shape(&self.0["operations"][operation]["input"]["shape"])
    }

    /// The least value that breaks no limit.
    fn valid(&self, shape: &Value) -> Value {
        match shape["type"].as_str().unwrap() {
            "structure" => {
                let required = shape["required"].as_array().into_iter().flatten();
                required
                    .map(|name| {
                        let name = name.as_str().unwrap();
                        let member = self.shape(&shape["members"][name]["shape"]);
                        (name.to_owned(), self.valid(member))
                    })
                    .collect::<Map<_, _>>()
                    .into()
            }
            "list" => {
                let least = usize::try_from(shape["min"].as_u64().unwrap_or(0).max(1)).unwrap();
                vec![self.valid(self.shape(&shape["member"]["shape"])); least].into()
            }
            "map" => json!({"key": self.valid(self.shape(&shape["value"]["shape"]))}),
            "integer" => shape.get("min").cloned().unwrap_or(json!(1)),
            "boolean" => json!(true),
            "string" => json!(valid_text(shape)),
            other => panic!("no value of type {other}"),
        }
    }

    /// Every breach of `shape`, wherever it stands: `place` puts a value for it into a whole input.
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
                for (broken, says) in self.broken(key) {
                    if let Value::String(broken) = broken {
                        add(json!({broken: "v"}), says);
                    }
                }
                for (broken, says) in self.broken(value) {
                    add(json!({"k": broken}), says);
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

    /// Values that break the shape's own limits, and a wrong type.
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
            broken.push((
                json!(text),
                format!("regular expression pattern: {pattern}"),
            ));
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

/// The model's patterns are Java's: whole, and ASCII in `\w`.
fn whole(pattern: &str) -> Regex {
    Regex::new(&format!(
        r"\A(?:{})\z",
        pattern
            .replace(r"\w", "a-zA-Z0-9_")
            .replace(r"\s", r" \t\n\r")
    ))
    .unwrap()
}

/// A text that the pattern alone refuses. Some patterns take everything.
fn mismatch(pattern: &str, min: Option<i64>) -> Option<String> {
    let length = usize::try_from(min.unwrap_or(1).max(1)).unwrap();
    ["a", " ", "!", "\"", "\u{1}"]
        .into_iter()
        .map(|text| text.repeat(length))
        .find(|text| !whole(pattern).is_match(text))
}

fn valid_text(shape: &Value) -> String {
    if let Some(values) = shape["enum"].as_array() {
        return values[0].as_str().unwrap().to_owned();
    }
    let length = usize::try_from(shape["min"].as_i64().unwrap_or(1).max(1)).unwrap();
    let candidates = [
        "a".repeat(length),
        "eu-west-1_Abc123".to_owned(),
        "arn:aws:lambda:eu-west-1:123456789012:function:trigger".to_owned(),
        "Code: {####}".to_owned(),
        "Click {##here##}".to_owned(),
        "a@acme.example".to_owned(),
    ];
    let fits = |text: &String| {
        shape["pattern"]
            .as_str()
            .is_none_or(|pattern| whole(pattern).is_match(text))
    };
    candidates
        .into_iter()
        .find(fits)
        .unwrap_or_else(|| panic!("no text fits {shape}"))
}

#[tokio::test]
async fn every_limit_of_the_model_is_enforced() {
    let model = Model::read();
    let api = Api::start().await;
    let mut checked: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for operation in OPERATIONS {
        let shape = model.input(operation);
        let mut breaches = Vec::new();
        model.breaches_inside(shape, "", &|input| input, &mut breaches);
        for breach in breaches {
            *checked.entry(operation).or_default() += 1;
            let answer = api.call(operation, breach.input.clone()).await;
            let refusal = answer.err().unwrap_or_default();
            let named = if breach.says == "SerializationException" {
                refusal.starts_with("SerializationException: ")
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
        OPERATIONS.iter().all(|operation| checked[operation] > 0),
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
    for operation in OPERATIONS {
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
