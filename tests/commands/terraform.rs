//! Real Terraform on the embedded Cognito: what it makes, keeps, changes and takes down, and that it takes over what an export describes.
//!
//! It runs where `terraform` is in PATH and a mirror of hashicorp/aws is on the machine: a folder `registry.terraform.io` in the folder
//! that `COGNITUI_TF_MIRROR` names, or in a folder of /opt. Elsewhere the tests are left out and say so.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{Ran, World, of};

/// Longer than any run takes on a slow machine.
const LIMIT: Duration = Duration::from_mins(5);

struct Terraform<'w> {
    world: &'w World,
    program: PathBuf,
    mirror: PathBuf,
}

impl<'w> Terraform<'w> {
    /// `None` where the machine has no Terraform; the test's output says what is missing.
    fn of(world: &'w World) -> Option<Self> {
        let found = program().and_then(|program| Ok((program, mirror()?)));
        match found {
            Ok((program, mirror)) => Some(Self {
                world,
                program,
                mirror,
            }),
            Err(missing) => {
                eprintln!("Terraform is left out: {missing}");
                None
            }
        }
    }

    /// A configuration that is ready to be planned.
    fn configured(&self, text: &str) -> Configuration<'_> {
        let folder = tempfile::tempdir_in(self.world.home.path()).unwrap();
        let mirror = json!(self.mirror);
        let settings = format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path = {mirror}\n  }}\n}}\n"
        );
        std::fs::write(folder.path().join("terraform.rc"), settings).unwrap();
        let configuration = Configuration {
            terraform: self,
            folder,
        };
        configuration.write(text);
        configuration.runs(&["init"]);
        configuration
    }
}

fn program() -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("terraform"))
        .find(|program| program.is_file())
        .ok_or_else(|| "there is no `terraform` in PATH".to_owned())
}

fn mirror() -> Result<PathBuf, String> {
    let is_mirror = |folder: &PathBuf| folder.join("registry.terraform.io/hashicorp/aws").is_dir();
    if let Some(folder) = std::env::var_os("COGNITUI_TF_MIRROR") {
        let folder = PathBuf::from(folder);
        let why = format!("{} is no mirror of hashicorp/aws", folder.display());
        return Some(folder).filter(is_mirror).ok_or(why);
    }
    let folders = std::fs::read_dir("/opt").into_iter().flatten().flatten();
    let mut mirrors = folders.map(|folder| folder.path()).filter(is_mirror);
    mirrors
        .next()
        .ok_or_else(|| "there is no mirror of hashicorp/aws".to_owned())
}

struct Configuration<'t> {
    terraform: &'t Terraform<'t>,
    folder: tempfile::TempDir,
}

