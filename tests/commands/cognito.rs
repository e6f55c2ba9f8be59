//! A Cognito and a Secrets Manager for the tests, which answer as AWS's API reference of November 2026 says. They share no code
//! with the sandbox, so that the sandbox and the program cannot share a mistake.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::world::{Ran, fed, program, ran};

pub const POOL: &str = "eu-west-1_Own000001";
const DAY: f64 = 86_400.0;
/// The response of STS GetCallerIdentity.
const IDENTITY: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
    <Arn>arn:aws:sts::123456789012:assumed-role/dev/me</Arn><UserId>A</UserId><Account>123456789012</Account>\
    </GetCallerIdentityResult></GetCallerIdentityResponse>";
const EPOCH: u32 = 1_790_000_000;

/// An app client, and where its secret is.
#[derive(Clone, Debug)]
pub struct Client {
    pub id: String,
    pub name: &'static str,
    pub made: &'static str,
    /// It has the client_credentials grant.
    pub machine: bool,
    /// Id and value of each live secret, the older one first.
    pub secrets: Vec<(String, String)>,
    /// Whether its description includes the older secret.
    pub shown: bool,
    /// The number of rotations in Secrets Manager, if it holds the secret.
    pub managed: Option<u32>,
    /// Settings that no build knows.
    pub more: Value,
}

impl Client {
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cognito-idp!{}-AbCdEf",
            self.id
        )
    }

    fn described(&self) -> Value {
        let flow = if self.machine {
            "client_credentials"
        } else {
            "code"
        };
        let mut told = json!({
            "UserPoolId": POOL, "ClientId": self.id, "ClientName": self.name, "ClientType": self.made,
            "CreationDate": 1_780_000_000.5, "LastModifiedDate": 1_780_000_001.5,
            "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": [flow],
            "AllowedOAuthScopes": ["api/admin"], "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "RefreshTokenValidity": 30, "EnableTokenRevocation": true,
        });
        let members = told.as_object_mut().unwrap();
        if self.managed.is_some() {
            members.insert("ClientSecretArn".to_owned(), self.arn().into());
        } else if let Some((_, value)) = self.secrets.first().filter(|_| self.shown) {
            members.insert("ClientSecret".to_owned(), value.as_str().into());
        }
        members.extend(self.more.as_object().unwrap().clone());
        told
    }

    /// Returns the response of `DescribeSecret` for the managed secret.
    fn secret(&self, rotations: u32) -> Value {
        let last = f64::from(EPOCH) + DAY * f64::from(rotations);
        json!({
            "ARN": self.arn(), "Name": format!("cognito-idp!{}", self.id), "OwningService": "cognito-idp",
            "RotationEnabled": true, "RotationRules": {"AutomaticallyAfterDays": 7}, "CreatedDate": f64::from(EPOCH),
            "LastRotatedDate": last, "NextRotationDate": last + 7.0 * DAY, "KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/k1",
            "VersionIdsToStages": {format!("v{rotations}"): ["AWSCURRENT"], format!("v{}", rotations.wrapping_sub(1)): ["AWSPREVIOUS"]},
        })
    }
}

/// The state of the server, and the requests that it received.
#[derive(Default)]
pub struct State {
    pub clients: Vec<Client>,
    /// The operations that IAM denies.
    pub denied: BTreeSet<&'static str>,
    pub calls: Vec<String>,
    /// Whether a requested rotation never ends.
    pub stuck: bool,
    /// Whether there is no Secrets Manager.
    pub alone: bool,
    made: u32,
}

impl State {
    pub fn client(&mut self, name: &str) -> &mut Client {
        self.clients
            .iter_mut()
            .find(|client| client.name == name)
            .unwrap()
    }

