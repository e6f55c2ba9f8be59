//! The metadata of a registration, and the app client that it describes.

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value, json};

use super::Refusal;
use crate::sandbox::ops;
use crate::sandbox::state::Pool;
use crate::sandbox::validate::validate;

/// The scopes of every client that signs users in.
const OPENID: [&str; 4] = ["openid", "email", "phone", "profile"];

/// The scope of a user who manages their own profile.
const USER_ADMIN: &str = "aws.cognito.signin.user.admin";

/// Registered client metadata. Members without a meaning for Cognito are left out, as RFC 7591 (section 2) demands.
#[derive(Debug)]
pub struct Metadata {
    name: Option<String>,
    redirect_uris: Vec<String>,
    /// Whether its grant is client_credentials.
    machine: bool,
    /// The requested scopes.
    scopes: Option<Vec<String>>,
    /// The scopes that it may request.
    allowed: Vec<String>,
    pub grant_types: Vec<String>,
    pub response_types: Vec<String>,
    pub auth_method: String,
}

impl Metadata {
    /// Reads the body of a registration. `grants` are Cognito's names of the client's possible grant types, `allowed` its
    /// possible scopes in addition to those of OpenID Connect.
    pub fn read(
        headers: &HeaderMap,
        body: &[u8],
        grants: &[&str],
        allowed: Vec<&str>,
    ) -> Result<Self, Refusal> {
        let members = Members::parse(headers, body)?;
        if members.0.contains_key("software_statement") {
            return Err(Refusal::Bad(
                "unapproved_software_statement",
                "software statements are not supported".to_owned(),
            ));
        }
        let grant_types = members
            .texts("grant_types")?
            .unwrap_or_else(|| vec!["authorization_code".to_owned()]);
        let machine = is_machine(&grant_types, grants)?;
        let auth_method = members
            .text("token_endpoint_auth_method")?
            .unwrap_or_else(|| "client_secret_basic".to_owned());
        match auth_method.as_str() {
            "client_secret_basic" | "client_secret_post" => {}
            "none" if !machine => {}
            "none" => {
                return Err(Refusal::metadata(
                    "client_credentials needs a client that authenticates itself",
                ));
            }
            other => {
                return Err(Refusal::metadata(format!(
                    "token_endpoint_auth_method {other} is not supported"
                )));
            }
        }
        let redirect_uris = members.texts("redirect_uris")?.unwrap_or_default();
        if redirect_uris.is_empty() && !machine {
            return Err(Refusal::redirect("redirect_uris is required"));
        }
        let open_id: &[&str] = if machine { &[] } else { &OPENID };
        let allowed: Vec<String> = open_id
            .iter()
            .copied()
            .chain(allowed)
            .map(str::to_owned)
            .collect();
        Ok(Self {
            name: members.text("client_name")?,
            redirect_uris,
            machine,
            scopes: scopes(&members, &allowed)?,
            allowed,
            response_types: response_types(&members, machine)?,
            grant_types,
            auth_method,
        })
    }

    /// Returns the input of the CreateUserPoolClient that creates the client.
    pub fn input(&self, pool: &Pool) -> Result<Value, Refusal> {
        self.check_redirects(pool)?;
        let machine = self.machine;
        // An allowed scope may no longer be defined by a resource server.
        let exists = |scope: &&String| match scope.as_str() {
            USER_ADMIN => !machine,
            scope => OPENID.contains(&scope) || pool.defines(scope),
        };
        let scopes: Vec<&String> = match &self.scopes {
            Some(asked) => asked.iter().collect(),
            None => self.allowed.iter().filter(exists).collect(),
        };
        if scopes.is_empty() {
            return Err(Refusal::metadata(
                "there is no scope that a registered client could have with this grant type",
            ));
        }
        let mut input = json!({
            "UserPoolId": pool.id,
            "ClientName": self.name.as_deref().unwrap_or("DCR client"),
            "GenerateSecret": self.auth_method != "none",
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": [if machine { "client_credentials" } else { "code" }],
            "AllowedOAuthScopes": scopes,
            "CallbackURLs": self.redirect_uris,
            "SupportedIdentityProviders": ["COGNITO"],
        });
        if let Some(members) = input.as_object_mut().filter(|_| !machine) {
            let flows = json!(["ALLOW_REFRESH_TOKEN_AUTH"]);
            members.insert("ExplicitAuthFlows".to_owned(), flows);
        }
        Ok(input)
    }

