//! A CloudFormation template, in YAML.

use std::fmt::Write as _;

use super::ExportInput;
use super::names::{Names, pascal};
use super::resources::{Resource, ResourceKind, Value, resources};
use crate::domain::export::escape::{EscapeStyle, comments, quoted};

/// The parameter that names the pool where the pool is not made by the template.
pub(super) const POOL_PARAMETER: &str = "UserPoolId";

/// cfn-lint's check of words that a property may have.
pub(super) const UNKNOWN_WORD: &str = "E3030";

/// What a template may have at most (AWS CloudFormation User Guide, "CloudFormation quotas").
const MOST_RESOURCES: usize = 500;
const MOST_OUTPUTS: usize = 200;

/// Why the template cannot be deployed in one stack, and how it can be split; a sentence or two for each quota.
pub(super) fn limits(setup: &ExportInput) -> Vec<String> {
    let template = Template::of(setup);
    let (resources, outputs) = (template.resources.len(), template.outputs.len());
    let over = [
        (resources, MOST_RESOURCES, "resources"),
        (outputs, MOST_OUTPUTS, "outputs"),
    ];
    let over = over.into_iter().filter(|(count, most, _)| count > most);
    let mut remarks: Vec<String> = over
        .map(|(count, most, what)| {
            format!("This can't be deployed as it is: it has {count} {what}, and a CloudFormation stack has at most {most}.")
        })
        .collect();
    if !remarks.is_empty() {
        // A stack of clients has an output and a resource for each.
        let stacks = setup.clients().len().div_ceil(MOST_OUTPUTS);
        remarks.push(format!(
            "To split it, keep the user pool, its resource servers and its domains in one stack, and move the app clients with their \
             outputs to {stacks} further {}, with the user pool's id as a parameter and without DependsOn. Deploy the first one first.",
            if stacks == 1 { "stack" } else { "stacks" }
        ));
    }
    remarks
}

/// The parts of a template.
pub(super) struct Template {
    pub description: String,
    /// Where the pool's id comes from: the logical name of the pool, or of the parameter.
    pub pool: String,
    pub resources: Vec<NamedResource>,
    /// Logical name of each output, and of the resource whose id it is.
    pub outputs: Vec<(String, String)>,
}

/// A resource with what a template says of it.
pub(super) struct NamedResource {
    /// Its logical name: letters and digits.
    pub name: String,
    pub depends_on: Vec<String>,
    pub resource: Resource,
}

impl Template {
    pub fn of(setup: &ExportInput) -> Self {
        let mut names = Names::default();
        let parameter = (!setup.whole).then(|| names.free(POOL_PARAMETER));
        let list = resources(setup);
        let logical: Vec<String> = list
            .iter()
            .map(|resource| names.free(&logical_name(resource)))
            .collect();
        let made = list.iter().zip(&logical);
        let outputs = made
            .filter(|(resource, _)| {
                matches!(resource.kind, ResourceKind::Pool | ResourceKind::Client)
            })
            .map(|(_, name)| (names.free(&format!("{name}Id")), name.clone()))
            .collect();
        let pool = parameter.unwrap_or_else(|| logical.first().cloned().unwrap_or_default());
        let described = list.into_iter().zip(&logical).map(|(resource, name)| {
            let depends_on = resource.servers();
            let depends_on = depends_on.iter().filter_map(|at| logical.get(*at).cloned());
            NamedResource {
                name: name.clone(),
                depends_on: depends_on.collect(),
                resource,
            }
        });
        Self {
            description: format!(
                "Machine-to-machine authentication as in user pool {}",
                setup.pool.id
            ),
            pool,
            resources: described.collect(),
            outputs,
        }
    }
}

impl ResourceKind {
    /// The type of the resource, without `AWS::Cognito::`.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Pool => "UserPool",
            Self::Server => "UserPoolResourceServer",
            Self::Client => "UserPoolClient",
            Self::Domain => "UserPoolDomain",
        }
    }
}

