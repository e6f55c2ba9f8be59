//! The combinations of an app client's settings that the service refuses, and its messages.

use super::super::errors::ApiError;
use super::super::state::{ClientType, Pool, REGISTER_SCOPE};
use super::settings::is_named;
use super::{Input, pool_settings};

/// Scopes that belong to no resource server: they concern a user, so no machine gets them.
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

/// The client that a request creates or changes.
#[derive(Clone, Copy)]
pub struct Subject {
    /// Whether it has a secret.
    pub confidential: bool,
    pub client_type: ClientType,
    /// "creating" or "updating", as in the messages.
    pub doing: &'static str,
}

/// Checks the client that a request leads to.
pub fn check(pool: &Pool, input: Input<'_>, subject: Subject) -> Result<(), ApiError> {
    oauth(input)?;
    flows(input, subject.confidential)?;
    sign_in(pool, input)?;
    scopes(pool, input, subject.client_type)?;
    urls(input)?;
    lifetimes(input)?;
    context(input, subject.confidential)?;
    analytics(input)?;
    providers(pool, input)?;
    attributes(pool, input, subject.doing)
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

/// Checks the sign-in flows: old names do not mix with new ones, nor a rotating refresh token with one that does not rotate.
fn sign_in(pool: &Pool, input: Input<'_>) -> Result<(), ApiError> {
    let flows = || input.texts("ExplicitAuthFlows");
    let is_new = |flow: &str| flow.starts_with("ALLOW_");
    if flows().any(is_new) && !flows().all(is_new) {
        return Err(ApiError::invalid(
            "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
        ));
    }
    let rotation = input.inside("RefreshTokenRotation");
    let rotates = rotation.and_then(|rotation| rotation.given("Feature")) == Some("ENABLED");
    if rotates && flows().any(|flow| flow == "ALLOW_REFRESH_TOKEN_AUTH") {
        return Err(ApiError::invalid(
            "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled",
        ));
    }
    let tier = pool_settings::tier(&pool.settings);
    if tier == "LITE" && flows().any(|flow| flow == "ALLOW_USER_AUTH") {
        let name = "FeatureUnavailableInTierException";
        return Err(pool_settings::lacks(name, tier, "Choice-Based Sign-In"));
    }
    Ok(())
}

/// Checks the scopes: they belong to the pool's resource servers, except those of a user and the one that lets a machine register
/// clients.
fn scopes(pool: &Pool, input: Input<'_>, client_type: ClientType) -> Result<(), ApiError> {
    let machine = input
        .texts("AllowedOAuthFlows")
        .any(|flow| flow == "client_credentials");
    let unknown = input
        .texts("AllowedOAuthScopes")
        .find(|scope| match *scope {
            REGISTER_SCOPE => client_type != ClientType::Regular || !machine,
            scope => !USER_SCOPES.contains(&scope) && !pool.defines(scope),
        });
    match unknown {
        Some(scope) => Err(ApiError::new(
            "ScopeDoesNotExistException",
            format!("Invalid scope requested: {scope}"),
        )),
        None => Ok(()),
    }
}

/// Returns why the service refuses a callback URL: plain HTTP is for this machine only, and fragments are not allowed.
pub fn bad_callback(url: &str) -> Option<String> {
    if url.contains('#') {
        Some(format!("{url} cannot use fragment"))
    } else {
        plain_http(url)
    }
}

fn plain_http(url: &str) -> Option<String> {
    let rest = url.strip_prefix("http://")?;
    let is_local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        rest.strip_prefix(host)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
    });
    (!is_local).then(|| format!("{url} cannot use the HTTP protocol."))
}

/// Checks the URLs, and that the default redirect is a callback URL.
fn urls(input: Input<'_>) -> Result<(), ApiError> {
    let callback = input.texts("CallbackURLs").find_map(bad_callback);
    if let Some(why) = callback.or_else(|| input.texts("LogoutURLs").find_map(plain_http)) {
        return Err(ApiError::invalid(why));
    }
    let default = input.given("DefaultRedirectURI");
    match default.filter(|default| !input.texts("CallbackURLs").any(|url| url == *default)) {
        Some(default) => Err(ApiError::invalid(format!(
            "The default redirect URI {default} is not in the callback URIs list."
        ))),
        None => Ok(()),
    }
}

/// Checks the lifetimes: access and ID tokens five minutes to a day, refresh tokens an hour to ten years, and no shorter than the
/// others.
fn lifetimes(input: Input<'_>) -> Result<(), ApiError> {
    let short = (5 * MINUTE, DAY);
    let access = lifetime(input, "AccessToken", HOUR, short)?.unwrap_or(HOUR);
    let id = lifetime(input, "IdToken", HOUR, short)?.unwrap_or(HOUR);
    let refresh = lifetime(input, "RefreshToken", DAY, (HOUR, 3650 * DAY))?;
    if access.max(id) > refresh.unwrap_or(30 * DAY) {
        return Err(ApiError::invalid(
            "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
        ));
    }
    Ok(())
}

/// Returns the requested lifetime of a kind of token in seconds; `None` for the default. A count without a unit is in `unit`.
fn lifetime(
    input: Input<'_>,
    token: &str,
    unit: i64,
    (least, most): (i64, i64),
) -> Result<Option<i64>, ApiError> {
    let units = input.inside("TokenValidityUnits");
    let unit = match units.and_then(|units| units.given(token)) {
        Some("seconds") => 1,
        Some("minutes") => MINUTE,
        Some("hours") => HOUR,
        Some("days") => DAY,
        _ => unit,
    };
    let validity = input.number(&format!("{token}Validity"));
    // Zero is a refresh token's default.
    let seconds = validity
        .filter(|count| *count != 0)
        .map(|count| count * unit);
    match seconds {
        Some(seconds) if !(least..=most).contains(&seconds) => {
            Err(ApiError::invalid("Invalid range for token validity."))
        }
        seconds => Ok(seconds),
    }
}

fn context(input: Input<'_>, confidential: bool) -> Result<(), ApiError> {
    if input.flag("EnablePropagateAdditionalUserContextData") && !confidential {
        return Err(ApiError::invalid(
            "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
        ));
    }
    Ok(())
}

/// Checks that a Pinpoint application is named by its ARN, or by its id and a role that may write to it.
fn analytics(input: Input<'_>) -> Result<(), ApiError> {
    let Some(given) = input.inside("AnalyticsConfiguration") else {
        return Ok(());
    };
    let parts = ["ApplicationId", "RoleArn", "ExternalId"];
    let valid = if given.has("ApplicationArn") {
        !parts.iter().any(|part| given.has(part))
    } else {
        given.has("ApplicationId") == given.has("RoleArn")
    };
    if valid {
        return Ok(());
    }
    Err(ApiError::invalid(
        "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid",
    ))
}

/// Checks the identity providers: no operation here creates them, so a pool has those that its clients already use.
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