    /// Checks redirect URIs first, because they have their own error code.
    fn check_redirects(&self, pool: &Pool) -> Result<(), Refusal> {
        let alone = json!({
            "UserPoolId": pool.id, "ClientName": "c", "CallbackURLs": self.redirect_uris,
        });
        validate("CreateUserPoolClient", &alone)
            .map_err(|error| Refusal::redirect(error.message))?;
        for uri in &self.redirect_uris {
            let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
            if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return Err(Refusal::redirect(format!("{uri} is not an absolute URI")));
            }
            if let Some(why) = ops::bad_callback(uri) {
                return Err(Refusal::redirect(why));
            }
        }
        Ok(())
    }
}

/// Returns whether the grant types make the client a machine or one that signs users in; no Cognito client is both.
fn is_machine(asked: &[String], allowed: &[&str]) -> Result<bool, Refusal> {
    let asks = |name: &str| asked.iter().any(|grant| grant == name);
    for grant in asked {
        let flow = match grant.as_str() {
            "authorization_code" => "code",
            "client_credentials" => "client_credentials",
            // The authorization code brings it.
            "refresh_token" if asks("authorization_code") => continue,
            other => {
                return Err(Refusal::metadata(format!(
                    "grant type {other} is not supported"
                )));
            }
        };
        if !allowed.contains(&flow) {
            return Err(Refusal::metadata(format!(
                "grant type {grant} is not allowed for this registration"
            )));
        }
    }
    match (asks("authorization_code"), asks("client_credentials")) {
        (true, false) => Ok(false),
        (false, true) => Ok(true),
        (true, true) => Err(Refusal::metadata(
            "client_credentials cannot be combined with authorization_code",
        )),
        (false, false) => Err(Refusal::metadata("grant_types is empty")),
    }
}

/// Returns `code` for a client that signs users in, nothing for a machine.
fn response_types(members: &Members, machine: bool) -> Result<Vec<String>, Refusal> {
    let fits: &[&str] = if machine { &[] } else { &["code"] };
    match members.texts("response_types")? {
        Some(given) if given != fits => Err(Refusal::metadata(
            "response_types does not go with grant_types",
        )),
        _ => Ok(fits.iter().map(|one| (*one).to_owned()).collect()),
    }
}

fn scopes(members: &Members, allowed: &[String]) -> Result<Option<Vec<String>>, Refusal> {
    let Some(asked) = members.text("scope")? else {
        return Ok(None);
    };
    let asked: Vec<String> = asked.split_ascii_whitespace().map(str::to_owned).collect();
    if asked.is_empty() {
        return Err(Refusal::metadata("scope is blank"));
    }
    match asked.iter().find(|scope| !allowed.contains(scope)) {
        Some(scope) => Err(Refusal::metadata(format!(
            "scope {scope} is not allowed for this registration"
        ))),
        None => Ok(Some(asked)),
    }
}

/// The members of the JSON object in the body.
struct Members(Map<String, Value>);

impl Members {
    fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .and_then(|kind| kind.split(';').next())
            .unwrap_or_default()
            .trim();
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) if kind.eq_ignore_ascii_case("application/json") => {
                Ok(Self(members))
            }
            _ => Err(Refusal::metadata("the body is not a JSON object")),
        }
    }

    fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Refusal::metadata(format!("{name} is not a string"))),
        }
    }

    fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Refusal> {
        let wrong = || Refusal::metadata(format!("{name} is not an array of strings"));
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(wrong()),
        }
    }
}
