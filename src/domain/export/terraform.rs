//! HCL for Terraform and its AWS provider.
//!
//! Names of arguments and forms of import ids are those of the provider's documentation (`website/docs/r/cognito_*` in
//! hashicorp/terraform-provider-aws).

use std::fmt::Write as _;

use super::ExportInput;
use super::names::{Names, snake};
use super::resources::{PUBLISH, Resource, ResourceKind, UNITS, Value, resources};
use crate::domain::export::escape::{EscapeStyle, comment, comments, escaped, quoted};

/// Import blocks are Terraform's since 1.5. The provider has every argument used here since 5.100 at the latest, which is what the tests run.
const REQUIREMENTS: &str = r#"terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

"#;

pub(super) fn write(setup: &ExportInput) -> String {
    let list = resources(setup);
    let labels = labels(&list);
    let mut header = setup.header();
    header.push(
        "Terraform keeps the secret of every client that it manages in its state, as plain text."
            .to_owned(),
    );
    header.push(
        "The import blocks take over what is there; without them, Terraform makes a copy."
            .to_owned(),
    );
    if list.iter().any(|resource| {
        resource
            .properties
            .iter()
            .any(|(name, _)| *name == "IssuerConfiguration")
    }) {
        header.push("The pool's updated issuer is not in here.".to_owned());
    }
    let mut out = comments(&header, "#");
    out.push_str(REQUIREMENTS);
    if let Some(region) = setup.pool.id.region() {
        let _ = write!(
            out,
            "provider \"aws\" {{\n  region = {}\n}}\n\n",
            text(region)
        );
    }
    let pool_label = snake("pool", &setup.pool.name);
    let pool = if setup.whole {
        format!("aws_cognito_user_pool.{pool_label}.id")
    } else {
        let id = text(setup.pool.id.as_str());
        let _ = write!(
            out,
            "data \"aws_cognito_user_pool\" \"{pool_label}\" {{\n  user_pool_id = {id}\n}}\n\n"
        );
        format!("data.aws_cognito_user_pool.{pool_label}.user_pool_id")
    };
    for (resource, label) in list.iter().zip(&labels) {
        let _ = writeln!(
            out,
            "resource \"{}\" \"{label}\" {{",
            resource.kind.resource()
        );
        let mut body = Body::new(1);
        if resource.kind != ResourceKind::Pool {
            body.line("user_pool_id", &pool);
        }
        for (name, value) in described(resource) {
            property(
                &mut body,
                name,
                value,
                resource.has_client_token_flow(),
                &labels,
            );
        }
        lifecycle(&mut body, resource);
        out.push_str(&body.finish());
        out.push_str("}\n\n");
    }
    for (resource, label) in list.iter().zip(&labels) {
        let _ = write!(
            out,
            "import {{\n  to = {}.{label}\n  id = {}\n}}\n\n",
            resource.kind.resource(),
            text(&resource.import_id)
        );
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The properties that Cognito described. To the provider, a default that is written down and one that is left out differ: an import
/// of what is there would change it. Units that are the defaults are no units to it.
fn described(resource: &Resource) -> impl Iterator<Item = &(&'static str, Value)> {
    resource.properties.iter().filter(|(name, value)| {
        let is_default = *name == UNITS && are_default_units(value);
        !(is_default || resource.undescribed.contains(name))
    })
}

fn are_default_units(units: &Value) -> bool {
    let default = |name: &str| {
        if name == "RefreshToken" {
            "days"
        } else {
            "hours"
        }
    };
    matches!(units, Value::Map(units) if units.iter().all(|(name, unit)| *unit == Value::Text(default(name).to_owned())))
}

impl ResourceKind {
    /// The provider's name for it.
    fn resource(self) -> &'static str {
        match self {
            Self::Pool => "aws_cognito_user_pool",
            Self::Server => "aws_cognito_resource_server",
            Self::Client => "aws_cognito_user_pool_client",
            Self::Domain => "aws_cognito_user_pool_domain",
        }
    }
}

/// A label for each resource, its own among those of its kind.
fn labels(list: &[Resource]) -> Vec<String> {
    let mut names: [Names; 4] = Default::default();
    let [pools, servers, clients, domains] = &mut names;
    list.iter()
        .map(|resource| match resource.kind {
            ResourceKind::Pool => pools.free(&snake("pool", &resource.name)),
            ResourceKind::Server => servers.free(&snake("server", &resource.name)),
            ResourceKind::Client => clients.free(&snake("client", &resource.name)),
            ResourceKind::Domain => domains.free(&snake("domain", &resource.name)),
        })
        .collect()
}

/// `unknown_flow`: the resource has a flow that the provider does not know.
fn property(body: &mut Body, name: &str, value: &Value, unknown_flow: bool, labels: &[String]) {
    match (name, value) {
        // The provider has no argument for it: the header says so.
        ("IssuerConfiguration", _) => {}
        (PUBLISH, _) => body.comment(
            "The provider has no argument for a secret in AWS Secrets Manager yet. After an apply, move it there by hand.",
        ),
        ("ExplicitAuthFlows", flows) if unknown_flow => {
            body.comment("The provider's list of flows lacks this one and refuses it. An import keeps it; on a new client, set it by hand:");
            body.comment(&format!("explicit_auth_flows = {}", literal(flows, labels)));
        }
        ("CustomDomainConfig", Value::Map(parts)) => {
            for (name, value) in parts {
                property(body, name, value, unknown_flow, labels);
            }
        }
        ("Scopes", Value::List(scopes)) => {
            for scope in scopes {
                property(body, "Scope", scope, unknown_flow, labels);
            }
        }
        (_, Value::Map(parts)) => {
            let mut inner = Body::new(body.depth + 1);
            for (name, value) in parts {
                property(&mut inner, name, value, unknown_flow, labels);
            }
            body.block(&argument(name), &inner.finish());
        }
        _ => body.line(&argument(name), &literal(value, labels)),
    }
}

fn has(resource: &Resource, property: &str) -> bool {
    let mut names = resource.properties.iter().map(|(name, _)| *name);
    names.any(|name| name == property)
}

/// What Terraform must let be.
fn lifecycle(body: &mut Body, resource: &Resource) {
    match resource.kind {
        ResourceKind::Pool => {
            body.gap();
            body.comment("What is not written down here would be put back to its default. Take this out once all of it is.");
            body.block("lifecycle", "    ignore_changes = all\n");
        }
        ResourceKind::Client => {
            let mut ignored = Vec::new();
            if has(resource, "GenerateSecret") {
                body.gap();
                body.comment("An import can't read this argument back, and Terraform would make a new client, with another id and secret.");
                body.comment("The first change after an import may end with an error about this argument, although it is made: apply again.");
                ignored.push("generate_secret");
            }
            if resource.has_inactive_scopes {
                if ignored.is_empty() {
                    body.gap();
                }
                body.comment("The client still has the scopes that are left out here. To take them off, let Terraform see the change.");
                ignored.push("allowed_oauth_scopes");
            }
            if !ignored.is_empty() {
                let inner = format!("    ignore_changes = [{}]\n", ignored.join(", "));
                body.block("lifecycle", &inner);
            }
        }
        _ => {}
    }
}

/// The provider's word for a member of the API.
fn argument(api: &str) -> String {
    match api {
        "PoolName" | "ClientName" => "name".to_owned(),
        "UserPoolTags" => "tags".to_owned(),
        _ => {
            let words = api
                .replace("OAuth", "Oauth")
                .replace("URLs", "Urls")
                .replace("URI", "Uri");
            let mut out = String::new();
            for c in words.chars() {
                if c.is_ascii_uppercase() && !out.is_empty() {
                    out.push('_');
                }
                out.push(c.to_ascii_lowercase());
            }
            out
        }
    }
}

fn text(text: &str) -> String {
    quoted(text, EscapeStyle::Hcl)
}

fn literal(value: &Value, labels: &[String]) -> String {
    match value {
        Value::Text(value) => text(value),
        Value::Scope { server, name, full } => match labels.get(*server) {
            Some(label) => format!(
                "\"${{{}.{label}.identifier}}/{}\"",
                ResourceKind::Server.resource(),
                escaped(name, EscapeStyle::Hcl)
            ),
            None => text(full),
        },
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| literal(item, labels)).collect();
            let one_line = items.join(", ");
            if one_line.chars().count() <= 80 {
                format!("[{one_line}]")
            } else {
                format!("[\n    {},\n  ]", items.join(",\n    "))
            }
        }
        Value::Tags(tags) => {
            let tags: Vec<(String, &String)> =
                tags.iter().map(|(key, value)| (text(key), value)).collect();
            let width = tags.iter().map(|(key, _)| key.chars().count()).max();
            let width = width.unwrap_or(0);
            let tag =
                |(key, value): &(String, &String)| format!("    {key:width$} = {}\n", text(value));
            format!("{{\n{}  }}", tags.iter().map(tag).collect::<String>())
        }
        // Blocks are no values: `property` has seen to these.
        Value::Map(_) => String::new(),
    }
}

