//! What a pool is, as labelled values: for its overview, and for the preview beside the list of pools.

use crate::app::screen::View;
use crate::domain::hosts;
use crate::domain::pool::{IssuerType, UserPool};
use crate::ui::facts::Fact;
use crate::ui::theme::Tone;

/// The few settings that matter for machine-to-machine tokens.
pub fn summary(pool: &UserPool) -> Vec<Fact<'_>> {
    let mut lines = Vec::new();
    let tier = pool.tier.as_deref().unwrap_or("not told");
    lines.push(Fact::new("Feature plan", tier.to_owned()).note("UserPoolTier"));
    lines.push(if pool.deletion_protection {
        Fact::new("Deletion", "protected").note("DeletionProtection")
    } else {
        Fact::new("Deletion", "not protected")
            .tone(Tone::Warn)
            .note("DeletionProtection")
    });
    match (&pool.prefix_domain, &pool.custom_domain) {
        (None, None) => lines.push(
            Fact::new("Domain", "none")
                .tone(Tone::Warn)
                .note("without one the pool has no token endpoint"),
        ),
        (prefix, custom) => {
            lines.extend(
                custom
                    .iter()
                    .map(|name| Fact::new("Custom domain", name.as_str())),
            );
            lines.extend(
                prefix
                    .iter()
                    .map(|name| Fact::new("Prefix domain", name.as_str())),
            );
        }
    }
    lines.push(match &pool.pre_token_trigger {
        None => Fact::new("Token trigger", "none"),
        Some(trigger) if trigger.fires_for_m2m() => {
            Fact::new("Token trigger", trigger.version.as_str())
                .tone(Tone::Warn)
                .note("may change the scopes and claims of M2M tokens")
        }
        Some(trigger) => Fact::new("Token trigger", trigger.version.as_str())
            .note("does not fire for M2M: only V3_0 does"),
    });
    lines
}

/// The pool's token endpoint as Cognito names it, by the pool's domain, and where this session asks for tokens if that is
/// somewhere else.
pub fn token_endpoint<'a>(pool: &'a UserPool, view: &View<'a>) -> Vec<Fact<'a>> {
    let mut lines = vec![match hosts::token_endpoint(pool) {
        Some(url) => Fact::new("Token endpoint", url),
        None if pool.has_domain() => Fact::new("Token endpoint", "not known in this Region"),
        None => Fact::new("Token endpoint", "none")
            .tone(Tone::Warn)
            .note("add a domain, or use GetClientToken"),
    }];
    lines.extend(asked_here(pool, view));
    lines
}

/// Where this session asks for the pool's tokens, if not at one of its domains.
pub fn asked_here<'a>(pool: &UserPool, view: &View<'a>) -> Option<Fact<'a>> {
    let asked = view.store.token_endpoint(&pool.id)?;
    let own = hosts::token_endpoints(pool);
    (!own.iter().any(|own| own == asked))
        .then(|| Fact::new("Asked here", asked).note("by this session, in its place"))
}

/// Token endpoint, issuer and JWKS URL.
pub fn endpoints<'a>(pool: &'a UserPool, view: &View<'a>) -> Vec<Fact<'a>> {
    let mut lines = token_endpoint(pool, view);
    if let Some(issuer) = hosts::issuer(pool) {
        let kind = match pool.issuer {
            IssuerType::Original => "",
            IssuerType::Updated => "IssuerConfiguration UPDATED",
        };
        lines.push(Fact::new("Issuer", issuer).note(kind));
    }
    if let Some(url) = hosts::jwks_url(pool) {
        lines.push(Fact::new("JWKS", url));
    }
    lines
}