impl Configuration<'_> {
    fn write(&self, text: &str) {
        std::fs::write(self.folder.path().join("main.tf"), text).unwrap();
    }

    /// Runs it until its end or the limit.
    fn run(&self, args: &[&str]) -> Ran {
        let world = self.terraform.world;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let folder: &Path = self.folder.path();
        let mut command = tokio::process::Command::new(&self.terraform.program);
        command
            .args(args)
            .arg("-no-color")
            .current_dir(folder)
            .env_clear()
            .envs(world.environment())
            .env("AWS_ENDPOINT_URL", world.sandbox.url())
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_INPUT", "0")
            .env("TF_CLI_CONFIG_FILE", folder.join("terraform.rc"))
            .env("PATH", OsString::new())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let ended = runtime.block_on(async { tokio::time::timeout(LIMIT, command.output()).await });
        let Ok(ended) = ended else {
            panic!("Terraform did not end in {LIMIT:?}: {args:?}");
        };
        of(&ended.unwrap())
    }

    /// Runs it to a good end.
    fn runs(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
        ran.out
    }

    /// What `terraform fmt` would change.
    fn would_format(&self) -> String {
        self.run(&["fmt", "-check", "-diff"]).out
    }

    fn applies(&self, add: usize, change: usize, destroy: usize) {
        let out = self.runs(&["apply", "-auto-approve"]);
        let expected = format!("Resources: {add} added, {change} changed, {destroy} destroyed.");
        assert!(out.contains(&expected), "{out}");
        self.changes_nothing();
    }

    /// That what is there is what the configuration says: a plan with changes ends with 2.
    fn changes_nothing(&self) {
        let ran = self.run(&["plan", "-detailed-exitcode"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }

    /// That all of an export is taken over as it is.
    fn only_imports(&self, export: &str) {
        let out = self.runs(&["plan", "-parallelism=50"]);
        let count = export.matches("\nimport {\n").count();
        let expected = format!("Plan: {count} to import, 0 to add, 0 to change, 0 to destroy.");
        assert!(out.contains(&expected), "{out}");
    }
}

/// A set-up of the sort that modules for machines make; `note` is what an update changes of each resource.
fn setup(note: &str, lifetime: u32) -> String {
    format!(
        r#"terraform {{
  required_providers {{
    aws = {{
      source = "hashicorp/aws"
    }}
  }}
}}

resource "aws_cognito_user_pool" "machines" {{
  name              = "m2m-rubicon-dev"
  mfa_configuration = "OPTIONAL"

  admin_create_user_config {{
    allow_admin_create_user_only = true
  }}

  software_token_mfa_configuration {{
    enabled = true
  }}

  tags = {{
    note = "{note}"
  }}
}}

resource "aws_cognito_resource_server" "api" {{
  user_pool_id = aws_cognito_user_pool.machines.id
  identifier   = "api"
  name         = "API"

  scope {{
    scope_name        = "read"
    scope_description = "{note}"
  }}
}}

resource "aws_cognito_user_pool_client" "bare" {{
  user_pool_id                         = aws_cognito_user_pool.machines.id
  name                                 = "bare-{note}"
  generate_secret                      = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = aws_cognito_resource_server.api.scope_identifiers
}}

resource "aws_cognito_user_pool_client" "full" {{
  user_pool_id                         = aws_cognito_user_pool.machines.id
  name                                 = "full"
  generate_secret                      = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = aws_cognito_resource_server.api.scope_identifiers
  explicit_auth_flows                  = ["ALLOW_REFRESH_TOKEN_AUTH"]
  supported_identity_providers         = ["COGNITO"]
  callback_urls                        = ["https://localhost"]
  prevent_user_existence_errors        = "ENABLED"
  enable_token_revocation              = true
  access_token_validity                = {lifetime}
  id_token_validity                    = 60
  refresh_token_validity               = 5

  token_validity_units {{
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }}
}}

resource "aws_cognito_user_pool_domain" "own" {{
  user_pool_id = aws_cognito_user_pool.machines.id
  domain       = "m2m-rubicon-dev"
}}
"#
    )
}

#[test]
fn a_set_up_is_made_kept_changed_and_taken_down() {
    let world = World::empty();
    let Some(terraform) = Terraform::of(&world) else {
        return;
    };
    let configuration = terraform.configured(&setup("first", 60));
    configuration.applies(5, 0, 0);
    let pools = world.sandbox.state().pools;
    let pool = pools.values().next().unwrap();
    assert_eq!(pool.tags["note"], "first");
    assert_eq!(
        pool.mfa["SoftwareTokenMfaConfiguration"],
        json!({"Enabled": true})
    );
    let secrets = |pool: &cognitui::sandbox::state::Pool| -> Vec<String> {
        let clients = pool.clients.iter();
        clients
            .map(|client| client.secrets[0].value.clone())
            .collect()
    };
    let before = secrets(pool);

    configuration.write(&setup("second", 30));
    configuration.applies(0, 4, 0);
    let pools = world.sandbox.state().pools;
    let pool = pools.values().next().unwrap();
    assert_eq!(pool.tags["note"], "second");
    assert_eq!(pool.servers[0].scopes[0].scope_description, "second");
    assert_eq!(secrets(pool), before, "an update makes no new client");

    let out = configuration.runs(&["destroy", "-auto-approve"]);
    assert!(
        out.contains("Destroy complete! Resources: 5 destroyed."),
        "{out}"
    );
    let state = world.sandbox.state();
    assert!(state.pools.is_empty() && state.domains.is_empty());
}