/// The body of a block, laid out as `terraform fmt` does.
struct Body {
    depth: usize,
    out: String,
    /// Arguments of one line each, whose equals signs stand in line.
    run: Vec<(String, String)>,
}

impl Body {
    fn new(depth: usize) -> Self {
        Self {
            depth,
            out: String::new(),
            run: Vec::new(),
        }
    }

    fn margin(&self) -> String {
        "  ".repeat(self.depth)
    }

    fn line(&mut self, name: &str, value: &str) {
        let several = value.contains('\n');
        if several {
            self.align();
        }
        self.run.push((name.to_owned(), value.to_owned()));
        if several {
            self.align();
        }
    }

    fn comment(&mut self, text: &str) {
        self.align();
        let _ = writeln!(self.out, "{}# {}", self.margin(), comment(text));
    }

    fn block(&mut self, name: &str, inner: &str) {
        self.align();
        let margin = self.margin();
        if !self.out.is_empty()
            && !self.out.ends_with("\n\n")
            && !last_line(&self.out).starts_with('#')
        {
            self.out.push('\n');
        }
        let _ = write!(self.out, "{margin}{name} {{\n{inner}{margin}}}\n");
    }

    fn gap(&mut self) {
        self.align();
        self.out.push('\n');
    }

    fn align(&mut self) {
        let width = self.run.iter().map(|(name, _)| name.len()).max();
        let (width, margin) = (width.unwrap_or(0), self.margin());
        // Nothing but a blank line comes between a block and what follows it.
        if !self.run.is_empty() && last_line(&self.out) == "}" {
            self.out.push('\n');
        }
        for (name, value) in self.run.drain(..) {
            let _ = writeln!(self.out, "{margin}{name:width$} = {value}");
        }
    }

    fn finish(mut self) -> String {
        self.align();
        self.out
    }
}

fn last_line(text: &str) -> &str {
    text.lines().next_back().unwrap_or_default().trim_start()
}