    fn next(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    /// Adds a client with this name and a secret, changed by `change`.
    fn add(&mut self, name: &'static str, change: impl FnOnce(&mut Client)) {
        let number = self.next();
        let id = format!("{number}client{name}");
        let mut client = Client {
            secrets: vec![(format!("{id}--{}", EPOCH + number), value(number))],
            id,
            name,
            made: "REGULAR",
            machine: true,
            shown: true,
            managed: None,
            more: json!({}),
        };
        change(&mut client);
        self.clients.push(client);
    }
}

/// Returns a secret in the form that Cognito generates.
fn value(number: u32) -> String {
    format!("{number:0>8}secretsecretsecretsecretsecretsecretsecr")
}

pub struct Cognito {
    pub url: String,
    pub home: TempDir,
    state: Arc<Mutex<State>>,
    _runtime: Runtime,
}

impl Cognito {
    /// Starts a server with a pool that has a client for each place of a secret, and one that registered itself.
    pub fn start() -> Self {
        let mut state = State::default();
        state.add("shown", |_| {});
        state.add("managed", |client| client.managed = Some(3));
        state.add("hidden", |client| client.shown = false);
        state.add("none", |client| {
            client.secrets.clear();
            client.machine = false;
        });
        state.add("dcr", |client| {
            client.made = "DCR";
            client.shown = false;
        });
        let state = Arc::new(Mutex::new(state));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::clone(&state);
        let handle = move |request: Request| {
            let shared = Arc::clone(&shared);
            async move { respond(request, &shared).await }
        };
        runtime.spawn(async move {
            axum::serve(listener, Router::new().fallback(handle))
                .await
                .unwrap();
        });
        Self {
            url,
            home: tempfile::tempdir().unwrap(),
            state,
            _runtime: runtime,
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn deny(&self, operations: &[&'static str]) {
        self.state().denied = operations.iter().copied().collect();
    }

    /// Returns the operations called since the last call of this function.
    pub fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.state().calls)
    }

    /// Returns the values of a client's live secrets, the older one first.
    pub fn live(&self, name: &str) -> Vec<String> {
        let client = self.state().client(name).clone();
        client.secrets.into_iter().map(|(_, value)| value).collect()
    }

    fn command(&self, args: &[&str]) -> Command {
        program(args, &self.home, &self.url)
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        ran(&mut self.command(args))
    }

    /// Runs with `input` on stdin.
    pub fn feed(&self, args: &[&str], input: &str) -> Ran {
        fed(&mut self.command(args), input)
    }
}

async fn respond(request: Request, shared: &Mutex<State>) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let header = |name: &str| parts.headers.get(name).map(|it| it.to_str().unwrap());
    let mut state = shared.lock().unwrap();
    if parts.uri.path() == "/" && header("x-amz-target").is_none() {
        return IDENTITY.into_response();
    }
    let (status, text) = if parts.uri.path() == "/oauth2/token" {
        state.calls.push("token".to_owned());
        token(&state, header("authorization").unwrap_or_default())
    } else {
        let target = header("x-amz-target").unwrap_or_default();
        let (service, operation) = target.split_once('.').unwrap();
        state.calls.push(operation.to_owned());
        let service = if service == "secretsmanager" {
            service
        } else {
            "cognito-idp"
        };
        let input: Value = serde_json::from_slice(&body).unwrap_or_default();
        if state.alone && service == "secretsmanager" {
            refusal("UnknownOperationException", "")
        } else if state.denied.contains(operation) {
            let user =
                "User: arn:aws:sts::123456789012:assumed-role/dev/me is not authorized to perform";
            let text = format!("{user}: {service}:{operation} on resource: it");
            refusal("AccessDeniedException", &text)
        } else {
            match answer(&mut state, operation, &input) {
                Ok(answer) => (200, answer),
                Err(name) => refusal(name, "No."),
            }
        }
    };
    (StatusCode::from_u16(status).unwrap(), text.to_string()).into_response()
}

fn refusal(name: &str, message: &str) -> (u16, Value) {
    (400, json!({"__type": name, "message": message}))
}

fn answer(state: &mut State, operation: &str, input: &Value) -> Result<Value, &'static str> {
    let wanted = input["ClientId"].as_str().unwrap_or_default().to_owned();
    let arn = input["SecretId"].as_str().unwrap_or_default().to_owned();
    let (number, stuck) = (state.next(), state.stuck);
    let mut client = state
        .clients
        .iter_mut()
        .find(|client| client.id == wanted || client.arn() == arn)
        .ok_or("ResourceNotFoundException");
    let descriptor = |id: &str| {
        let made: f64 = id.rsplit("--").next().unwrap().parse().unwrap();
        json!({"ClientSecretId": id, "ClientSecretCreateDate": made})
    };
    // Cognito takes no secret operation on a client that registered itself.
    if operation.contains("ClientSecret") && client.as_ref().is_ok_and(|it| it.made == "DCR") {
        return Err("InvalidParameterException");
    }
    Ok(match operation {
        "DescribeUserPool" => {
            json!({"UserPool": {"Id": POOL, "Name": "own", "Domain": "own", "DeletionProtection": "ACTIVE"}})
        }
        "ListUserPoolClients" => {
            let kind = input["ClientType"].as_str();
            let listed = state.clients.iter();
            let listed = listed.filter(|client| kind.is_none_or(|kind| kind == client.made));
            let name = |client: &Client| json!({"UserPoolId": POOL, "ClientId": client.id, "ClientName": client.name});
            json!({"UserPoolClients": listed.map(name).collect::<Vec<_>>()})
        }
        "ListResourceServers" => {
            let scopes = json!([{"ScopeName": "admin", "ScopeDescription": "all"}]);
            json!({"ResourceServers": [{"UserPoolId": POOL, "Identifier": "api", "Name": "api", "Scopes": scopes}]})
        }
        "DescribeUserPoolDomain" => {
            json!({"DomainDescription": {"Domain": "own", "UserPoolId": POOL, "Status": "ACTIVE", "CustomDomainConfig": {}}})
        }
        "DescribeUserPoolClient" => json!({"UserPoolClient": client?.described()}),
        "ListUserPoolClientSecrets" => {
            let secrets = &client?.secrets;
            json!({"ClientSecrets": secrets.iter().map(|(id, _)| descriptor(id)).collect::<Vec<_>>()})
        }
        "AddUserPoolClientSecret" => {
            let client = client?;
            if client.secrets.len() > 1 {
                return Err("LimitExceededException");
            }
            let id = format!("{}--{}", client.id, EPOCH + number);
            let mut added = descriptor(&id);
            let given = input["ClientSecret"].as_str().map(str::to_owned);
            let made = given.clone().unwrap_or_else(|| value(number));
            if given.is_none() {
                added["ClientSecretValue"] = made.as_str().into();
            }
            client.secrets.push((id, made));
            json!({"ClientSecretDescriptor": added})
        }
        "DeleteUserPoolClientSecret" => {
            let client = client?;
            let id = input["ClientSecretId"].as_str().unwrap();
            if client.secrets.len() < 2 {
                return Err("InvalidParameterException");
            }
            // What one report says of AWS: the original secret is the only one that a description ever has.
            client.shown &= client.secrets[0].0 != id;
            client.secrets.retain(|(known, _)| known != id);
            json!({})
        }
        "GetSecretValue" => {
            let client = client?;
            let (_, value) = client.secrets.last().unwrap();
            let kept = json!({"userPoolId": POOL, "userPoolClientId": client.id, "clientSecretValue": value});
            json!({"ARN": client.arn(), "Name": "it", "VersionId": "v", "SecretString": kept.to_string()})
        }
        "DescribeSecret" => {
            let client = client?;
            client.secret(client.managed.ok_or("ResourceNotFoundException")?)
        }
        "RotateSecret" => {
            let client = client?;
            let rotations = client.managed.as_mut().ok_or("ResourceNotFoundException")?;
            let version = format!("v{}", *rotations + 1);
            if !stuck {
                *rotations += 1;
                let id = format!("{}--{}", client.id, EPOCH + number);
                client.secrets.push((id, value(number)));
                if client.secrets.len() > 2 {
                    client.secrets.remove(0);
                }
            }
            json!({"ARN": client.arn(), "Name": "it", "VersionId": version})
        }
        _ => {
            client = Err("InvalidParameterException");
            client.map(|_| Value::Null)?
        }
    })
}

/// Answers as the token endpoint for this id and secret.
fn token(state: &State, authorization: &str) -> (u16, Value) {
    let pair = authorization.strip_prefix("Basic ").unwrap_or_default();
    let pair = String::from_utf8(STANDARD.decode(pair).unwrap()).unwrap();
    let (id, secret) = pair.split_once(':').unwrap_or_default();
    let Some(client) = state.clients.iter().find(|client| client.id == id) else {
        return (400, json!({"error": "invalid_client"}));
    };
    if !client.secrets.iter().any(|(_, value)| value == secret) {
        let why = json!({"error": "invalid_client", "error_description": "invalid_client_secret"});
        return (400, why);
    }
    if !client.machine {
        return (400, json!({"error": "invalid_grant"}));
    }
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!(
        "{}.{}.{}",
        part(json!({"alg": "RS256", "kid": "k"})),
        part(json!({
            "sub": id, "client_id": id, "token_use": "access", "scope": "api/admin", "exp": 4_000_000_000_u32, "iat": 1_790_000_000,
            "iss": format!("https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"),
        })),
        URL_SAFE_NO_PAD.encode("signature"),
    );
    (
        200,
        json!({"access_token": token, "expires_in": 3600, "token_type": "Bearer"}),
    )
}
