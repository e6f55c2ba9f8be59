//! Where each refusal of this program has its rule from. What has no source here is a warning, and Cognito decides.

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The API's model, by the name of a shape.
    Model(&'static str),
    /// The Developer Guide, "Quotas": of those, the ones that are fixed.
    Quota,
    /// What Cognito answers.
    Answer(&'static str),
    /// A page of AWS's documentation.
    Guide(&'static str),
    /// No rule of AWS: it keeps the program or its user from harm.
    Ours(&'static str),
}

/// A rule for the settings of an app client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    Name,
    MachineNeedsSecret,
    MachineFlowAlone,
    OAuthNeedsFlows,
    OAuthNeedsScopes,
    ScopesPerClient,
    SignInScope,
    ScopeExists,
    FullScope,
    UrlsPerClient,
    Url,
    UrlWithoutTls,
    SignInNeedsCallback,
    DefaultRedirect,
    AuthFlowKinds,
    AccessLife,
    IdLife,
    RefreshLife,
}

impl Rule {
    /// Who says so.
    #[must_use]
    pub const fn source(self) -> Source {
        const BOTH: Source = Source::Answer(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        );
        match self {
            Self::Name => Source::Model("ClientNameType"),
            Self::MachineNeedsSecret => Source::Answer(
                "client_credentials flow can not be selected if client does not have a client secret.",
            ),
            Self::MachineFlowAlone => Source::Answer(
                "client_credentials flow can not be selected along with code flow or implicit flow.",
            ),
            Self::OAuthNeedsFlows | Self::OAuthNeedsScopes => BOTH,
            Self::ScopesPerClient | Self::UrlsPerClient => Source::Quota,
            Self::SignInScope => {
                Source::Answer("openid is not supported with client_credentials flow")
            }
            Self::ScopeExists => Source::Answer("Invalid scope requested: <scope>"),
            Self::FullScope => Source::Model("ScopeType"),
            Self::Url => Source::Model("RedirectUrlType"),
            Self::UrlWithoutTls => {
                Source::Guide("API reference, CreateUserPoolClient, CallbackURLs")
            }
            Self::SignInNeedsCallback => Source::Answer(
                "CallbackUrls can not be empty when code flow or implicit flow is selected",
            ),
            Self::DefaultRedirect => {
                Source::Answer("The default redirect URI <u> is not in the callback URIs list.")
            }
            Self::AuthFlowKinds => Source::Answer(
                "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
            ),
            Self::AccessLife => Source::Model("AccessTokenValidityType"),
            Self::IdLife => Source::Model("IdTokenValidityType"),
            Self::RefreshLife => Source::Model("RefreshTokenValidityType"),
        }
    }
}

/// The functions of [`limits`](super::limits) that refuse.
pub const LIMITS: &[(&str, Source)] = &[
    ("client_name", Source::Model("ClientNameType")),
    ("pool_name", Source::Model("UserPoolNameType")),
    ("tags", Source::Model("TagKeysType")),
    ("resource_server", Source::Model("ResourceServerType")),
    (
        "resource_server_identifier",
        Source::Model("ResourceServerIdentifierType"),
    ),
    (
        "resource_server_name",
        Source::Model("ResourceServerNameType"),
    ),
    ("scope_name", Source::Model("ResourceServerScopeNameType")),
    (
        "scope_description",
        Source::Model("ResourceServerScopeDescriptionType"),
    ),
    ("full_scope", Source::Model("ScopeType")),
    (
        "domain_prefix",
        Source::Answer("Domain cannot contain reserved word: aws"),
    ),
    (
        "managed_login",
        Source::Answer(
            "The following feature is not available for the LITE pricing tier configured: Managed Login Version 2",
        ),
    ),
    (
        "access_token_validity",
        Source::Model("AccessTokenValidityType"),
    ),
    ("id_token_validity", Source::Model("IdTokenValidityType")),
    (
        "refresh_token_validity",
        Source::Model("RefreshTokenValidityType"),
    ),
    ("url", Source::Model("RedirectUrlType")),
    ("client_secret", Source::Model("ClientSecretType")),
    (
        "secret_to_send",
        Source::Ours("a value that no generator of secrets makes is a wrong paste: it is not sent"),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_that_refuses_has_its_source() {
        let code = include_str!("limits/mod.rs");
        let code = code.split("#[cfg(test)]").next().unwrap();
        let refusing: Vec<&str> = code
            .split("\npub fn ")
            .skip(1)
            .filter(|text| {
                let head = text.split('{').next().unwrap();
                head.contains("-> Result<(), Objection>")
            })
            .map(|text| text.split('(').next().unwrap())
            .collect();
        assert!(refusing.len() > 10, "{refusing:?}");
        let known: Vec<&str> = LIMITS.iter().map(|(name, _)| *name).collect();
        assert_eq!(refusing, known);
    }
}
