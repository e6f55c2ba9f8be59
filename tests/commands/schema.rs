//! The JSON of every command against its schema in `assets/schema`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::json::{COMMANDS, values};
use crate::world::{STAGING, World, ran};

fn schema(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/schema");
    let path = folder.join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap()
}

/// The schema of what a command prints.
fn name_of(args: &[&str]) -> String {
    match args {
        ["token", rest @ ..] if rest.contains(&"--claims") => "decode".to_owned(),
        [verb @ ("show" | "list"), thing, ..] => format!("{verb}-{thing}"),
        ["create" | "update" | "delete" | "setup", ..] => "plan".to_owned(),
        [command, ..] => (*command).to_owned(),
        [] => unreachable!(),
    }
}

/// Whether a value has one of the types that a schema names.
fn is_of_type(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    }
}

/// Checks a value by the keywords that our schemas have. Another keyword is a mistake: it would check nothing.
fn check(value: &Value, schema: &Value, at: &str) {
    let empty = serde_json::Map::new();
    for (keyword, says) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$schema" | "title" | "description" => {}
            "type" => {
                let kinds = match says {
                    Value::Array(kinds) => {
                        kinds.iter().map(|kind| kind.as_str().unwrap()).collect()
                    }
                    kind => vec![kind.as_str().unwrap()],
                };
                let fits = kinds.iter().any(|kind| is_of_type(value, kind));
                assert!(fits, "{at} is not {kinds:?}: {value}");
            }
            "enum" => assert!(says.as_array().unwrap().contains(value), "{at}: {value}"),
            "format" => {
                assert_eq!(says, "date-time");
                let text = value.as_str().unwrap_or("2026-01-01T00:00:00Z");
                assert!(
                    text.len() >= 20 && text.contains('T') && text.ends_with('Z'),
                    "{at}: {text}"
                );
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(item, says, &format!("{at}[{index}]"));
                }
            }
            "required" => {
                for name in says.as_array().unwrap() {
                    let there = value.get(name.as_str().unwrap()).is_some();
                    assert!(value.is_null() || there, "{at} has no {name}: {value}");
                }
            }
            "properties" => {
                for (name, schema) in says.as_object().unwrap() {
                    if let Some(member) = value.get(name) {
                        check(member, schema, &format!("{at}.{name}"));
                    }
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let known = known.unwrap_or(&empty);
                for (name, member) in value.as_object().unwrap_or(&empty) {
                    match says {
                        _ if known.contains_key(name) => {}
                        Value::Bool(allowed) => assert!(allowed, "{at} has {name}: {member}"),
                        schema => check(member, schema, &format!("{at}.{name}")),
                    }
                }
            }
            other => panic!("{at}: the keyword {other} is not checked"),
        }
    }
}

#[test]
fn the_json_of_every_command_is_that_of_its_schema() {
    let world = World::new();
    let token = ["token", "--pool", STAGING, "--client", "old-batch"];
    world.file("token.txt", &world.run(&token).answer());
    let mut used = BTreeSet::from(["error".to_owned()]);
    for args in COMMANDS.iter().copied().chain([&["presets"][..]]) {
        let name = name_of(args);
        let schema = schema(&name);
        let mut command = world.command(&[args, &["--json"][..]].concat());
        for value in values(&ran(command.current_dir(world.home.path()))) {
            check(&value, &schema, &name);
        }
        used.insert(name);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/schema");
    let all: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            path.file_stem().unwrap().to_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(all, used, "a schema that nothing is checked against");
}

#[test]
fn an_error_is_that_of_its_schema() {
    let world = World::new();
    for (args, fault) in [
        (&["show", "pool", "nowhere"][..], ""),
        (&["show", "client", "x"], ""),
        (&["list", "pools"], "ListUserPools:access-denied"),
    ] {
        world.fault(fault);
        let ran = world.run(&[args, &["--output", "json"]].concat());
        let line = ran.err.lines().last().unwrap();
        check(
            &serde_json::from_str(line).unwrap(),
            &schema("error"),
            "error",
        );
    }
}

#[test]
fn a_value_that_does_not_fit_is_found() {
    let fits = |value: Value| {
        let schema = schema("list-pools");
        std::panic::catch_unwind(|| check(&value, &schema, "row")).is_ok()
    };
    let world = World::new();
    let pools = world.run(&["list", "pools", "--json"]);
    let row = values(&pools).remove(0);
    assert!(fits(row.clone()));
    let mut without = row.clone();
    without.as_object_mut().unwrap().remove("id");
    assert!(!fits(without));
    let mut more = row.clone();
    more["secret"] = "x".into();
    assert!(!fits(more));
    let mut other = row;
    other["name"] = 1.into();
    assert!(!fits(other));
}
