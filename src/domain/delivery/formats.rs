//! The formats of credentials and tokens.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::domain::ids::ClientId;
use crate::domain::oauth::token::{ClientAuth, TokenRequest};
use crate::domain::scope::ScopeName;
use crate::domain::shell::quote;

/// The credentials of an app client.
#[derive(Clone, Debug)]
pub struct Credentials<'a> {
    /// The token endpoint; `None` if the pool has no domain.
    pub endpoint: Option<&'a str>,
    /// The URL of the client's GraphQL API, if set.
    pub graph_endpoint: Option<&'a str>,
    pub client: &'a ClientId,
    pub secret: &'a SecretString,
    /// The ARN of a managed secret, whose value Cognito rotates.
    pub secret_arn: Option<&'a str>,
}

impl Credentials<'_> {
    /// The lines of AWS TEAM's `get-machine-auth-credentials.sh`, valid in its Terraform provider's block.
    ///
    /// # Errors
    /// A value contains a quote or would be expanded; the format has no escape for it.
    pub fn team(&self) -> Result<SecretString, String> {
        self.check_spellable()?;
        Ok(self.lines(|name, value| format!("{name}=\"{value}\"\n")))
    }

    /// `export` lines for a POSIX shell, each value quoted.
    pub fn exports(&self) -> SecretString {
        self.lines(|name, value| format!("export {}={}\n", name.to_uppercase(), quote(value)))
    }

    /// Lines of a `.env` file. Single quotes prevent expansion in every reader.
    ///
    /// # Errors
    /// As of [`team`](Self::team).
    pub fn dotenv(&self) -> Result<SecretString, String> {
        self.check_spellable()?;
        Ok(self.lines(|name, value| format!("{}='{value}'\n", name.to_uppercase())))
    }

    /// Checks that no value has a special character. Cognito's values have none.
    fn check_spellable(&self) -> Result<(), String> {
        let strange = |c: char| c.is_control() || "\"'\\`$".contains(c);
        match self.fields().find(|(_, value)| value.contains(strange)) {
            None => Ok(()),
            Some((name, _)) => Err(format!(
                "{name} has a quote, a backslash, a $ or a control character, which this format cannot hold; use json"
            )),
        }
    }

    /// A JSON object with OAuth's names and text values, which AWS Secrets Manager shows as keys and values. A managed secret's ARN is
    /// `client_secret_arn`.
    pub fn json(&self) -> SecretString {
        self.json_with([])
    }

    /// The same with additional members for the reader.
    pub fn json_with(&self, more: impl IntoIterator<Item = (&'static str, Value)>) -> SecretString {
        let arn = self.secret_arn.map(|arn| ("client_secret_arn", arn));
        let object: Map<String, Value> = self
            .fields()
            .chain(arn)
            .map(|(name, value)| (name, value.into()))
            .chain(more)
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        format!("{:#}\n", Value::Object(object)).into()
    }

    fn lines(&self, line: impl Fn(&str, &str) -> String) -> SecretString {
        self.fields()
            .map(|(name, value)| line(name, value))
            .collect::<String>()
            .into()
    }

    /// The values by OAuth's names, in AWS TEAM's order.
    fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("token_endpoint", self.endpoint),
            ("graph_endpoint", self.graph_endpoint),
            ("client_id", Some(self.client.as_str())),
            ("client_secret", Some(self.secret.expose_secret())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// The additional members of `credentials --json`.
const ABOUT: [&str; 2] = ["identity", "client_type"];

/// The app client whose credentials `text` holds, in a format with a secret and without other fields: another field would be lost by
/// overwriting.
pub fn client_of(text: &str) -> Option<ClientId> {
    const FIELDS: [&str; 5] = [
        "token_endpoint",
        "graph_endpoint",
        "client_id",
        "client_secret",
        "client_secret_arn",
    ];
    let fields: BTreeMap<String, String> = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => object
            .into_iter()
            .filter(|(name, _)| !ABOUT.contains(&name.as_str()))
            .map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect::<Option<_>>()?,
        _ => text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let line = line.strip_prefix("export ").unwrap_or(line);
                let (name, value) = line.split_once('=')?;
                let bare = ['"', '\'']
                    .iter()
                    .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))?;
                Some((name.to_lowercase(), bare.to_owned()))
            })
            .collect::<Option<_>>()?,
    };
    let ours = fields.keys().all(|name| FIELDS.contains(&name.as_str()));
    let client = fields.get("client_id")?;
    (ours && fields.contains_key("client_secret")).then(|| ClientId::new(client.clone()))
}

