//! Which combinations of an app client's settings the service refuses, and in what words.

use super::super::errors::ApiError;
use super::super::state::Pool;
use super::Input;
use super::settings::is_named;

/// Scopes that belong to no resource server: they speak of a user, so no machine gets them.
const USER_SCOPES: [&str; 5] = [
    "openid",
    "email",
    "phone",
    "profile",
    "aws.cognito.signin.user.admin",
];

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Checks what a request makes of a client. `doing` is "creating" or "updating", as the texts have it.
pub fn check(
    pool: &Pool,
    input: Input<'_>,
    confidential: bool,
    doing: &str,
) -> Result<(), ApiError> {
    oauth(input)?;
    flows(input, confidential)?;
    sign_in(input)?;
    scopes(pool, input)?;
    urls(input)?;
    lifetimes(input)?;
    providers(pool, input)?;
    attributes(pool, input, doing)
}

fn oauth(input: Input<'_>) -> Result<(), ApiError> {
    let given = |name| input.texts(name).next().is_some();
    if input.flag("AllowedOAuthFlowsUserPoolClient")
        && !(given("AllowedOAuthFlows") && given("AllowedOAuthScopes"))
    {
        return Err(ApiError::invalid(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ));
    }
    Ok(())
}

fn flows(input: Input<'_>, confidential: bool) -> Result<(), ApiError> {
    let refused = |text: String| Err(ApiError::new("InvalidOAuthFlowException", text));
    let machine = input
        .texts("AllowedOAuthFlows")
        .any(|flow| flow == "client_credentials");
    let user = input
        .texts("AllowedOAuthFlows")
        .any(|flow| flow != "client_credentials");
    if machine && user {
        return refused(
            "client_credentials flow can not be selected along with code flow or implicit flow."
                .to_owned(),
        );
    }
    if machine && !confidential {
        return refused(
            "client_credentials flow can not be selected if client does not have a client secret."
                .to_owned(),
        );
    }
    let foreign = input
        .texts("AllowedOAuthScopes")
        .find(|scope| USER_SCOPES.contains(scope));
    if let Some(scope) = foreign.filter(|_| machine) {
        return refused(format!(
            "{scope} is not supported with client_credentials flow"
        ));
    }
    if user && input.texts("CallbackURLs").next().is_none() {
        return refused(
            "CallbackUrls can not be empty when code flow or implicit flow is selected".to_owned(),
        );
    }
    Ok(())
}

/// The older names of the sign-in flows do not go together with the newer ones.
fn sign_in(input: Input<'_>) -> Result<(), ApiError> {
    let flows = || input.texts("ExplicitAuthFlows");
    let is_new = |flow: &str| flow.starts_with("ALLOW_");
    if flows().any(is_new) && !flows().all(is_new) {
        return Err(ApiError::invalid(
            "ExplicitAuthFlows cannot mix legacy values with values that begin with ALLOW_.",
        ));
    }
    Ok(())
}

fn scopes(pool: &Pool, input: Input<'_>) -> Result<(), ApiError> {
    let unknown = input
        .texts("AllowedOAuthScopes")
        .find(|scope| !USER_SCOPES.contains(scope) && !pool.defines(scope));
    match unknown {
        Some(scope) => Err(ApiError::new(
            "ScopeDoesNotExistException",
            format!("Invalid scope requested: {scope}"),
        )),
        None => Ok(()),
    }
}

/// Plain HTTP is for this machine only; the default redirect is one of the callbacks.
fn urls(input: Input<'_>) -> Result<(), ApiError> {
    let local = |url: &str| {
        ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
            url.strip_prefix(host)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
        })
    };
    let mut all = ["CallbackURLs", "LogoutURLs"]
        .into_iter()
        .flat_map(|name| input.texts(name));
    let plain = all.find(|url| url.strip_prefix("http://").is_some_and(|rest| !local(rest)));
    if let Some(url) = plain {
        return Err(ApiError::invalid(format!(
            "{url} cannot use the HTTP protocol."
        )));
    }
    let default = input.given("DefaultRedirectURI");
    if default.is_some_and(|default| !input.texts("CallbackURLs").any(|url| url == default)) {
        return Err(ApiError::invalid(
            "DefaultRedirectURI must be in the list of CallbackURLs.",
        ));
    }
    Ok(())
}

/// Access and ID tokens live five minutes to a day, refresh tokens an hour to ten years.
fn lifetimes(input: Input<'_>) -> Result<(), ApiError> {
    let units = input.inside("TokenValidityUnits");
    let short = (5 * MINUTE, DAY);
    let long = (HOUR, 3650 * DAY);
    for (token, default, (least, most)) in [
        ("AccessToken", HOUR, short),
        ("IdToken", HOUR, short),
        ("RefreshToken", DAY, long),
    ] {
        let unit = match units.and_then(|units| units.given(token)) {
            Some("seconds") => 1,
            Some("minutes") => MINUTE,
            Some("hours") => HOUR,
            Some("days") => DAY,
            _ => default,
        };
        let validity = input.number(&format!("{token}Validity"));
        // Zero is a refresh token's way to ask for the default.
        let seconds = validity
            .filter(|count| *count != 0)
            .map(|count| count * unit);
        if seconds.is_some_and(|seconds| !(least..=most).contains(&seconds)) {
            return Err(ApiError::invalid("Invalid range for token validity."));
        }
    }
    Ok(())
}

/// Identity providers are not among the operations here, so a pool has those that its clients already use.
fn providers(pool: &Pool, input: Input<'_>) -> Result<(), ApiError> {
    const LIST: &str = "SupportedIdentityProviders";
    let used = |name| {
        pool.clients
            .iter()
            .any(|client| client.list(LIST).contains(&name))
    };
    let unknown = input
        .texts(LIST)
        .find(|name| *name != "COGNITO" && !used(*name));
    match unknown {
        Some(name) => Err(ApiError::invalid(format!(
            "The provider {name} does not exist for User Pool {}.",
            pool.id
        ))),
        None => Ok(()),
    }
}

fn attributes(pool: &Pool, input: Input<'_>, doing: &str) -> Result<(), ApiError> {
    let Some(schema) = pool
        .settings
        .get("SchemaAttributes")
        .and_then(|s| s.as_array())
    else {
        return Ok(());
    };
    for (member, word) in [("ReadAttributes", "read"), ("WriteAttributes", "write")] {
        let unknown = |name: &str| !schema.iter().any(|attribute| is_named(attribute, name));
        if input.texts(member).any(unknown) {
            return Err(ApiError::invalid(format!(
                "Invalid {word} attributes specified while {doing} a client"
            )));
        }
    }
    Ok(())
}
