//! A bash script of AWS CLI commands.
//!
//! Settings go to the CLI as JSON: its own shorthand takes a value such as `https://…` for the address of a file to fetch.

use std::fmt::Write as _;

use super::ExportInput;
use super::names::{Names, snake};
use super::resources::{Resource, ResourceKind, Value, resources};
use crate::domain::export::escape::{EscapeStyle, comments, quoted};
use crate::domain::shell::quote;

pub(super) fn write(setup: &ExportInput) -> String {
    let mut out = "#!/usr/bin/env bash\n".to_owned();
    let mut header = setup.header();
    header.push(
        "Run it once, with bash: it makes new things and prints their ids. It stops at the first command that fails.".to_owned(),
    );
    if setup.domains.iter().any(|domain| !domain.custom) {
        header.push("Another prefix for the domain is taken from DOMAIN_PREFIX.".to_owned());
    }
    out.push_str(&comments(&header, "#"));
    out.push_str("set -euo pipefail\n");
    let region = setup.pool.id.region().unwrap_or_default();
    unless_given(&mut out, "AWS_REGION", region);
    out.push_str("export AWS_REGION AWS_DEFAULT_REGION=\"$AWS_REGION\" AWS_PAGER=\"\"\n\n");
    if !setup.whole {
        out.push_str("# The pool to make it in.\n");
        unless_given(&mut out, "USER_POOL_ID", setup.pool.id.as_str());
        out.push('\n');
    }
    let mut names = Names::default();
    let mut made = vec!["USER_POOL_ID".to_owned()];
    for resource in resources(setup) {
        let what = match resource.kind {
            ResourceKind::Pool => "User pool",
            ResourceKind::Server => "Resource server",
            ResourceKind::Client => "App client",
            ResourceKind::Domain => "Domain",
        };
        let _ = writeln!(
            out,
            "printf '%s\\n' {} >&2",
            quote(&crate::domain::export::escape::comment(&format!(
                "{what} {}",
                resource.name
            )))
        );
        match resource.kind {
            ResourceKind::Pool => created(&mut out, &resource, "USER_POOL_ID"),
            ResourceKind::Server => server(&mut out, &resource, setup.whole),
            ResourceKind::Client => {
                let variable = snake("client", &resource.name).to_uppercase();
                let variable = names.free(&format!("CLIENT_ID_{variable}"));
                created(&mut out, &resource, &variable);
                made.push(variable);
            }
            ResourceKind::Domain => domain(&mut out, &resource),
        }
        out.push('\n');
    }
    for variable in made {
        let _ = writeln!(out, "printf '%s=%s\\n' {variable} \"${variable}\"");
    }
    out
}

const POOL: &str = "--user-pool-id=\"$USER_POOL_ID\" ";

/// A command whose answer is an id. `--query` also keeps a client's secret out of what is printed.
fn created(out: &mut String, resource: &Resource, variable: &str) {
    let (operation, pool, query) = match resource.kind {
        ResourceKind::Pool => ("create-user-pool", "", "UserPool.Id"),
        _ => ("create-user-pool-client", POOL, "UserPoolClient.ClientId"),
    };
    let input = input(&resource.properties);
    let _ = writeln!(
        out,
        "{variable}=\"$(aws cognito-idp {operation} {pool}--query {query} --output text --cli-input-json {input})\""
    );
}

/// A pool that is there may have the server.
fn server(out: &mut String, resource: &Resource, whole: bool) {
    let create = format!(
        "aws cognito-idp create-resource-server {POOL}--cli-input-json {} >/dev/null\n",
        input(&resource.properties)
    );
    if whole {
        out.push_str(&create);
        return;
    }
    let key: Vec<(&str, Value)> = resource
        .properties
        .iter()
        .filter(|(name, _)| *name == "Identifier")
        .cloned()
        .collect();
    let _ = write!(
        out,
        "if ! aws cognito-idp describe-resource-server {POOL}--cli-input-json {} >/dev/null 2>&1; then\n{create}fi\n",
        input(&key)
    );
}

/// A prefix is one pool's alone in the whole Region, so it can be given.
fn domain(out: &mut String, resource: &Resource) {
    let custom = |(name, _): &(&str, Value)| *name == "CustomDomainConfig";
    let name = resource
        .properties
        .iter()
        .find_map(|property| match property {
            ("Domain", Value::Text(prefix)) => Some(prefix.as_str()),
            _ => None,
        })
        .filter(|_| !resource.properties.iter().any(custom));
    let mut rest = resource.properties.clone();
    let mut flag = String::new();
    if let Some(prefix) = name {
        rest.retain(|(name, _)| *name != "Domain");
        unless_given(out, "DOMAIN_PREFIX", prefix);
        flag.push_str("--domain=\"$DOMAIN_PREFIX\" ");
    }
    let _ = writeln!(
        out,
        "aws cognito-idp create-user-pool-domain {POOL}{flag}--cli-input-json {} >/dev/null",
        input(&rest)
    );
}

/// A variable that the environment may set. The value is alone in its line, where quotes are quotes.
fn unless_given(out: &mut String, variable: &str, value: &str) {
    let _ = writeln!(
        out,
        "[ -n \"${{{variable}:-}}\" ] || {variable}={}",
        quote(value)
    );
}

/// What the command is to make, quoted for the shell.
fn input(properties: &[(&'static str, Value)]) -> String {
    quote(&object(properties, 0))
}

fn object(parts: &[(&'static str, Value)], depth: usize) -> String {
    let part =
        |(name, value): &(&'static str, Value)| format!("\"{name}\": {}", json(value, depth + 1));
    block('{', parts.iter().map(part), '}', depth)
}

fn block(open: char, lines: impl Iterator<Item = String>, close: char, depth: usize) -> String {
    let (margin, end) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    let lines: Vec<String> = lines.map(|line| format!("{margin}{line}")).collect();
    if lines.is_empty() {
        return format!("{open}{close}");
    }
    format!("{open}\n{}\n{end}{close}", lines.join(",\n"))
}

fn json(value: &Value, depth: usize) -> String {
    let text = |text: &str| quoted(text, EscapeStyle::Json);
    match value {
        Value::Text(value) | Value::Scope { full: value, .. } => text(value),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Map(parts) => object(parts, depth),
        Value::Tags(tags) => {
            let tag = |(key, value): &(String, String)| format!("{}: {}", text(key), text(value));
            block('{', tags.iter().map(tag), '}', depth)
        }
        Value::List(items) => {
            let item = |item| json(item, depth + 1);
            block('[', items.iter().map(item), ']', depth)
        }
    }
}