/// A curl command that requests a token. curl reads the secret from stdin, so that it is neither in the shell history nor in the
/// process list.
pub fn token_curl(endpoint: &str, client: &ClientId, scopes: &[ScopeName]) -> String {
    let form = form_of(scopes, &BTreeMap::new());
    basic_curl(endpoint, client, &form)
}

/// A curl command that repeats `request` to `url`, with `$CLIENT_SECRET` from stdin as in [`token_curl`].
pub fn request_curl(request: &TokenRequest, url: &str) -> String {
    let form = form_of(&request.scopes, &request.metadata);
    match request.auth {
        ClientAuth::Basic => basic_curl(url, &request.client, &form),
        ClientAuth::Body => format!(
            "printf 'data-urlencode = \"client_secret=%s\"' \"$CLIENT_SECRET\" \\\n  | curl -sS -K - --url {} \\\n  \
             -d grant_type=client_credentials --data-urlencode {}{form}\n",
            quote(url),
            quote(&format!("client_id={}", request.client)),
        ),
        ClientAuth::Api => {
            let mut body =
                serde_json::json!({ "ClientId": request.client.as_str(), "Secret": "\0" });
            let scopes: Vec<&str> = request.scopes.iter().map(ScopeName::as_str).collect();
            if let Some(body) = body.as_object_mut() {
                if !scopes.is_empty() {
                    body.insert("Scopes".to_owned(), scopes.into());
                }
                if !request.metadata.is_empty() {
                    let pairs = request.metadata.iter();
                    let pairs = pairs.map(|(key, value)| (key.clone(), value.as_str().into()));
                    body.insert("ClientMetadata".to_owned(), Value::Object(pairs.collect()));
                }
            }
            // printf inserts the secret into the JSON: a secret has no character that JSON escapes.
            let format = body.to_string().replace('\\', "\\\\").replace('%', "%%");
            let format = format.replace("\\\\u0000", "%s");
            format!(
                "printf {} \"$CLIENT_SECRET\" \\\n  | curl -sS --url {} \\\n  -H 'content-type: application/x-amz-json-1.1' \\\n  \
                 -H 'x-amz-target: AWSCognitoIdentityProviderService.GetClientToken' --data-binary @-\n",
                quote(&format),
                quote(url),
            )
        }
    }
}

fn basic_curl(url: &str, client: &ClientId, form: &str) -> String {
    format!(
        "printf 'user = \"%s:%s\"' {} \"$CLIENT_SECRET\" \\\n  | curl -sS -K - --url {} \\\n  -d grant_type=client_credentials{form}\n",
        quote(&in_curl_config(client.as_str())),
        quote(url),
    )
}

/// A text between double quotes of curl's configuration.
fn in_curl_config(text: &str) -> String {
    text.chars()
        .flat_map(|c| match c {
            '"' | '\\' => vec!['\\', c],
            '\n' => vec!['\\', 'n'],
            '\r' => vec!['\\', 'r'],
            other => vec![other],
        })
        .collect()
}

/// The parts of the form that do not depend on the client authentication.
fn form_of(scopes: &[ScopeName], metadata: &BTreeMap<String, String>) -> String {
    let part = |text: &str| format!(" \\\n  --data-urlencode {}", quote(text));
    let names: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
    let mut form = String::new();
    if !names.is_empty() {
        form += &part(&format!("scope={}", names.join(" ")));
    }
    if !metadata.is_empty() {
        let pairs = metadata.iter();
        let pairs: Map<String, Value> = pairs
            .map(|(key, value)| (key.clone(), value.as_str().into()))
            .collect();
        form += &part(&format!("aws_client_metadata={}", Value::Object(pairs)));
    }
    form
}

/// An `Authorization` header line.
pub fn authorization_header(token: &SecretString) -> SecretString {
    format!("Authorization: Bearer {}", token.expose_secret()).into()
}

