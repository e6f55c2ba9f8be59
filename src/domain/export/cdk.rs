//! TypeScript for aws-cdk-lib. The constructs are CloudFormation's own (L1), which say no more than the template does.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::ExportInput;
use super::cloudformation::{
    POOL_PARAMETER, Template, UNKNOWN_WORD, limits, parameter_description, property,
};
use super::names::pascal;
use super::resources::{ResourceKind, Value};
use crate::domain::export::escape::{EscapeStyle, comments, quoted};

pub(super) fn write(setup: &ExportInput) -> String {
    let template = Template::of(setup);
    let stack = pascal("Cognito", &setup.pool.name);
    let mut header = setup.header();
    header.extend(limits(setup));
    let mut out = comments(&header, "//");
    out.push_str("import * as cdk from \"aws-cdk-lib\";\n");
    out.push_str("import * as cognito from \"aws-cdk-lib/aws-cognito\";\n");
    out.push_str("import { Construct } from \"constructs\";\n\n");
    let _ = writeln!(out, "export class {stack} extends cdk.Stack {{");
    out.push_str("  constructor(scope: Construct, id: string, props?: cdk.StackProps) {\n");
    out.push_str("    super(scope, id, props);\n");
    let description = text(&template.description);
    let _ = writeln!(out, "    this.templateOptions.description = {description};");
    out.push_str("    this.templateOptions.templateFormatVersion = \"2010-09-09\";\n\n");
    if !setup.whole {
        let description = text(&parameter_description(setup));
        let _ = write!(
            out,
            "    const userPoolId = new cdk.CfnParameter(this, \"{POOL_PARAMETER}\", {{\n      type: \"String\",\n      \
             description: {description},\n    }}).valueAsString;\n\n"
        );
    }
    let of_outputs = template.outputs.iter().map(|(_, of)| of);
    let depended_on = template
        .resources
        .iter()
        .flat_map(|described| &described.depends_on);
    let used: BTreeSet<&str> = depended_on.chain(of_outputs).map(String::as_str).collect();
    for described in &template.resources {
        let resource = &described.resource;
        let (name, variable) = (&described.name, variable(&described.name));
        let class = resource.kind.type_name();
        // Strict compilers refuse a constant that nothing uses.
        let constant = if used.contains(name.as_str()) {
            format!("const {variable} = ")
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "    {constant}new cognito.Cfn{class}(this, \"{name}\", {{"
        );
        if resource.kind != ResourceKind::Pool {
            let pool = if setup.whole {
                "userPool.ref"
            } else {
                "userPoolId"
            };
            let _ = writeln!(out, "      userPoolId: {pool},");
        }
        for (name, value) in &resource.properties {
            let name = camel(property(name));
            let _ = writeln!(out, "      {name}: {},", literal(value, 3));
        }
        out.push_str("    });\n");
        if resource.has_client_token_flow() {
            let _ = writeln!(
                out,
                "    {variable}.addMetadata(\"cfn-lint\", {{ config: {{ ignore_checks: [\"{UNKNOWN_WORD}\"] }} }});"
            );
        }
        for other in &described.depends_on {
            let _ = writeln!(
                out,
                "    {variable}.node.addDependency({});",
                self::variable(other)
            );
        }
        out.push('\n');
    }
    for (name, of) in &template.outputs {
        let value = variable(of);
        let _ = writeln!(
            out,
            "    new cdk.CfnOutput(this, \"{name}\", {{ value: {value}.ref }});"
        );
    }
    out.push_str("  }\n}\n\nconst app = new cdk.App();\n");
    let environment = setup
        .pool
        .id
        .region()
        .map(|region| format!(", {{ env: {{ region: {} }} }}", text(region)));
    let _ = writeln!(
        out,
        "new {stack}(app, \"{stack}\"{});",
        environment.unwrap_or_default()
    );
    out
}

/// A logical name as that of a variable.
fn variable(name: &str) -> String {
    camel(name)
}

/// CDK's spelling of a property: a small letter first, and no two big ones in a row at an end.
fn camel(name: &str) -> String {
    let name = name.replace("URLs", "UrLs").replace("URI", "Uri");
    let mut letters = name.chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

fn text(text: &str) -> String {
    quoted(text, EscapeStyle::TypeScript)
}

/// A value, `depth` levels deep.
fn literal(value: &Value, depth: usize) -> String {
    let (margin, end) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    let block = |open: char, lines: Vec<String>, close: char| {
        let lines = lines.join(&format!(",\n{margin}"));
        format!("{open}\n{margin}{lines},\n{end}{close}")
    };
    match value {
        Value::Text(value) | Value::Scope { full: value, .. } => text(value),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Map(parts) => {
            let part = |(name, value): &(&'static str, Value)| {
                format!("{}: {}", camel(name), literal(value, depth + 1))
            };
            block('{', parts.iter().map(part).collect(), '}')
        }
        Value::Tags(tags) => {
            let tag = |(key, value): &(String, String)| format!("{}: {}", text(key), text(value));
            block('{', tags.iter().map(tag).collect(), '}')
        }
        Value::List(items) => {
            let item = |item| literal(item, depth + 1);
            block('[', items.iter().map(item).collect(), ']')
        }
    }
}
