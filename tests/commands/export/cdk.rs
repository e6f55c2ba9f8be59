//! CDK code, compiled by TypeScript's compiler and synthesized by aws-cdk-lib.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use super::{DEVICES, EMPLOYEES, PROD, STRANGE, by_python, export, installed, strange_world};
use crate::world::{STAGING, ran, read};

/// Returns a template without CDK's own additions, with sorted names.
fn plain(mut template: Value) -> Value {
    if let Some(all) = template.as_object_mut() {
        all.remove("Rules");
        if let Some(parameters) = all.get_mut("Parameters").and_then(Value::as_object_mut) {
            parameters.remove("BootstrapVersion");
        }
        if all.get("Parameters") == Some(&Value::Object(serde_json::Map::new())) {
            all.remove("Parameters");
        }
    }
    for resource in template["Resources"].as_object_mut().unwrap().values_mut() {
        if let Some(Value::Array(names)) = resource.get_mut("DependsOn") {
            names.sort_by_key(ToString::to_string);
        }
    }
    template
}

#[test]
fn what_it_synthesizes_is_the_exported_template() {
    let world = strange_world();
    let folder = world.home.path().join("cdk");
    std::fs::create_dir(&folder).unwrap();
    let modules = installed("COGNITUI_NODE_MODULES");
    std::os::unix::fs::symlink(&modules, folder.join("node_modules")).unwrap();
    let exported = [
        (PROD, None),
        (STAGING, None),
        (DEVICES, None),
        (EMPLOYEES, None),
        (STRANGE, None),
        (PROD, Some("checkout")),
    ];
    let node = installed("COGNITUI_NODE");
    let mut compile = Command::new(&node);
    compile
        .current_dir(&folder)
        .arg(format!("{modules}/typescript/bin/tsc"));
    compile.args([
        "--strict",
        "--skipLibCheck",
        "--noUnusedLocals",
        "--types",
        "node",
    ]);
    compile.args(["--target", "es2022", "--module", "nodenext"]);
    let mut synthesize = String::new();
    for (number, (pool, client)) in exported.iter().enumerate() {
        let code = read(export(&world, "cdk", pool, *client).as_ref());
        std::fs::write(folder.join(format!("app{number}.ts")), code).unwrap();
        compile.arg(format!("app{number}.ts"));
        writeln!(
            synthesize,
            "process.env.CDK_OUTDIR = 'out{number}'; require('./app{number}.js');"
        )
        .unwrap();
    }
    let compiled = ran(&mut compile);
    assert_eq!(compiled.code, 0, "{}{}", compiled.out, compiled.err);
    let synthesized = ran(Command::new(&node)
        .current_dir(&folder)
        .args(["-e", &synthesize]));
    assert_eq!(synthesized.code, 0, "{}", synthesized.err);
    assert!(
        !synthesized.err.contains("deprecated"),
        "{}",
        synthesized.err
    );
    for (number, (pool, client)) in exported.iter().enumerate() {
        let made = std::fs::read_dir(folder.join(format!("out{number}")))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_str().unwrap().ends_with(".template.json"));
        let made: Value = serde_json::from_str(&read(&made.unwrap())).unwrap();
        let template = export(&world, "cloudformation", pool, *client);
        let template = by_python("template.py", &template);
        let (made, template) = (plain(made), plain(template));
        // One by one first: a whole template is more than one wants to read.
        for (name, resource) in template["Resources"].as_object().unwrap() {
            assert_eq!(made["Resources"][name], *resource, "{pool} {client:?}");
        }
        assert_eq!(made, template, "{pool} {client:?}");
    }
}