/// A curl command that calls an API with the token from stdin.
pub fn api_curl(token: &SecretString) -> SecretString {
    format!(
        "printf 'header = \"Authorization: Bearer %s\"' {} | curl -sS -K - https://api.example.com/\n",
        quote(token.expose_secret())
    )
    .into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secret() -> SecretString {
        "abc+def".to_owned().into()
    }

    #[test]
    fn exports_quote_every_value() {
        let client = ClientId::new("id'$(x)");
        let secret = secret();
        let credentials = Credentials {
            endpoint: Some("https://x/oauth2/token"),
            graph_endpoint: None,
            client: &client,
            secret: &secret,
            secret_arn: None,
        };
        assert_eq!(
            credentials.exports().expose_secret(),
            "export TOKEN_ENDPOINT='https://x/oauth2/token'\nexport CLIENT_ID='id'\\''$(x)'\nexport CLIENT_SECRET='abc+def'\n"
        );
    }

    #[test]
    fn a_value_that_would_end_its_quotes_is_refused() {
        let secret = secret();
        for strange in ["a\"b", "a'b", "a\nb", "$(id)", "`id`", "a\\"] {
            let client = ClientId::new(strange);
            let credentials = Credentials {
                endpoint: None,
                graph_endpoint: None,
                client: &client,
                secret: &secret,
                secret_arn: None,
            };
            for refused in [credentials.team(), credentials.dotenv()] {
                let reason = refused.unwrap_err();
                assert!(reason.starts_with("client_id"), "{reason}");
            }
        }
        // As curl reads it, it is one value still.
        let command = token_curl("https://x", &ClientId::new("a\"\nurl = b"), &[]);
        assert!(command.contains(r#"'a\"\nurl = b'"#), "{command}");
    }

    #[test]
    fn the_lines_of_team_are_its_own_scripts() {
        let client = ClientId::new("id");
        let secret = secret();
        let credentials = Credentials {
            endpoint: Some("https://x/oauth2/token"),
            graph_endpoint: Some("https://y/graphql"),
            client: &client,
            secret: &secret,
            secret_arn: None,
        };
        assert_eq!(
            credentials.team().unwrap().expose_secret(),
            "token_endpoint=\"https://x/oauth2/token\"\ngraph_endpoint=\"https://y/graphql\"\nclient_id=\"id\"\nclient_secret=\"abc+def\"\n"
        );
        assert_eq!(
            credentials.dotenv().unwrap().expose_secret(),
            "TOKEN_ENDPOINT='https://x/oauth2/token'\nGRAPH_ENDPOINT='https://y/graphql'\nCLIENT_ID='id'\nCLIENT_SECRET='abc+def'\n"
        );
    }

    #[test]
    fn each_form_with_a_secret_says_whose_it_is_and_others_do_not() {
        let client = ClientId::new("4k2");
        let secret = secret();
        for graph_endpoint in [None, Some("https://y/graphql")] {
            let credentials = Credentials {
                endpoint: Some("https://x/oauth2/token"),
                graph_endpoint,
                client: &client,
                secret: &secret,
                secret_arn: graph_endpoint,
            };
            for text in [
                credentials.team().unwrap(),
                credentials.exports(),
                credentials.dotenv().unwrap(),
                credentials.json(),
            ] {
                let text = text.expose_secret();
                assert_eq!(client_of(text), Some(client.clone()), "{text}");
                // A line of the user's own next to ours.
                let more = text.replace("client_id", "other\": \"x\", \"client_id");
                assert!(more == text || client_of(&more).is_none(), "{more}");
                assert_eq!(client_of(&format!("{text}DATABASE_URL='x'\n")), None);
            }
        }
        for other in [
            "",
            "abc+def",
            "{}",
            r#"{"client_id":"4k2"}"#,
            r#"{"client_id":7,"client_secret":"x"}"#,
            r#"{"userPoolId":"p","userPoolClientId":"4k2","clientSecretValue":"x"}"#,
            "CLIENT_ID=4k2\nCLIENT_SECRET=x\n",
            "CLIENT_ID='4k2'\n",
        ] {
            assert_eq!(client_of(other), None, "{other}");
        }
    }

    #[test]
    fn json_leaves_out_an_endpoint_that_is_not_there() {
        let client = ClientId::new("id");
        let secret = secret();
        let credentials = Credentials {
            endpoint: None,
            graph_endpoint: None,
            client: &client,
            secret: &secret,
            secret_arn: None,
        };
        let value: Value = serde_json::from_str(credentials.json().expose_secret()).unwrap();
        assert_eq!(
            value,
            json!({"client_id": "id", "client_secret": "abc+def"})
        );
        let managed = Credentials {
            secret_arn: Some("arn:aws:secretsmanager:eu-west-1:1:secret:x"),
            ..credentials
        };
        let value: Value = serde_json::from_str(managed.json().expose_secret()).unwrap();
        let arn = "arn:aws:secretsmanager:eu-west-1:1:secret:x";
        assert_eq!(value["client_secret_arn"], arn);
        assert!(!managed.team().unwrap().expose_secret().contains(arn));
    }

    #[test]
    fn the_curl_command_names_the_secret_and_does_not_hold_it() {
        let command = token_curl(
            "https://x/oauth2/token",
            &ClientId::new("id"),
            &[ScopeName::new("api/admin")],
        );
        assert!(command.contains("\"$CLIENT_SECRET\""));
        assert!(command.contains("'scope=api/admin'"));
    }
}
