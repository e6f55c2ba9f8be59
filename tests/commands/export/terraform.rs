//! Terraform, read by python-hcl2.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{DEVICES, EMPLOYEES, PROD, STRANGE, TEXTS, by_python, export, pool, world_of};
use crate::world::{STAGING, World, read};

/// The arguments of the provider's documentation that an export may use.
const ARGUMENTS: [(&str, &str); 4] = [
    (
        "aws_cognito_user_pool",
        "name admin_create_user_config deletion_protection lambda_config user_pool_tier username_attributes tags lifecycle",
    ),
    (
        "aws_cognito_resource_server",
        "user_pool_id identifier name scope",
    ),
    (
        "aws_cognito_user_pool_client",
        "user_pool_id name generate_secret allowed_oauth_flows_user_pool_client allowed_oauth_flows allowed_oauth_scopes \
         explicit_auth_flows supported_identity_providers callback_urls logout_urls default_redirect_uri \
         access_token_validity id_token_validity refresh_token_validity token_validity_units auth_session_validity \
         enable_token_revocation enable_propagate_additional_user_context_data prevent_user_existence_errors \
         read_attributes write_attributes refresh_token_rotation analytics_configuration lifecycle",
    ),
    (
        "aws_cognito_user_pool_domain",
        "user_pool_id domain certificate_arn managed_login_version",
    ),
];

/// Returns type and label of each resource, with its arguments.
fn resources(document: &Value) -> BTreeMap<(String, String), Value> {
    let blocks = document["resource"].as_array().unwrap();
    let found: BTreeMap<_, _> = blocks
        .iter()
        .map(|block| {
            let (kind, labels) = block.as_object().unwrap().iter().next().unwrap();
            let (label, body) = labels.as_object().unwrap().iter().next().unwrap();
            ((kind.clone(), label.clone()), body.clone())
        })
        .collect();
    assert_eq!(found.len(), blocks.len(), "two have one label: {document}");
    found
}

#[test]
fn every_resource_is_imported_and_has_arguments_that_the_provider_knows() {
    let world = world_of(&TEXTS);
    for name in [PROD, STAGING, DEVICES, EMPLOYEES, STRANGE] {
        let document = by_python("hcl.py", &export(&world, "terraform", name, None));
        let found = resources(&document);
        let there = pool(&world, name);
        let imports: BTreeMap<String, String> = document["import"]
            .as_array()
            .unwrap()
            .iter()
            .map(|import| {
                let text = |field: &str| import[field].as_str().unwrap().to_owned();
                (
                    text("to").trim_matches(['$', '{', '}']).to_owned(),
                    text("id"),
                )
            })
            .collect();
        assert_eq!(imports.len(), found.len(), "{imports:?}");
        for ((kind, label), body) in &found {
            let known = ARGUMENTS.iter().find(|(name, _)| name == kind).unwrap().1;
            for argument in body.as_object().unwrap().keys() {
                assert!(
                    known.split_whitespace().any(|known| known == argument),
                    "{kind} has no argument {argument}"
                );
            }
            let id = &imports[&format!("{kind}.{label}")];
            let own = match kind.as_str() {
                "aws_cognito_user_pool" => there.id.clone(),
                "aws_cognito_resource_server" => {
                    format!("{}|{}", there.id, body["identifier"].as_str().unwrap())
                }
                "aws_cognito_user_pool_client" => {
                    let ours = |id: &str| there.clients.iter().any(|client| client.id == id);
                    let (pool, client) = id.split_once('/').unwrap();
                    assert!(pool == there.id && ours(client), "{id}");
                    continue;
                }
                _ => body["domain"].as_str().unwrap().to_owned(),
            };
            assert_eq!(*id, own);
        }
    }
}

#[test]
fn things_refer_to_each_other() {
    let world = World::new();
    let path = export(&world, "terraform", PROD, None);
    let found = resources(&by_python("hcl.py", &path));
    let at = |kind: &str, label: &str| found[&(kind.to_owned(), label.to_owned())].clone();
    let client = at("aws_cognito_user_pool_client", "checkout");
    assert_eq!(
        client["user_pool_id"],
        "${aws_cognito_user_pool.acme_platform_prod.id}"
    );
    assert_eq!(
        client["allowed_oauth_scopes"],
        json!([
            "${aws_cognito_resource_server.orders.identifier}/write",
            "${aws_cognito_resource_server.https_inventory_acme_example_v1.identifier}/stock.reserve",
        ])
    );
    assert_eq!(
        client["lifecycle"][0]["ignore_changes"],
        json!(["generate_secret"])
    );
    let units = &client["token_validity_units"][0];
    assert_eq!(
        (&client["access_token_validity"], &units["access_token"]),
        (&json!(60), &json!("minutes"))
    );
    let custom = at("aws_cognito_user_pool_domain", "auth_acme_example");
    assert!(
        custom["certificate_arn"]
            .as_str()
            .unwrap()
            .starts_with("arn:aws:acm:us-east-1:")
    );
    let of_one = export(&world, "terraform", PROD, Some("checkout"));
    let of_one = by_python("hcl.py", &of_one);
    assert_eq!(resources(&of_one).len(), 3, "{of_one}");
    assert_eq!(
        of_one["data"][0]["aws_cognito_user_pool"]["acme_platform_prod"]["user_pool_id"],
        "eu-west-1_Pr0dAcm3X"
    );
}

#[test]
fn a_flow_that_the_provider_refuses_is_left_to_the_import() {
    let world = World::new();
    let path = export(&world, "terraform", DEVICES, Some("device-provisioner"));
    let found = resources(&by_python("hcl.py", &path));
    let client = found
        .values()
        .find(|body| body["name"] == "device-provisioner");
    assert_eq!(client.unwrap().get("explicit_auth_flows"), None);
    assert!(read(path.as_ref()).contains("# explicit_auth_flows = [\"ALLOW_CLIENT_TOKEN_AUTH\"]"));
}

#[test]
fn strange_texts_come_back_as_they_were() {
    let world = world_of(&TEXTS);
    let found = resources(&by_python(
        "hcl.py",
        &export(&world, "terraform", STRANGE, None),
    ));
    let server = found.values().find(|body| body["name"] == "1 = @").unwrap();
    let read: Vec<&str> = server["scope"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| scope["scope_description"].as_str().unwrap())
        .collect();
    assert_eq!(read, TEXTS);
    let there = pool(&world, STRANGE);
    let made = found.values().find(|body| body["name"] == STRANGE).unwrap();
    assert_eq!(made["tags"], json!(there.tags));
    for client in &there.clients {
        assert!(found.values().any(|body| body["name"] == client.name));
    }
}
