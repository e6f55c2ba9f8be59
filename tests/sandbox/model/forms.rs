//! Settings that the API describes in two forms: each is read in both.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Model;

/// What two members of one structure are to each other, of which one's name is the beginning or the end of the other's.
#[derive(PartialEq)]
enum Pair {
    /// Two forms of one setting: who reads the one reads the other.
    Forms,
    /// Two settings.
    Apart,
    /// Not read, only sent back.
    Kept,
}

const PAIRS: &[(&str, &str, &str, Pair)] = &[
    (
        "LambdaConfigType",
        "PreTokenGeneration",
        "PreTokenGenerationConfig",
        Pair::Forms,
    ),
    (
        "UserPoolClientType",
        "ClientSecret",
        "ClientSecretArn",
        Pair::Forms,
    ),
    ("UserPoolType", "Domain", "CustomDomain", Pair::Forms),
    (
        "UserPoolClientType",
        "AllowedOAuthFlows",
        "AllowedOAuthFlowsUserPoolClient",
        Pair::Apart,
    ),
    // The one is the application's, the other that of the sign-in pages.
    (
        "DomainDescriptionType",
        "Version",
        "ManagedLoginVersion",
        Pair::Apart,
    ),
    (
        "UserPoolType",
        "EmailConfiguration",
        "EmailConfigurationFailure",
        Pair::Kept,
    ),
    (
        "UserPoolType",
        "SmsConfiguration",
        "SmsConfigurationFailure",
        Pair::Kept,
    ),
    (
        "VerificationMessageTemplateType",
        "EmailMessage",
        "EmailMessageByLink",
        Pair::Kept,
    ),
    (
        "VerificationMessageTemplateType",
        "EmailSubject",
        "EmailSubjectByLink",
        Pair::Kept,
    ),
];

/// The operations whose answers are read.
const READ: [&str; 7] = [
    "DescribeUserPool",
    "DescribeUserPoolClient",
    "DescribeUserPoolDomain",
    "ListResourceServers",
    "ListUserPoolClients",
    "ListUserPoolClientSecrets",
    "ListUserPools",
];

/// The structures of an answer, by name.
fn structures(model: &Model, name: &str, found: &mut BTreeSet<String>) {
    let shape = &model.0["shapes"][name];
    let inner: Vec<&Value> = match shape["type"].as_str().unwrap() {
        "structure" if found.insert(name.to_owned()) => {
            shape["members"].as_object().unwrap().values().collect()
        }
        "list" => vec![&shape["member"]],
        "map" => vec![&shape["value"]],
        _ => Vec::new(),
    };
    for member in inner {
        structures(model, member["shape"].as_str().unwrap(), found);
    }
}

/// All code that reads answers, without its tests.
fn readers() -> String {
    fn gather(folder: &Path, code: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, code);
            } else if path
                .file_name()
                .is_some_and(|name| name != "pool_update.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                code.push_str(text.split("#[cfg(test)]").next().unwrap());
            }
        }
    }
    let mut code = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cognito");
    gather(&root.join("sdk"), &mut code);
    gather(&root.join("api"), &mut code);
    code
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[test]
fn a_setting_of_two_forms_is_read_in_both() {
    let model = Model::read();
    let mut names = BTreeSet::new();
    for operation in READ {
        let output = &model.0["operations"][operation]["output"]["shape"];
        structures(&model, output.as_str().unwrap(), &mut names);
    }
    let mut unknown = Vec::new();
    for name in &names {
        let members = model.0["shapes"][name]["members"].as_object().unwrap();
        for (one, other) in members
            .keys()
            .flat_map(|one| members.keys().map(move |other| (one, other)))
            .filter(|(one, other)| {
                one != other && (other.starts_with(*one) || other.ends_with(*one))
            })
        {
            let known = |pair: &&(&str, &str, &str, Pair)| {
                pair.0 == name && pair.1 == one && pair.2 == other
            };
            if !PAIRS.iter().any(|pair| known(&pair)) {
                unknown.push(format!("{name}: {one}, {other}"));
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "two forms of one setting, or not? {unknown:?}"
    );
    let code = readers();
    for (name, one, other, _) in PAIRS.iter().filter(|pair| pair.3 == Pair::Forms) {
        let is_read = |member: &str| {
            let word = format!(r#"(\.{}(?-u:\b)|"{member}")"#, snake(member));
            regex::Regex::new(&word).unwrap().is_match(&code)
        };
        assert!(is_read(one) && is_read(other), "{name}: {one}, {other}");
    }
}