#[test]
fn a_sample_pools_export_takes_over_what_is_there() {
    let world = World::new();
    let Some(terraform) = Terraform::of(&world) else {
        return;
    };
    let pools = world.sandbox.state().pools;
    assert!(pools.len() > 15);
    let mut configuration = None;
    for id in pools.keys() {
        let ran = world.run(&["export", "--pool", id, "--as", "terraform"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let configuration = configuration.get_or_insert_with(|| terraform.configured(&ran.out));
        configuration.write(&ran.out);
        configuration.only_imports(&ran.out);
        assert_eq!(
            configuration.would_format(),
            "",
            "`terraform fmt` changes the export of {id}"
        );
    }
}

#[test]
fn what_was_taken_over_is_changed_and_nothing_else() {
    let world = World::new();
    let Some(terraform) = Terraform::of(&world) else {
        return;
    };
    let staging = "acme-platform-staging";
    let export = world
        .run(&["export", "--pool", staging, "--as", "terraform"])
        .out;
    let clients = |world: &World| {
        let pools = world.sandbox.state().pools;
        let pool = pools.values().find(|pool| pool.name == staging);
        pool.unwrap().clients.clone()
    };
    let before = clients(&world);
    let configuration = terraform.configured(&export);
    let out = configuration.runs(&["apply", "-auto-approve"]);
    assert!(out.contains("0 added, 0 changed, 0 destroyed"), "{out}");
    configuration.changes_nothing();
    assert_eq!(json!(clients(&world)), json!(before));

    let named = "name                                 = \"storefront\"";
    assert_eq!(export.matches(named).count(), 1, "{export}");
    configuration.write(&export.replace(named, &named.replace("storefront", "shop")));
    // The provider trips over the secret that it did not make, once, when the change is made.
    configuration.run(&["apply", "-auto-approve"]);
    configuration.applies(0, 0, 0);
    let mut expected = before;
    let after = clients(&world);
    for (before, after) in expected.iter_mut().zip(&after) {
        if before.name == "storefront" {
            before.name = "shop".to_owned();
            before.modified = after.modified;
            assert_settings(&before.settings, &after.settings);
            before.settings.clone_from(&after.settings);
        }
    }
    assert_eq!(json!(after), json!(expected));
}

/// That an update sent back all that was described; what it sends more is Cognito's own default.
fn assert_settings(
    before: &serde_json::Map<String, Value>,
    after: &serde_json::Map<String, Value>,
) {
    for (name, value) in before {
        assert_eq!(after.get(name), Some(value), "{name}");
    }
}

/// Every set of lifetimes that a description may have, with no units and with the default ones; all three with other units. (A unit of
/// a lifetime that is not described, and units that are described in part, are not exported: the provider sets them.)
#[test]
fn lifetimes_that_are_described_or_not_are_taken_over() {
    let world = World::empty();
    let Some(terraform) = Terraform::of(&world) else {
        return;
    };
    let made = world.run(&["setup", "plain", "--set", "domain=lifetimes", "--apply"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let units = [
        json!({}),
        json!({"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"}),
        json!({"AccessToken": "minutes", "IdToken": "hours", "RefreshToken": "hours"}),
    ];
    let lives = [
        "AccessTokenValidity",
        "IdTokenValidity",
        "RefreshTokenValidity",
    ];
    world.sandbox.edit(|state| {
        let pool = state.pools.values_mut().next().unwrap();
        let first = pool.clients.remove(0);
        for (at, units) in units.iter().enumerate() {
            let others = at == 2;
            for set in if others { 7..8_usize } else { 0..8 } {
                let mut client = first.clone();
                client.id = format!("{}{at}{set}", client.id);
                client.name = format!("c{at}{set}");
                for (bit, name) in lives.iter().enumerate() {
                    client.settings.remove(*name);
                    if set >> bit & 1 == 1 {
                        let count = [6, 3, 40][bit];
                        client.settings.insert((*name).to_owned(), json!(count));
                    }
                }
                let name = "TokenValidityUnits".to_owned();
                client.settings.insert(name, units.clone());
                pool.clients.push(client);
            }
        }
    });
    let pools = world.sandbox.state().pools;
    let pool = pools.keys().next().unwrap();
    let export = world
        .run(&["export", "--pool", pool, "--as", "terraform"])
        .out;
    let clients = "\nresource \"aws_cognito_user_pool_client\"";
    assert_eq!(export.matches(clients).count(), 17);
    terraform.configured(&export).only_imports(&export);
}
