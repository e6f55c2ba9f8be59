//! Walks the service model that ships with botocore, and compares the sandbox with it. The model is the authority, not the table
//! that the sandbox itself reads: a newer model fails here with a list of what the sandbox lacks.

mod coverage;
mod forms;
mod limits;
mod walk;

use std::process::Command;

use regex::Regex;
use serde_json::{Map, Value, json};

/// The service model in botocore's form.
#[derive(Clone)]
struct Model(Value);

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

    fn output(&self, operation: &str) -> Option<&Value> {
        let output = &self.0["operations"][operation]["output"]["shape"];
        (!output.is_null()).then_some(output)
    }

    /// Returns a value with all members, at all depths, that breaks no limit.
    fn full(&self, shape: &Value) -> Value {
        match shape["type"].as_str().unwrap() {
            "structure" => shape["members"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, member)| (name.clone(), self.full(self.shape(&member["shape"]))))
                .collect::<Map<_, _>>()
                .into(),
            "list" => vec![self.full(self.shape(&shape["member"]["shape"]))].into(),
            "map" => {
                let key = valid_text(self.shape(&shape["key"]["shape"]));
                json!({key: self.full(self.shape(&shape["value"]["shape"]))})
            }
            _ => self.valid(shape),
        }
    }

    /// Returns the smallest value that breaks no limit.
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
            "map" => {
                let key = valid_text(self.shape(&shape["key"]["shape"]));
                json!({key: self.valid(self.shape(&shape["value"]["shape"]))})
            }
            "integer" => shape.get("min").cloned().unwrap_or(json!(1)),
            "boolean" => json!(true),
            "string" => json!(valid_text(shape)),
            other => panic!("no value of type {other}"),
        }
    }
}

/// Returns a pattern of the model, which is Java's: whole, and ASCII in `\w`.
fn whole(pattern: &str) -> Regex {
    Regex::new(&format!(
        r"\A(?:{})\z",
        pattern
            .replace(r"\w", "a-zA-Z0-9_")
            .replace(r"\s", r" \t\n\r")
    ))
    .unwrap()
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
        "Level1".to_owned(),
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
