//! The forms in which credentials and tokens are handed to somebody, or to a shell.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::ids::ClientId;
use super::scope::ScopeName;

/// What a machine needs to get tokens.
#[derive(Clone, Debug)]
pub struct Credentials<'a> {
    /// The token endpoint's URL; `None` where the pool has no domain.
    pub endpoint: Option<&'a str>,
    pub client: &'a ClientId,
    pub secret: &'a SecretString,
}

impl Credentials<'_> {
    /// `export` lines for a POSIX shell, each value quoted.
    pub fn exports(&self) -> SecretString {
        let endpoint = self
            .endpoint
            .map(|url| format!("export TOKEN_ENDPOINT={}\n", quote(url)));
        format!(
            "{}export CLIENT_ID={}\nexport CLIENT_SECRET={}\n",
            endpoint.unwrap_or_default(),
            quote(self.client.as_str()),
            quote(self.secret.expose_secret()),
        )
        .into()
    }

    /// A JSON object with OAuth's own names.
    pub fn json(&self) -> SecretString {
        let mut object = json!({
            "client_id": self.client.as_str(),
            "client_secret": self.secret.expose_secret(),
        });
        if let (Some(endpoint), Some(fields)) = (self.endpoint, object.as_object_mut()) {
            fields.insert("token_endpoint".to_owned(), endpoint.into());
        }
        format!("{object:#}\n").into()
    }
}

/// A curl command that asks for a token. The secret stays out of it: curl reads the pair from its standard input, so that it
/// shows up neither in the shell's history nor in the list of processes.
pub fn token_curl(endpoint: &str, client: &ClientId, scopes: &[ScopeName]) -> String {
    let scope = scopes
        .iter()
        .map(ScopeName::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    let scope = if scope.is_empty() {
        String::new()
    } else {
        format!(
            " \\\n  --data-urlencode {}",
            quote(&format!("scope={scope}"))
        )
    };
    format!(
        "printf 'user = \"%s:%s\"' {} \"$CLIENT_SECRET\" \\\n  | curl -sS -K - {} \\\n  -d grant_type=client_credentials{scope}\n",
        quote(client.as_str()),
        quote(endpoint),
    )
}

/// An `Authorization` header's whole line.
pub fn authorization_header(token: &SecretString) -> SecretString {
    format!("Authorization: Bearer {}", token.expose_secret()).into()
}

/// A curl command that calls an API with the token, which curl reads from its standard input.
pub fn api_curl(token: &SecretString) -> SecretString {
    format!(
        "printf 'header = \"Authorization: Bearer %s\"' {} | curl -sS -K - https://api.example.com/\n",
        quote(token.expose_secret())
    )
    .into()
}

/// Quotes a value for a POSIX shell, so that nothing in it is expanded.
pub fn quote(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
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
            client: &client,
            secret: &secret,
        };
        assert_eq!(
            credentials.exports().expose_secret(),
            "export TOKEN_ENDPOINT='https://x/oauth2/token'\nexport CLIENT_ID='id'\\''$(x)'\nexport CLIENT_SECRET='abc+def'\n"
        );
    }

    #[test]
    fn json_leaves_out_an_endpoint_that_is_not_there() {
        let client = ClientId::new("id");
        let secret = secret();
        let credentials = Credentials {
            endpoint: None,
            client: &client,
            secret: &secret,
        };
        let value: serde_json::Value =
            serde_json::from_str(credentials.json().expose_secret()).unwrap();
        assert_eq!(
            value,
            json!({"client_id": "id", "client_secret": "abc+def"})
        );
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
