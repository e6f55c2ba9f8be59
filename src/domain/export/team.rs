//! The configuration of AWS TEAM's community Terraform provider.
//!
//! Its source address and arguments are those of its own documentation (`docs/index.md` in
//! awsteam-contrib/terraform-provider-awsteam).

use std::fmt::Write as _;

use crate::domain::export::escape::{EscapeStyle, quoted};
use crate::domain::ids::ClientId;

/// The provider block for a client's credentials. The secret is left out: it comes from a sensitive variable of Terraform.
#[must_use]
pub fn team_provider(
    token_endpoint: &str,
    graph_endpoint: Option<&str>,
    client: &ClientId,
) -> String {
    let text = |text: &str| quoted(text, EscapeStyle::Hcl);
    let mut out = r#"terraform {
  required_providers {
    awsteam = {
      source = "awsteam-contrib/awsteam"
    }
  }
}

# Its value comes from the environment, as TF_VAR_awsteam_client_secret.
variable "awsteam_client_secret" {
  type      = string
  sensitive = true
}

provider "awsteam" {
"#
    .to_owned();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "  token_endpoint = {}", text(token_endpoint));
    let _ = match graph_endpoint {
        Some(url) => writeln!(out, "  graph_endpoint = {}", text(url)),
        None => writeln!(
            out,
            "  # graph_endpoint comes from the environment, as AWSTEAM_GRAPH_ENDPOINT."
        ),
    };
    let _ = writeln!(out, "  client_id      = {}", text(client.as_str()));
    out.push_str("  client_secret  = var.awsteam_client_secret\n}\n");
    out
}