/// The template's word for a property of the API.
pub(super) fn property(api: &'static str) -> &'static str {
    match api {
        "PoolName" => "UserPoolName",
        same => same,
    }
}

fn logical_name(resource: &Resource) -> String {
    match resource.kind {
        ResourceKind::Pool => "UserPool".to_owned(),
        ResourceKind::Server => pascal("Server", &resource.name),
        ResourceKind::Client => pascal("Client", &resource.name),
        ResourceKind::Domain => pascal("Domain", &resource.name),
    }
}

pub(super) fn write(setup: &ExportInput) -> String {
    let template = Template::of(setup);
    let mut header = setup.header();
    header.extend(limits(setup));
    let mut out = comments(&header, "#");
    out.push_str("AWSTemplateFormatVersion: \"2010-09-09\"\n");
    line(&mut out, 0, "Description", &scalar(&template.description));
    if !setup.whole {
        let description = parameter_description(setup);
        out.push_str("\nParameters:\n");
        let _ = writeln!(out, "  {POOL_PARAMETER}:");
        line(&mut out, 2, "Type", "String");
        line(&mut out, 2, "Description", &scalar(&description));
    }
    out.push_str("\nResources:\n");
    for described in &template.resources {
        let resource = &described.resource;
        let _ = writeln!(out, "  {}:", described.name);
        let kind = format!("AWS::Cognito::{}", resource.kind.type_name());
        line(&mut out, 2, "Type", &kind);
        if resource.has_client_token_flow() {
            // The schema that it checks by lacks the flow, which Cognito takes.
            let _ = write!(
                out,
                "    Metadata:\n      cfn-lint:\n        config:\n          ignore_checks:\n            - {UNKNOWN_WORD}\n"
            );
        }
        if !described.depends_on.is_empty() {
            out.push_str("    DependsOn:\n");
            for other in &described.depends_on {
                let _ = writeln!(out, "      - {other}");
            }
        }
        out.push_str("    Properties:\n");
        if resource.kind != ResourceKind::Pool {
            let pool = format!("!Ref {}", template.pool);
            line(&mut out, 3, "UserPoolId", &pool);
        }
        for (name, value) in &resource.properties {
            entry(&mut out, 3, property(name), value);
        }
        out.push('\n');
    }
    out.push_str("Outputs:\n");
    for (name, of) in &template.outputs {
        let _ = writeln!(out, "  {name}:");
        line(&mut out, 2, "Value", &format!("!Ref {of}"));
    }
    out
}

/// What the parameter is for.
pub(super) fn parameter_description(setup: &ExportInput) -> String {
    format!(
        "The user pool to make it in; it was exported from {}",
        setup.pool.id
    )
}

fn line(out: &mut String, depth: usize, name: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:1$}{name}: {value}", "", depth * 2);
}

fn entry(out: &mut String, depth: usize, name: &str, value: &Value) {
    let margin = " ".repeat(depth * 2);
    match value {
        Value::Text(text) => line(out, depth, name, &scalar(text)),
        Value::Scope { full, .. } => line(out, depth, name, &scalar(full)),
        Value::Number(number) => line(out, depth, name, &number.to_string()),
        Value::Flag(flag) => line(out, depth, name, &flag.to_string()),
        Value::Map(parts) => {
            let _ = writeln!(out, "{margin}{name}:");
            for (name, value) in parts {
                entry(out, depth + 1, name, value);
            }
        }
        Value::Tags(tags) => {
            let _ = writeln!(out, "{margin}{name}:");
            for (key, value) in tags {
                line(out, depth + 1, &scalar(key), &scalar(value));
            }
        }
        Value::List(items) => {
            let _ = writeln!(out, "{margin}{name}:");
            for value in items {
                item(out, depth + 1, value);
            }
        }
    }
}

/// An item of a list: its first line follows the dash.
fn item(out: &mut String, depth: usize, value: &Value) {
    let mut lines = String::new();
    match value {
        Value::Map(parts) => {
            for (name, value) in parts {
                entry(&mut lines, depth + 1, name, value);
            }
        }
        Value::Text(text) | Value::Scope { full: text, .. } => {
            let _ = writeln!(lines, "{:1$}{2}", "", depth * 2 + 2, scalar(text));
        }
        Value::Number(number) => {
            let _ = writeln!(lines, "{:1$}{number}", "", depth * 2 + 2);
        }
        Value::Flag(flag) => {
            let _ = writeln!(lines, "{:1$}{flag}", "", depth * 2 + 2);
        }
        // Cognito has no lists of these.
        Value::List(_) | Value::Tags(_) => {}
    }
    let _ = write!(out, "{:1$}- {2}", "", depth * 2, lines.trim_start());
}

/// A text as a scalar: plain where no reader of YAML, old or new, takes it for something else.
fn scalar(text: &str) -> String {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/');
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null"
    );
    if starts_well && text.chars().all(harmless) && !text.ends_with(' ') && !is_word {
        text.to_owned()
    } else {
        quoted(text, EscapeStyle::Yaml)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_go_without_quotes() {
        for plain in ["ENABLED", "orders/read", "Read orders", "eu-west-1"] {
            assert_eq!(scalar(plain), plain);
        }
        for other in [
            "", "no", "True", "1e3", "0x1", "a: b", "a #b", "-", "~", "a ", "é", "null",
        ] {
            assert!(scalar(other).starts_with('"'), "{other}");
        }
    }
}
