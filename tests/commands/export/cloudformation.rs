//! The template, checked by cfn-lint and read by PyYAML.

use std::process::Command;

use serde_json::{Map, Value, json};

use super::{
    DEVICES, EMPLOYEES, PROD, STRANGE, TEXTS, beside_python, by_python, export, kept, pool,
    strange_world,
};
use crate::world::{STAGING, ran};

/// Returns the resources of a type in a template.
fn of_type<'t>(template: &'t Value, kind: &str) -> Vec<&'t Map<String, Value>> {
    let resources = template["Resources"].as_object().unwrap().values();
    resources
        .filter(|resource| resource["Type"] == format!("AWS::Cognito::{kind}"))
        .map(|resource| resource["Properties"].as_object().unwrap())
        .collect()
}

#[test]
fn cfn_lint_passes_every_template() {
    let world = strange_world();
    let mut lint = Command::new(beside_python("cfn-lint"));
    lint.args(["--non-zero-exit-code", "informational", "--template"]);
    for name in [PROD, STAGING, DEVICES, EMPLOYEES, STRANGE] {
        lint.arg(export(&world, "cloudformation", name, None));
    }
    lint.arg(export(&world, "cloudformation", PROD, Some("checkout")));
    let ran = ran(&mut lint);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
}

#[test]
fn a_template_has_every_setting_of_what_is_there() {
    let world = strange_world();
    for name in [PROD, STAGING, DEVICES, EMPLOYEES, STRANGE] {
        let template = by_python("template.py", &export(&world, "cloudformation", name, None));
        let there = pool(&world, name);
        let clients = of_type(&template, "UserPoolClient");
        assert!(!clients.is_empty());
        for client in clients {
            let mut client = client.clone();
            assert_eq!(
                client.remove("UserPoolId"),
                Some(json!({"Ref": "UserPool"}))
            );
            assert_eq!(client.remove("GenerateSecret"), Some(json!(true)));
            let made = client.remove("ClientName").unwrap();
            let made = made.as_str().unwrap();
            // Two of a name differ: one of them is enough.
            let namesakes = there.clients.iter().filter(|client| client.name == made);
            if namesakes.count() == 1 {
                assert_eq!(Value::Object(client), kept(&there, made), "{made}");
            }
        }
        let servers = of_type(&template, "UserPoolResourceServer");
        assert_eq!(servers.len(), there.servers.len());
        for server in &there.servers {
            let made = servers
                .iter()
                .find(|made| made["Identifier"] == server.identifier);
            let made = made.unwrap();
            assert_eq!(made["Name"], server.name);
            assert_eq!(made["Scopes"], json!(server.scopes));
        }
        let made = of_type(&template, "UserPool")[0];
        let empty = json!({});
        let tags = made.get("UserPoolTags").unwrap_or(&empty);
        assert_eq!(*tags, json!(there.tags));
        assert_eq!(made["UserPoolName"], there.name);
        for setting in ["DeletionProtection", "UserPoolTier", "IssuerConfiguration"] {
            assert_eq!(made.get(setting), there.settings.get(setting), "{setting}");
        }
    }
}

#[test]
fn strange_texts_come_back_as_they_were() {
    let world = strange_world();
    let template = by_python(
        "template.py",
        &export(&world, "cloudformation", STRANGE, None),
    );
    let scopes = &of_type(&template, "UserPoolResourceServer")[0]["Scopes"];
    for (scope, text) in scopes.as_array().unwrap().iter().zip(TEXTS) {
        assert_eq!(scope["ScopeDescription"], text);
    }
}

#[test]
fn a_client_waits_for_the_servers_of_its_scopes() {
    let world = strange_world();
    let path = export(&world, "cloudformation", PROD, Some("checkout"));
    let template = by_python("template.py", &path);
    assert_eq!(
        template["Resources"]["ClientCheckout"]["DependsOn"],
        json!(["ServerHttpsInventoryAcmeExampleV1", "ServerOrders"])
    );
    assert_eq!(template["Parameters"]["UserPoolId"]["Type"], "String");
    assert_eq!(
        template["Resources"]["ServerOrders"]["Properties"]["UserPoolId"],
        json!({"Ref": "UserPoolId"})
    );
}
